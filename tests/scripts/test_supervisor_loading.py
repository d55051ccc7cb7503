"""Children of the supervisor that load beside the preparation of the data, and go on after it."""

import sys
import time
from pathlib import Path

import pytest

from scripts.supervisor import ChildProcess, Supervisor

# Says that it is loaded, waits for the end of its input, and says how often it was started.
LOADING = """
import sys, time
from pathlib import Path
starts = Path({starts!r})
starts.write_text(starts.read_text() + "x" if starts.exists() else "x")
print("loaded", flush=True)
sys.stdin.read()
print("started", len(starts.read_text()), flush=True)
time.sleep(60)
"""


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def starts(tmp_path: Path) -> Path:
    return tmp_path / "starts"


@pytest.fixture
def supervisor(starts: Path, lines: list[str]) -> Supervisor:
    command = [sys.executable, "-c", LOADING.format(starts=str(starts))]
    web = ChildProcess("web", command, environment={}, awaits_input=True)
    other = ChildProcess(
        "worker", [sys.executable, "-c", "print('up')"], environment={}, awaits_input=False
    )
    return Supervisor([web, other], working_folder=Path("/"), write_line=lines.append)


def run_until(supervisor: Supervisor, lines: list[str], *expected: str) -> None:
    """Run the supervisor until the lines were written; then stop it."""
    until = time.monotonic() + 60

    def stop_when_written() -> None:
        if set(expected) <= set(lines) or time.monotonic() > until:
            supervisor.stop()

    supervisor.run(stop_when_written)
    assert set(expected) <= set(lines)


def wait_for(file: Path) -> None:
    until = time.monotonic() + 60
    while not file.exists():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_child_loads_beside_the_block_and_goes_on_after_it(
    supervisor: Supervisor, starts: Path, lines: list[str]
) -> None:
    with supervisor.children_loading():
        wait_for(starts)
        assert lines == []  # nothing is printed before the data are prepared
    run_until(supervisor, lines, "web    | loaded", "web    | started 1", "worker | up")


def test_child_that_is_started_again_does_not_wait(
    supervisor: Supervisor, starts: Path, lines: list[str]
) -> None:
    web = supervisor.children[0]
    with supervisor.children_loading():
        wait_for(starts)
        web.kill_group()
    run_until(supervisor, lines, "web    | started 2")
    assert "web    | started 2" in lines


def test_block_that_fails_leaves_no_child_and_no_output(
    supervisor: Supervisor, starts: Path, lines: list[str]
) -> None:
    web = supervisor.children[0]

    def fail_beside_it() -> None:
        with supervisor.children_loading():
            wait_for(starts)
            raise LookupError

    with pytest.raises(LookupError):
        fail_beside_it()
    assert web.process is not None
    assert web.process.wait(10) == -9
    assert lines == []
