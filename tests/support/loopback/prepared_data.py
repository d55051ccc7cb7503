"""Prepared data folders: `manage.py prepare` runs once in a run of the suite, and each test gets a copy."""

import fcntl
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.support.loopback.processes import process_environment, run_manage_command


def prepare_data_folder(env: Mapping[str, str]) -> None:
    """Leave in this newsroom's data folder what `manage.py prepare` leaves there, without the demo.

    For SQLite; the static files, collected at the same time, are shared by all newsrooms.
    """
    assert not env["DATABASE_URL"], "a server has a database of its own: run `prepare`"
    shutil.copytree(template(), env["NEWSROOM_DATA"], dirs_exist_ok=True)


def template() -> Path:
    """The folder that is copied, made by the first worker of pytest that needs it."""
    shared = folder_of_run()
    # Another run may be given the same folder, with other migrations.
    made = shared / f"prepared-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
    with (shared / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            unfinished = made.with_suffix(".unfinished")
            run_manage_command(
                process_environment(unfinished, DATABASE_URL="", REDIS_URL=""), "prepare"
            )
            unfinished.rename(made)
    return made


def folder_of_run() -> Path:
    """NEWSROOM_DATA as the workers of one pytest share it (tests/settings.py)."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    return Path(os.environ["NEWSROOM_DATA"].removesuffix(f"/{worker}"))
