"""Newsrooms with many stories for measurements: temporary ones, or kept in a folder for the next run."""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from scripts.settings import PROJECT_ROOT
from tests.support.loopback.servers import new_postgres_cluster, running_postgres, server_folder

# As an operator would give it memory; it forgets, since only reading is measured.
POSTGRES_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=2GB",
            "max_wal_size=8GB", "work_mem=32MB", "jit=off")  # fmt: skip
SECRET_KEY = "only-for-a-newsroom-that-is-measured-and-shown-to-nobody"


def add_newsroom_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--articles", type=int, default=100_000, help="(default 100,000)")
    parser.add_argument(
        "--database",
        default="sqlite",
        help="sqlite (default), postgres (one of its own), or the address of a PostgreSQL",
    )
    parser.add_argument(
        "--folder", type=Path, help="for SQLite's file; kept, and filled only while it is empty"
    )


@contextmanager
def filled_newsroom(asked: argparse.Namespace) -> Iterator[dict[str, str]]:
    """Environment variables of a newsroom with so many stories; one that has stories is left as it is."""
    with ExitStack() as stack:
        prefix = "newsroom-bench-"
        folder = asked.folder or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix=prefix))
        )
        folder.mkdir(parents=True, exist_ok=True)
        environment = newsroom_environment(
            folder, stack.enter_context(database_url(asked.database))
        )
        fill_database(environment, asked.articles)
        yield environment


@contextmanager
def database_url(database: str) -> Iterator[str]:
    """The address of the database; "" for SQLite."""
    if database != "postgres":
        yield "" if database == "sqlite" else database
        return
    with server_folder("newsroom-postgres-") as home:
        cluster = new_postgres_cluster(home)
        with running_postgres(cluster, POSTGRES_SETTINGS):
            yield cluster.url


def newsroom_environment(folder: Path, address: str) -> dict[str, str]:
    """Environment variables of a process of this newsroom, without the response cache."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "SECRET_KEY": SECRET_KEY,
        "NEWSROOM_DATA": str(folder),
        "DATABASE_URL": address,
        "SITE_URL": "http://testserver",
        "RESPONSE_CACHE_SECONDS": "0",
        "LOG_LEVEL": "ERROR",
    }


def fill_database(environment: Mapping[str, str], articles: int) -> None:
    run_python(environment, "manage.py", "migrate", "--verbosity=0")
    run_python(environment, "-m", "bench.load.articles", "--once", "--articles", articles)


def run_python(environment: Mapping[str, str], *command: object) -> None:
    """Run Python with these environment variables. Raises SystemExit where it fails."""
    words = [sys.executable, *map(str, command)]
    done = subprocess.run(words, cwd=PROJECT_ROOT, env=dict(environment), check=False)
    if done.returncode:
        raise SystemExit(done.returncode)
