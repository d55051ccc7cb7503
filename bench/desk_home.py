"""Benchmark of the desk at many stories: home, list of stories, calendar (`--drafts 100000`).

Fills a newsroom with so many stories, each with its draft, releases and audit entries, with comments and
agency copy (bench/load/desk.py), on SQLite and on PostgreSQL, and requests the pages of the admin through
their views (bench/drivers/desk_pages.py). Prints a Markdown table for each database: p50, p95, the
number of statements, and how many of them count rows. Writes no file.
"""

import argparse
import tempfile
from pathlib import Path

from bench.drivers.newsrooms import database_url, newsroom_environment, run_python


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.desk_home", description=__doc__)
    parser.add_argument("--drafts", type=int, default=100_000, help="(default 100,000)")
    parser.add_argument("--rounds", type=int, default=40, help="of each page (default 40)")
    parser.add_argument(
        "--database",
        action="append",
        help="sqlite, postgres (one of its own), or an address; both by default",
    )
    asked = parser.parse_args()
    for database in asked.database or ["sqlite", "postgres"]:
        prefix = "newsroom-bench-"
        with tempfile.TemporaryDirectory(prefix=prefix) as folder, database_url(database) as url:
            environment = newsroom_environment(Path(folder), url)
            run_python(environment, "manage.py", "migrate", "--verbosity=0")
            run_python(environment, "manage.py", "collectstatic", "--noinput", "--verbosity=0")
            run_python(
                environment, "-m", "bench.load.articles", "--bare", "--articles", asked.drafts
            )
            run_python(environment, "-m", "bench.load.desk")
            run_python(environment, "-m", "bench.drivers.desk_pages", asked.rounds)


if __name__ == "__main__":
    main()
