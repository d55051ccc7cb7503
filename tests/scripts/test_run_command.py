"""./run: the supervisor with a real web server, worker and beat."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from scripts.settings import PROJECT_ROOT
from tests.support.loopback.servers import free_port

LEFT_OUT = ("SECRET_KEY", "SITE_URL", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "HOST")
READY_TIMEOUT_SECONDS = 150  # seconds; both processors may be busy with other tests


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One data folder for all of these tests."""
    inherited = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    data = str(tmp_path_factory.mktemp("data"))
    return {**inherited, "NEWSROOM_DATA": data, "PORT": str(free_port()), "DEMO": "0"}


@pytest.fixture
def newsroom(environment: dict[str, str], tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A started newsroom that is ready; its log is in `tmp_path`."""
    with (tmp_path / "log").open("wb") as log:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "scripts.serve"],
            cwd=PROJECT_ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        assert within(READY_TIMEOUT_SECONDS, lambda: answers(environment)), (
            tmp_path / "log"
        ).read_text()
        yield supervisor
    finally:
        supervisor.terminate()
        supervisor.wait(20)


def answers(environment: dict[str, str]) -> bool:
    address = f"http://127.0.0.1:{environment['PORT']}/health/ready"
    with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5) as status:
        return bool(status.status == 200)
    return False


def within(seconds: float, happened: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def descendants(pid: int) -> dict[int, str]:
    """Every running descendant of `pid`, with its command."""
    listing = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,stat=,args="],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rows = [line.split(None, 3) for line in listing.splitlines()]
    processes: dict[int, str] = {}
    wave = {pid}
    while wave:
        below = {int(r[0]): r[3] for r in rows if int(r[1]) in wave and not r[2].startswith("Z")}
        processes |= below
        wave = set(below)
    return processes


def alive(pids: Iterable[int]) -> bool:
    return any(
        Path(f"/proc/{pid}/stat").exists()
        and not re.search(r"\) Z ", Path(f"/proc/{pid}/stat").read_text())
        for pid in pids
    )


def test_run_starts_web_and_worker_and_stops_both_on_sigterm(
    newsroom: subprocess.Popen[bytes],
) -> None:
    running = descendants(newsroom.pid)
    for program in ("granian", "celery.* worker"):
        assert any(re.search(program, command) for command in running.values()), program

    newsroom.send_signal(signal.SIGTERM)

    assert newsroom.wait(15) == 0
    assert within(2, lambda: not alive(running))


def test_killed_worker_is_restarted(newsroom: subprocess.Popen[bytes]) -> None:
    def worker() -> int:
        processes = descendants(newsroom.pid).items()
        return next((pid for pid, command in processes if " worker " in command), 0)

    assert within(5, lambda: worker() != 0)
    first = worker()

    os.kill(first, signal.SIGKILL)

    assert within(10, lambda: worker() not in {0, first})


def test_no_process_is_left_when_the_supervisor_is_killed(
    newsroom: subprocess.Popen[bytes],
) -> None:
    running = descendants(newsroom.pid)

    newsroom.kill()
    newsroom.wait()

    assert within(15, lambda: not alive(running))


def test_second_start_is_quick(
    newsroom: subprocess.Popen[bytes], environment: dict[str, str], tmp_path: Path
) -> None:
    newsroom.terminate()
    newsroom.wait(20)
    started_at = time.monotonic()
    again = subprocess.Popen(
        [sys.executable, "-m", "scripts.serve"],
        cwd=PROJECT_ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        # Five seconds is the promise to a person; here the rest of the suite runs beside it.
        assert within(20, lambda: answers(environment)), time.monotonic() - started_at
    finally:
        again.terminate()
        again.wait(20)


@pytest.mark.parametrize(("argument", "status"), [("--help", 0), ("-h", 0), ("start", 2)])
def test_an_argument_starts_nothing_and_says_how_it_is_configured(
    argument: str, status: int
) -> None:
    command = ["sh", str(PROJECT_ROOT / "run"), argument]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    text = result.stderr if status else result.stdout
    assert (result.returncode, ".env.example" in text) == (status, True)
