"""A crowd of readers in a PostgreSQL of its own: `python -m tests.chaos.community --readers 2000`.

They vote, change, comment, react, report, save, delete and leave at random, by processes some of which are
killed. Exit status 1 when a stored count differs from its rows afterwards; what, it prints.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.support.loopback.processes import PROJECT_ROOT, process_environment
from tests.support.loopback.servers import postgres

PACKAGE = "tests.chaos.community"
# Readers of the crowd write as often as they like, with addresses that nobody has confirmed.
CROWD_SETTINGS = {
    "COMMENTS_PER_DAY": "0",
    "COMMENTS_PER_ARTICLE_AND_DAY": "0",
    "COMMENTS_NEED_CONFIRMED_EMAIL": "false",
}


def run_module(folder: Path, url: str, name: str, *arguments: str) -> int:
    env = process_environment(folder, DATABASE_URL=url, REDIS_URL="", **CROWD_SETTINGS)
    command = [sys.executable, "-m", f"{PACKAGE}.{name}", *arguments]
    return subprocess.run(command, cwd=PROJECT_ROOT, env=env, check=False).returncode


def run_workers(folder: Path, url: str, orders: dict[str, int]) -> dict[str, int]:
    """The report of the workers (workers.CrowdReport). Raises RuntimeError where they did not end."""
    path = folder / "workers.json"
    path.write_text(json.dumps(orders))
    if run_module(folder, url, "workers", str(path)):
        raise RuntimeError("The workers did not end")
    report: dict[str, int] = json.loads(path.read_text())
    return report


def main() -> int:
    parser = argparse.ArgumentParser(prog=f"python -m {PACKAGE}", description=__doc__)
    parser.add_argument("--readers", type=int, default=2000, help="(default 2,000)")
    parser.add_argument("--stories", type=int, default=5, help="with a poll each (default 5)")
    parser.add_argument(
        "--clicks", type=int, default=10, help="of a reader on average (default 10)"
    )
    parser.add_argument("--workers", type=int, default=4, help="processes (default 4)")
    parser.add_argument("--kills", type=int, default=2, help="of the processes (default 2)")
    parser.add_argument("--seed", type=int, default=20261130, help="of the clicks and the kills")
    asked = parser.parse_args()
    began, orders = (
        time.monotonic(),
        {name: getattr(asked, name) for name in ("workers", "kills", "seed")},
    )
    orders["clicks"] = asked.readers * asked.clicks // asked.workers
    with postgres() as url, tempfile.TemporaryDirectory(prefix="newsroom-community-") as name:
        folder = Path(name)
        if run_module(folder, url, "phases", "prepare", str(asked.readers), str(asked.stories)):
            return 1
        report = run_workers(folder, url, orders)
        print(f"{orders}: {report}")
        status = run_module(folder, url, "phases", "compare")
    print(f"{time.monotonic() - began:.0f} s")
    return int(bool(status or report["failed"] or report["kills"] < asked.kills))


if __name__ == "__main__":
    sys.exit(main())
