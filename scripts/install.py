"""Installer of ./run: makes .venv hold what requirements/LOCK.txt locks, then becomes .venv/bin/python.

`python -m scripts.install LOCK [ARGUMENTS...]`, standard library only. An unchanged lock costs one
read. A start that was killed while installing leaves a marker file, and the next one starts over.
"""

import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.errors import StartError, exit_with_message

PROJECT_ROOT = Path(__file__).resolve().parent.parent
VENV = PROJECT_ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
INSTALLED_FILE = VENV / "installed.json"
INCOMPLETE_FILE = VENV / "half-made"
# Not sys.executable: that may be in the .venv that is to be made again.
BASE_PYTHON = getattr(sys, "_base_executable", sys.executable)
LOCKS_FOLDER = PROJECT_ROOT / "requirements"
# Which locks an installation satisfies: every pin of run.txt is in dev.txt.
LOCK_CONTENTS = {"dev": ("run", "dev")}
NETWORK_ERROR_PHRASES = (
    "failed to fetch",
    "error sending request",
    "dns error",
    "connection",
    "name resolution",
    "max retries",
    "proxyerror",
    "timed out",
    "no matching distribution",
    "urlopen error",
)


def main(arguments: list[str]) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with exit_with_message():
        lock, *command = arguments
        if not is_installed(lock):
            install_under_lock(lock)
        if command:
            os.execv(PYTHON, [str(PYTHON), *command])  # noqa: S606 -- no shell is meant


def is_installed(lock: str) -> bool:
    """Whether .venv was completed with this lock and its interpreter still exists."""
    return os.access(PYTHON, os.X_OK) and not INCOMPLETE_FILE.exists() and lock in installed_locks()


def installed_locks() -> list[str]:
    """The locks that .venv satisfies, unchanged, with the interpreter that it has."""
    try:
        stamp = json.loads(INSTALLED_FILE.read_text())
    except (OSError, ValueError):
        return []
    if stamp["python"] != interpreter_path():
        return []
    return [lock for lock, was in stamp["locks"].items() if was == lock_fingerprint(lock)]


def interpreter_path() -> str:
    return os.path.realpath(PYTHON)


def lock_fingerprint(lock: str) -> str:
    return hashlib.sha256((LOCKS_FOLDER / f"{lock}.txt").read_bytes()).hexdigest()


def install_under_lock(lock: str) -> None:
    """Install while no other start of this project does."""
    with install_lock() as descriptor:
        if is_installed(lock):
            return
        ensure_venv()
        INCOMPLETE_FILE.touch()
        INSTALLED_FILE.unlink(missing_ok=True)
        print(
            "파이썬 패키지를 설치합니다. 처음 한 번은 1분쯤 걸립니다. (Installing packages.)",
            flush=True,
        )
        install_packages(LOCKS_FOLDER / f"{lock}.txt", descriptor)
        locks = {name: lock_fingerprint(name) for name in LOCK_CONTENTS.get(lock, (lock,))}
        INSTALLED_FILE.write_text(json.dumps({"python": interpreter_path(), "locks": locks}))
        INCOMPLETE_FILE.unlink()


@contextmanager
def install_lock() -> Iterator[int]:
    """Lock the project folder; the installer inherits the lock, so it outlives a killed start."""
    descriptor = os.open(PROJECT_ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("다른 설치가 끝나기를 기다립니다. (Waiting for another start.)", flush=True)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def ensure_venv() -> None:
    """Make .venv, or make it again where it is incomplete or its interpreter does not start."""
    if not INCOMPLETE_FILE.exists() and succeeds([str(PYTHON), "-c", ""]):
        return
    try:
        if VENV.is_dir():
            shutil.rmtree(VENV)
    except OSError as error:
        # With the full path; rmtree gives a file's name without its folder.
        raise OSError(error.errno, error.strerror, str(VENV)) from None
    VENV.mkdir()
    INCOMPLETE_FILE.touch()
    result = subprocess.run(
        [BASE_PYTHON, "-m", "venv", "--without-pip", str(VENV)],
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise StartError(
            f"가상 환경을 만들지 못했습니다: {last_line(result.stderr + result.stdout)}\n"
            "  데비안·우분투라면 sudo apt install python3-venv 뒤에 다시 실행해 주세요.",
            "The virtual environment could not be made; Debian calls the package python3-venv.",
        )


def install_packages(lock: Path, descriptor: int) -> None:
    """Install the locked packages into .venv by uv or by pip, whichever there is.

    Raises StartError with the installer's last lines.
    """
    output = ""
    for command in installers():
        result = subprocess.run(
            [*command, "--require-hashes", "--only-binary", ":all:", "-r", str(lock)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            env=installer_environment(),
            pass_fds=(descriptor,),
        )
        if result.returncode == 0:
            return
        output = result.stdout
    lines = [line for line in output.splitlines() if line and not line.startswith("WARNING")]
    print("\n".join(lines[-5:]), file=sys.stderr)
    raise install_error(output)


def installers() -> Iterator[list[str]]:
    """The install commands, best first; the next is for where one failed."""
    if succeeds(["uv", "--version"]):
        yield ["uv", "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON)]
    options = ["install", "--quiet", "--progress-bar", "off", "--retries", "2"]
    # This wheel is not installed, which ensurepip (not there on Debian without python3-venv) takes 4 s for.
    yield [str(PYTHON), str(bundled_pip() / "pip"), *options]


def bundled_pip() -> Path:
    """pip's wheel, which runs without being installed."""
    return next(LOCKS_FOLDER.glob("pip-*-py3-none-any.whl"))


def succeeds(command: list[str]) -> bool:
    """Whether a command exits with 0."""
    try:
        result = subprocess.run(
            command, capture_output=True, check=False, env=installer_environment()
        )
    except OSError:
        return False
    return result.returncode == 0


def installer_environment() -> dict[str, str]:
    """The environment of installers: nothing outside .venv, no cache where HOME is not writable."""
    overrides = {
        "PIP_USER": "0",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_NO_PROGRESS": "1",
    }
    if not os.access(Path("~").expanduser(), os.W_OK):
        overrides |= {"UV_NO_CACHE": "1", "PIP_NO_CACHE_DIR": "1"}
    return {**os.environ, **overrides}


def install_error(output: str) -> StartError:
    """The StartError that fits the installer's output."""
    lowered = output.lower()
    if "no space left" in lowered:
        return StartError(
            "디스크가 가득 차서 설치하지 못했습니다. 자리를 비운 뒤 다시 실행해 주세요.",
            "The disk is full; free some space and start again.",
        )
    if any(phrase in lowered for phrase in NETWORK_ERROR_PHRASES):
        return StartError(
            "패키지 저장소에 닿지 못했습니다. 인터넷 연결이나 프록시·PIP_INDEX_URL 설정을 "
            "확인한 뒤 다시 실행해 주세요.",
            "The package registry cannot be reached; check the network, the proxy, PIP_INDEX_URL.",
        )
    return StartError(
        "패키지를 설치하지 못했습니다. 위에 설치 도구가 남긴 말이 있습니다.",
        "The packages could not be installed; the installer's own words are above.",
    )


def last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2]


if __name__ == "__main__":
    main(sys.argv[1:])
