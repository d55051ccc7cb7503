"""Benchmark of comments: threads of 100,000 beside one of ten, the admin at a million, writers.

Makes a temporary newsroom and asks it through its views in this process, in turns
(bench/drivers/comment_requests.py). Prints Markdown tables. Writes no file.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.drivers.newsrooms import database_url, newsroom_environment, run_python


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.comments", description=__doc__)
    parser.add_argument("--comments", type=int, default=100_000, help="of a thread")
    parser.add_argument("--total", type=int, default=1_000_000, help="in the list of the admin")
    parser.add_argument("--rounds", type=int, default=50, help="of each request")
    parser.add_argument(
        "--database",
        action="append",
        help="sqlite, postgres (one of its own), or an address; both by default",
    )
    asked = parser.parse_args()
    for database in asked.database or ["sqlite", "postgres"]:
        with (
            TemporaryDirectory(prefix="newsroom-comments-") as folder,
            database_url(database) as url,
        ):
            environment = newsroom_environment(Path(folder), url) | {
                "RATE_COMMENT": "0",
                "NEW_ACCOUNT_WAIT_MINUTES": "0",
                "HELD_FIRST_COMMENTS": "0",
                "COMMENTS_NEED_CONFIRMED_EMAIL": "0",
                "COMMENTS_PER_DAY": "0",
                "COMMENTS_PER_ARTICLE_AND_DAY": "0",
                "RESPONSE_CACHE_SECONDS": "0",
            }
            run_python(environment, "manage.py", "migrate", "--verbosity=0")
            run_python(environment, "manage.py", "collectstatic", "--noinput", "--verbosity=0")
            driver = ("-m", "bench.drivers.comment_requests")
            run_python(environment, *driver, asked.comments, asked.total, asked.rounds)


if __name__ == "__main__":
    main()
