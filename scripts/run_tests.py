"""Test runner of ./test: the suite on SQLite beside the one on PostgreSQL and Redis, and one summary."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from scripts.errors import exit_with_message
from scripts.settings import PROJECT_ROOT
from scripts.supervisor import terminate_with_parent
from tests.support.loopback.servers import servers

NOTHING_COLLECTED_STATUS = 5
FINISHED_STATUSES = (0, 1, NOTHING_COLLECTED_STATUS)  # all passed, some failed, none were chosen
# Explicit, so that no .env file sends the first run to a server.
SQLITE_ADDRESSES = {"DATABASE_URL": "sqlite://:memory:", "REDIS_URL": ""}
# Workers of pytest by run, for CI's two cores. Those of the servers often wait, for a process, a browser or
# a lock; those of SQLite fill these gaps.
PYTEST_WORKERS = {"sqlite": 2, "servers": 3}


def main(arguments: list[str]) -> int:
    # SystemExit unwinds the context managers of the servers.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))
    started_at = time.monotonic()
    with exit_with_message(), servers() as addresses, tempfile.TemporaryFile() as output:
        print("── PostgreSQL, Redis (SQLite at the same time; its output follows)", flush=True)
        try:
            with running_suite("sqlite", arguments, SQLITE_ADDRESSES, output) as sqlite:
                with running_suite("servers", arguments, addresses, None) as on_servers:
                    again, status_again = on_servers.result()
                tally, status = sqlite.result()
        finally:
            print("── SQLite (tests marked postgres, redis or browser ran above)", flush=True)
            copy_output(output)
    print(summary(tally, again, time.monotonic() - started_at))
    if not arguments and NOTHING_COLLECTED_STATUS in (status, status_again):
        return NOTHING_COLLECTED_STATUS  # the whole suite has tests in both halves
    return exit_status(status, status_again)


@contextlib.contextmanager
def running_suite(
    name: str, arguments: list[str], addresses: dict[str, str], output: IO[bytes] | None
) -> Iterator["Suite"]:
    """A run of pytest that has begun; `output` takes what it prints, None leaves it to this process.

    It ends with the block at the latest.
    """
    with tempfile.TemporaryDirectory(
        prefix="newsroom-suite-", ignore_cleanup_errors=True
    ) as folder:
        tally = Path(folder) / "tally"
        environment = {
            **without_bytecode_switch(os.environ),
            **addresses,
            "NEWSROOM_DATA": folder,
            "NEWSROOM_RUN": name,
            "NEWSROOM_TALLY": str(tally),
        }
        process = start_pytest(name, arguments, environment, output)
        try:
            yield Suite(process, tally)
        finally:
            stop_pytest(process)


@dataclass(frozen=True)
class Suite:
    """A run of pytest, and the file in which it leaves its counts."""

    process: "subprocess.Popen[bytes]"
    tally: Path

    def result(self) -> tuple[Counter[str], int]:
        """Wait for the end: the counts by outcome, and the exit status."""
        status = self.process.wait()
        counted = Counter(json.loads(self.tally.read_text()) if self.tally.exists() else {})
        if status not in FINISHED_STATUSES or not self.tally.exists():
            counted["error"] += 1  # it crashed, or was stopped
        return counted, status


def copy_output(output: IO[bytes]) -> None:
    output.seek(0)
    shutil.copyfileobj(output, sys.stdout.buffer)
    sys.stdout.flush()


def without_bytecode_switch(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment in which Python writes bytecode: else all workers, and each of the processes that
    tests start, compile the project anew (13 s of processor time for a worker)."""
    return {k: v for k, v in environment.items() if k != "PYTHONDONTWRITEBYTECODE"}


def start_pytest(
    name: str, arguments: list[str], environment: dict[str, str], output: IO[bytes] | None
) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "pytest", "-n", str(PYTEST_WORKERS[name])]
    # Each remembers what failed in it, for `./test --lf`.
    command += ["--dist", "worksteal", "-o", f"cache_dir=.pytest_cache/{name}"]
    return subprocess.Popen(
        [*command, *arguments],
        cwd=PROJECT_ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        start_new_session=True,
        preexec_fn=terminate_with_parent,  # noqa: PLW1509 -- this process has one thread
    )


def stop_pytest(process: "subprocess.Popen[bytes]") -> None:
    """End pytest and its workers, as Ctrl-C does: it prints what failed so far."""
    try:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(3)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def exit_status(*statuses: int) -> int:
    """0 when something ran and nothing failed; an empty run beside a full one is fine."""
    not_empty = [status for status in statuses if status != NOTHING_COLLECTED_STATUS]
    return max(not_empty, key=abs) if not_empty else NOTHING_COLLECTED_STATUS


def summary(first: Mapping[str, int], second: Mapping[str, int], seconds: float) -> str:
    """The last line: both runs together, in pytest's words."""
    both = Counter(first) + Counter(second)
    failed = both["failed"] + both["error"]
    return (
        f"{both['passed']} passed, {failed} failed, {both['skipped']} skipped in {seconds:.0f}s "
        f"(SQLite {first['passed']}, PostgreSQL and Redis {second['passed']})"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
