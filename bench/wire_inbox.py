"""Benchmark of the wire inbox at many versions: first page, older pages, filters, search, a story.

    python -m bench.wire_inbox --versions 1000000

Fills a database of its own with so many versions of agency copy, 20,000 a day (bench/load/wire_inbox.py),
and requests the inbox through its views (bench/drivers/inbox_pages.py). Prints a Markdown table: p50, p95,
the number of statements, and how many of them count rows. Writes no file. `--database` with an address
keeps what was loaded for the next run.
"""

import argparse
import tempfile
from pathlib import Path

from bench.drivers.newsrooms import database_url, newsroom_environment, run_python


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.wire_inbox", description=__doc__)
    parser.add_argument("--versions", type=int, default=1_000_000, help="(default 1,000,000)")
    parser.add_argument("--rounds", type=int, default=40, help="of each page (default 40)")
    parser.add_argument(
        "--database",
        default="postgres",
        help="postgres (one of its own, the default), sqlite, or an address",
    )
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="newsroom-inbox-") as folder,
        database_url(asked.database) as address,
    ):
        environment = newsroom_environment(Path(folder), address)
        run_python(environment, "manage.py", "migrate", "--verbosity=0")
        run_python(environment, "manage.py", "collectstatic", "--noinput", "--verbosity=0")
        run_python(environment, "-m", "bench.load.wire_inbox", asked.versions)
        run_python(environment, "-m", "bench.drivers.inbox_pages", asked.rounds)


if __name__ == "__main__":
    main()
