"""What ./test becomes: the suite on SQLite, the database's part again on servers, one sum."""

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

from scripts.settings import HOUSE
from scripts.trouble import told
from tests.servers import servers

NOTHING_COLLECTED = 5
# Said outright, so that no .env file sends the first run to somebody's server.
MEMORY = "sqlite://:memory:"


def main(arguments: list[str]) -> int:
    # SystemExit unwinds the blocks that hold the servers.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))
    began = time.monotonic()
    with told():
        print("── SQLite (tests marked postgres, redis or browser wait for the second run)")
        tally, status = run("sqlite", arguments, {"DATABASE_URL": MEMORY, "REDIS_URL": ""})
        with servers() as addresses:
            print("── PostgreSQL, Redis", flush=True)
            again, status_again = run("servers", arguments, addresses)
    print(summary(tally, again, time.monotonic() - began))
    return verdict(status, status_again)


def run(name: str, arguments: list[str], addresses: dict[str, str]) -> tuple[Counter[str], int]:
    """One pytest; what it counted and its exit status."""
    with tempfile.TemporaryDirectory(
        prefix="newsroom-suite-", ignore_cleanup_errors=True
    ) as folder:
        tally = Path(folder) / "tally"
        environment = {
            **os.environ,
            **addresses,
            "NEWSROOM_DATA": folder,
            "NEWSROOM_RUN": name,
            "NEWSROOM_TALLY": str(tally),
        }
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-n", "2", *arguments],
            cwd=HOUSE,
            env=environment,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        counted = json.loads(tally.read_text()) if tally.exists() else {}
    return Counter(counted), done.returncode


def verdict(*statuses: int) -> int:
    """0 when something ran and nothing failed; an empty run beside a full one is fine."""
    ran = [status for status in statuses if status != NOTHING_COLLECTED]
    return max(ran, key=abs) if ran else NOTHING_COLLECTED


def summary(first: Mapping[str, int], second: Mapping[str, int], seconds: float) -> str:
    """The last line: both runs together, in pytest's own words."""
    both = Counter(first) + Counter(second)
    failed = both["failed"] + both["error"]
    return (
        f"{both['passed']} passed, {failed} failed, {both['skipped']} skipped in {seconds:.0f}s "
        f"(SQLite {first['passed']}, PostgreSQL and Redis {second['passed']})"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
