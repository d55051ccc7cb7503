"""Processes for tests: management commands, Celery workers and beats over one database."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[3]
CELERY = [sys.executable, "-m", "celery", "--app", "newsroom", "--quiet"]
# Until processes that were started do what they are for; both processors may be busy with other tests.
PROCESS_START_TIMEOUT_SECONDS = 150.0
WORKER = [*CELERY, "worker", "--concurrency=2", "--without-gossip", "--without-mingle"]


def process_environment(folder: Path, **over: str) -> dict[str, str]:
    """Environment variables of a process with a data folder of its own."""
    keep = {"NEWSROOM_DATA": str(folder), "SECRET_KEY": "for processes of tests, long enough"}
    # Readers of these processes comment at once, as in tests/settings.py.
    keep |= {"NEW_ACCOUNT_WAIT_MINUTES": "0", "HELD_FIRST_COMMENTS": "0"}
    return (
        os.environ
        | keep
        | {"DJANGO_SETTINGS_MODULE": "newsroom.settings", "LOG_LEVEL": "WARNING"}
        | over
    )


def run_manage_command(env: dict[str, str], *arguments: str) -> str:
    """Output of a management command. Raises CalledProcessError where it fails."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=PROJECT_ROOT, env=env, capture_output=True, text=True, check=True
    )
    return done.stdout


@contextmanager
def running_process(
    command: list[str], env: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process for the length of the block: SIGTERM at its end, SIGKILL ten seconds later."""
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=PROJECT_ROOT, env=env, stdout=out, stderr=out)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def workers_and_beats(
    env: dict[str, str], folder: Path, *, workers: int, beats: int, pool: str
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Workers and beats, all at once. Without REDIS_URL there is one worker, which is the one beat too."""
    if not env.get("REDIS_URL"):
        assert workers == beats == 1, "several need a broker: REDIS_URL"
        beats = 0
    with ExitStack() as stack:
        yield [
            *(
                stack.enter_context(
                    running_process(
                        [*WORKER, f"--pool={pool}", f"--hostname=w{n}@%h"],
                        env,
                        folder / f"worker{n}.log",
                    )
                )
                for n in range(workers)
            ),
            *(
                stack.enter_context(
                    running_process(
                        [*CELERY, "beat", f"--schedule={folder / f'beat{n}'}", "--pidfile="],
                        env,
                        folder / f"beat{n}.log",
                    )
                )
                for n in range(beats)
            ),
        ]


def wait_until(is_met: Callable[[], bool], *, within: float) -> float:
    """Poll until the condition holds; the seconds it took. Raises AssertionError after `within` seconds."""
    began = time.monotonic()
    while not is_met():
        assert time.monotonic() - began < within, f"not seen within {within} s"
        time.sleep(0.05)
    return time.monotonic() - began
