"""Benchmark of versions: open, save and autosave a story with 500 versions, list and compare them.

Makes a temporary newsroom with one story, saves it so many times through the action, and asks the admin
and the desk API through their views in this process, with 1 and with all versions in turns. Prints a
Markdown table with p50 and p95. Writes no file.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.drivers.newsrooms import database_url, newsroom_environment, run_python


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.desk_versions", description=__doc__)
    parser.add_argument("--versions", type=int, default=500, help="of the story (default 500)")
    parser.add_argument("--kilobytes", type=int, default=60, help="of its body (default 60)")
    parser.add_argument("--rounds", type=int, default=40, help="of each request (default 40)")
    parser.add_argument("--database", default="sqlite", help="sqlite (default), postgres, or a URL")
    asked = parser.parse_args()
    with (
        TemporaryDirectory(prefix="newsroom-versions-") as folder,
        database_url(asked.database) as address,
    ):
        environment = newsroom_environment(Path(folder), address)
        run_python(environment, "manage.py", "migrate", "--verbosity=0")
        run_python(environment, "manage.py", "collectstatic", "--noinput", "--verbosity=0")
        driver = "bench.drivers.version_requests"
        run_python(environment, "-m", driver, asked.versions, asked.kilobytes, asked.rounds)


if __name__ == "__main__":
    main()
