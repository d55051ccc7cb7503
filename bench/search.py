"""`python -m bench.search --articles 100000 --database postgres`: how fast, and how well, search finds.

Makes a newsroom of its own with so many stories (bench/load.py), asks a mix of questions through the
API's view, first page and the next, and prints waiting times; then compares what it finds with the
sentences themselves (bench/searching.py).  Writes no file.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.settings import HOUSE
from tests.servers import folder_of_nobody, new_cluster, running_postgres

# As an operator would give it memory; it forgets, since only reading is measured.
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=2GB",
            "max_wal_size=8GB", "work_mem=32MB", "jit=off")  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000, help="(default 100,000)")
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--rounds", type=int, default=10, help="of each question (default 10)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as data, a_database(asked) as url:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "SECRET_KEY": Path(data).name * 3,
            "NEWSROOM_DATA": data,
            "DATABASE_URL": url,
            "SITE_URL": "http://testserver",
            "KEEP_PUBLIC_SECONDS": "0",
            "LOG_LEVEL": "ERROR",
        }
        for command in (
            ["manage.py", "migrate", "--verbosity=0"],
            ["-m", "bench.searching", str(asked.articles), str(asked.rounds)],
        ):
            done = subprocess.run(
                [sys.executable, *command], cwd=HOUSE, env=environment, check=False
            )
            if done.returncode:
                return done.returncode
    return 0


@contextmanager
def a_database(asked: argparse.Namespace) -> Iterator[str]:
    """The address of an empty one; "" for SQLite."""
    if asked.database == "sqlite":
        yield ""
        return
    with folder_of_nobody("newsroom-postgres-") as home:
        cluster = new_cluster(home)
        with running_postgres(cluster, SETTINGS):
            yield cluster.url


if __name__ == "__main__":
    sys.exit(main())
