"""What must be true before the children start: a free port, a folder to write in, a secret key."""

import errno
import fcntl
import os
import secrets
import shutil
import socket
import stat
import time
from collections.abc import Callable
from pathlib import Path

from scripts.errors import StartError
from scripts.settings import RunSettings

RETRY_TIMEOUT_SECONDS = 3.0
# Less than what /health/ready needs to find a disk writable (newsroom/observability/storage_probe.py).
RESERVE_BYTES = 512 * 1024


def run_preflight_checks(settings: RunSettings) -> int:
    """Everything that needs no Django. Returns the descriptor that holds the folder's lock.

    Raises Trouble, or OSError from the folder.
    """
    make_private_folder(settings.data)
    hold = lock_data_folder(settings.data)
    # Figures of the last start: nobody counts on in them, and names may have changed since.
    shutil.rmtree(settings.data / "metrics", ignore_errors=True)
    release_reserve(settings.data)
    check_port(settings.host, settings.port)
    ensure_secret_key(settings.data / "secret_key")
    return hold


def make_private_folder(data: Path) -> None:
    """Make the data folder with mode 0700, and give one of ours that was open before that mode.

    A folder that all users share, such as /tmp (sticky), stays as it is.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = data.stat()
    if found.st_uid == os.geteuid() and not found.st_mode & stat.S_ISVTX:
        data.chmod(0o700)


def lock_data_folder(data: Path) -> int:
    """Keep a second ./run away from the same folder until this process ends, however it ends."""
    hold = os.open(data / "running", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        retry_briefly(lambda: fcntl.flock(hold, fcntl.LOCK_EX | fcntl.LOCK_NB))
    except BlockingIOError:
        raise StartError(
            f"{data}에서 이미 뉴스룸이 돌고 있습니다. 그것을 멈추거나 NEWSROOM_DATA를 바꿔 주세요.",
            f"A newsroom already runs on {data}: stop it, or set NEWSROOM_DATA.",
        ) from None
    return hold


def mark_running(hold: int) -> bool:
    """Write into the lock file that processes run; whether the last start ended without its note.

    Then it was killed, or the power went, and what lies in the folder may be damaged.
    """
    ended_uncleanly = os.fstat(hold).st_size > 0
    os.pwrite(hold, f"{os.getpid()}\n".encode(), 0)
    os.fsync(hold)
    return ended_uncleanly


def mark_clean_exit(hold: int) -> None:
    """Take the note back: every process of this start has ended as it should."""
    os.ftruncate(hold, 0)


def release_reserve(data: Path) -> None:
    """Give back what was kept for a start on a full disk: SQLite cannot even be read without room for
    the index of its log."""
    (data / "reserve").unlink(missing_ok=True)


def allocate_reserve(data: Path) -> None:
    """Keep some room for the next start; none where the disk has none to give."""
    reserve = data / "reserve"
    try:
        with reserve.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, RESERVE_BYTES)
    except OSError as error:
        reserve.unlink(missing_ok=True)
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise


def check_port(host: str, port: int) -> None:
    """Nobody listens there, and this user may.

    A start that was killed needs a moment to let go.
    """
    try:
        retry_briefly(lambda: try_listening(host, port))
    except OSError as error:
        raise port_error(host, port, error) from None


def try_listening(host: str, port: int) -> None:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with socket.socket(family, kind, protocol) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind(address)
        trial.listen(1)


def port_error(host: str, port: int, error: OSError) -> StartError:
    if error.errno == errno.EADDRINUSE:
        return StartError(
            f"{port}번 포트를 다른 프로그램이 쓰고 있습니다. PORT={port + 1} ./run 처럼 "
            "다른 번호로 시작해 주세요.",
            f"Port {port} is taken; start with another, such as PORT={port + 1} ./run",
        )
    if error.errno == errno.EACCES:
        return StartError(
            f"{port}번 포트는 이 사용자가 열 수 없습니다. 1024 이상의 PORT를 써 주세요.",
            f"This user may not open port {port}; choose a PORT of 1024 or more.",
        )
    return StartError(
        f"HOST={host} 주소에서 들을 수 없습니다: {error.strerror}",
        f"HOST={host} is no address of this machine: {error.strerror}",
    )


def retry_briefly(attempt: Callable[[], object]) -> None:
    """Try until it works, for a few seconds at most; then the refusal itself."""
    until = time.monotonic() + RETRY_TIMEOUT_SECONDS
    while True:
        try:
            attempt()
        except OSError as error:
            passing = error.errno in {errno.EADDRINUSE, errno.EAGAIN}
            if not passing or time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def ensure_secret_key(path: Path) -> None:
    """A key that stays: made once, readable by its owner alone, never half-written."""
    if os.environ.get("SECRET_KEY") or path.exists():
        return
    fresh = path.with_name(f"secret_key.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(secrets.token_urlsafe(64))
    fresh.replace(path)
