"""Prepared data folders and PostgreSQL clusters: `manage.py prepare` runs once for each kind in a run of
the suite, and tests get copies."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.support.loopback.processes import process_environment, run_manage_command
from tests.support.loopback.servers import (
    EPHEMERAL_SETTINGS,
    PostgresCluster,
    chown_to_server_user,
    free_port,
    new_postgres_cluster,
    postgres_programs,
    running_postgres,
    server_folder,
)


def prepare_data_folder(env: Mapping[str, str]) -> None:
    """Leave in this newsroom's data folder what `manage.py prepare` leaves there, without the demo.

    For SQLite; the static files, collected at the same time, are shared by all newsrooms.
    """
    assert not env["DATABASE_URL"], "a server has a database of its own: run `prepare`"
    shutil.copytree(template(), env["NEWSROOM_DATA"], dirs_exist_ok=True)


def prepared_postgres_cluster(home: Path) -> PostgresCluster:
    """A PostgreSQL cluster in this folder whose database has what `manage.py prepare` leaves there."""
    made = shared_folder("postgres", make_postgres_cluster)
    shutil.copytree(made, home, dirs_exist_ok=True, symlinks=True)
    chown_to_server_user(home)
    password = (home / "password").read_text()
    return PostgresCluster(home, postgres_programs(home), password, free_port())


def make_postgres_cluster(folder: Path) -> None:
    """Prepare the database of a new cluster; leave the cluster's files in this folder."""
    with server_folder("newsroom-prepared-") as home, tempfile.TemporaryDirectory() as data:
        cluster = new_postgres_cluster(home)
        with running_postgres(cluster, EPHEMERAL_SETTINGS):
            env = process_environment(Path(data), DATABASE_URL=cluster.url, REDIS_URL="")
            run_manage_command(env, "prepare")
        folder.mkdir()
        shutil.copytree(home / "data", folder / "data", symlinks=True)
        shutil.copy(home / "password", folder)


def template() -> Path:
    """The data folder that is copied."""
    return shared_folder("prepared", make_data_folder)


def make_data_folder(folder: Path) -> None:
    run_manage_command(process_environment(folder, DATABASE_URL="", REDIS_URL=""), "prepare")


def shared_folder(name: str, make: Callable[[Path], None]) -> Path:
    """A folder of the run, made by the first worker of pytest that needs it."""
    shared = folder_of_run()
    # Another run may be given the same folder, with other migrations.
    made = shared / f"{name}-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            unfinished = made.with_suffix(".unfinished")
            make(unfinished)
            unfinished.rename(made)
    return made


def folder_of_run() -> Path:
    """NEWSROOM_DATA as the workers of one pytest share it (tests/settings.py)."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    return Path(os.environ["NEWSROOM_DATA"].removesuffix(f"/{worker}"))
