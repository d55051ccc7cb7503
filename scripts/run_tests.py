"""Test runner of ./test: the suite on SQLite, again on PostgreSQL and Redis, and one summary."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from scripts.errors import exit_with_message
from scripts.settings import PROJECT_ROOT
from scripts.supervisor import terminate_with_parent
from tests.support.loopback.servers import servers

NOTHING_COLLECTED_STATUS = 5
# Explicit, so that no .env file sends the first run to a server.
IN_MEMORY_DATABASE_URL = "sqlite://:memory:"
# One more than CI has cores: often one waits for a process, a browser or a lock.
PYTEST_WORKERS = 3


def main(arguments: list[str]) -> int:
    # SystemExit unwinds the context managers of the servers.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))
    started_at = time.monotonic()
    with exit_with_message():
        print("── SQLite (tests marked postgres, redis or browser wait for the second run)")
        tally, status = run_suite(
            "sqlite", arguments, {"DATABASE_URL": IN_MEMORY_DATABASE_URL, "REDIS_URL": ""}
        )
        with servers() as addresses:
            print("── PostgreSQL, Redis", flush=True)
            again, status_again = run_suite("servers", arguments, addresses)
    print(summary(tally, again, time.monotonic() - started_at))
    return exit_status(status, status_again)


def run_suite(
    name: str, arguments: list[str], addresses: dict[str, str]
) -> tuple[Counter[str], int]:
    """One run of pytest: its counts by outcome, and its exit status."""
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
        status = run_pytest(arguments, environment)
        # A pytest that crashed before its summary has counted nothing: an error.
        counted = json.loads(tally.read_text()) if tally.exists() else {"error": 1}
    return Counter(counted), status


def without_bytecode_switch(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment in which Python writes bytecode: else all workers, and each of the processes that
    tests start, compile the project anew (13 s of processor time for a worker)."""
    return {k: v for k, v in environment.items() if k != "PYTHONDONTWRITEBYTECODE"}


def run_pytest(arguments: list[str], environment: dict[str, str]) -> int:
    """Run pytest to its end; its exit status. A signal to this process ends pytest and its workers."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "pytest",
            "-n",
            str(PYTEST_WORKERS),
            "--dist",
            "worksteal",
            *arguments,
        ],
        cwd=PROJECT_ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=terminate_with_parent,  # noqa: PLW1509 -- this process has one thread
    )
    try:
        return process.wait()
    except BaseException:
        # As Ctrl-C does: it prints what failed so far.
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(3)
        raise
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
