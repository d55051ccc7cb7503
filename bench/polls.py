"""Benchmark of polls: read and vote in one with very many votes beside one with ten (`--votes 1000000`).

Makes a temporary newsroom with two stories, each with a poll, fills one, and asks the reader API through
its views in this process, in turns (bench/drivers/poll_requests.py). Prints a Markdown table with p50, p95
and the ratio, and the time that the count of all rows takes. Writes no file.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.drivers.newsrooms import database_url, newsroom_environment, run_python


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.polls", description=__doc__)
    parser.add_argument("--votes", type=int, default=1_000_000, help="(default 1,000,000)")
    parser.add_argument("--rounds", type=int, default=200, help="of each request (default 200)")
    parser.add_argument(
        "--database",
        action="append",
        help="sqlite, postgres (one of its own), or an address; both by default",
    )
    asked = parser.parse_args()
    for database in asked.database or ["sqlite", "postgres"]:
        with TemporaryDirectory(prefix="newsroom-polls-") as folder, database_url(database) as url:
            environment = newsroom_environment(Path(folder), url) | {
                "RATE_VOTE": "0",
                "VOTE_ADDRESS_CEILINGS": "0",
                "VOTE_NETWORK_CEILINGS": "0",
                "VOTE_BURST_MINIMUM": "1000000",
            }
            run_python(environment, "manage.py", "migrate", "--verbosity=0")
            run_python(environment, "manage.py", "collectstatic", "--noinput", "--verbosity=0")
            run_python(environment, "-m", "bench.drivers.poll_requests", asked.votes, asked.rounds)


if __name__ == "__main__":
    main()
