"""Benchmark of scale: query times of readers' lists with many stories beside few (`--articles 1000000`).

Asks a newsroom with so many stories (bench/load/articles.py), and in turns one with a thousand, for
everything
that readers and machines read, through the view (bench/drivers/scale_queries.py); prints one table,
and whether the
list has counted. Writes no file.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import psycopg

from bench.drivers.newsrooms import (
    add_newsroom_arguments,
    fill_database,
    filled_newsroom,
    run_python,
)

SMALL_SIZE = 1000
SMALL_DATABASE = "bench_few"  # the name of the small one, in the same PostgreSQL


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    add_newsroom_arguments(parser)
    parser.add_argument("--rounds", type=int, default=30, help="of each address (default 30)")
    asked = parser.parse_args()
    with filled_newsroom(asked) as big, TemporaryDirectory(prefix="newsroom-few-") as folder:
        small = {
            **big,
            "NEWSROOM_DATA": folder,
            "DATABASE_URL": small_database(big["DATABASE_URL"]),
        }
        fill_database(small, SMALL_SIZE)
        name = SMALL_DATABASE if big["DATABASE_URL"] else next(Path(folder).glob("*.sqlite3"))
        run_python(big, "-m", "bench.drivers.scale_queries", asked.rounds, name)


def small_database(address: str) -> str:
    """The address of a second, empty database in the same server."""
    if not address:
        return ""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {SMALL_DATABASE}")
        connection.execute(f"CREATE DATABASE {SMALL_DATABASE}")
    return urlsplit(address)._replace(path=f"/{SMALL_DATABASE}").geturl()


if __name__ == "__main__":
    main()
