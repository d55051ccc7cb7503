"""Disaster recovery: backup of a running newsroom, kill -9 of all processes, restore."""

import os
import re
import secrets
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from scripts.settings import PROJECT_ROOT
from tests.scripts.test_run_command import (
    LEFT_OUT,
    READY_TIMEOUT_SECONDS,
    alive,
    answers,
    descendants,
    within,
)
from tests.support.loopback.prepared_data import prepare_data_folder
from tests.support.loopback.processes import run_manage_command
from tests.support.loopback.servers import free_port

# Seconds from the schedule to the publication, beside those that the start took: the backup must be made
# before, on a machine that does other things too.
MIN_SECONDS_UNTIL_DUE = 10.0
SCHEDULE_AND_BACK_UP = """
from datetime import timedelta
from django.core.management import call_command
from django.utils import timezone
from desk.actions import schedule_draft
from tests.support import make
make.reference_rows()
make.live(headline="백업 전에 나간 기사")
draft = make.draft(headline="정전 동안 나갈 차례인 기사")
due = schedule_draft(draft, at=timezone.now() + timedelta(seconds=%f), by=make.ben()).due_at
call_command("backup", %r)
print(due.timestamp())
"""
AFTER = """
from desk.actions import start_draft
from tests.support import make
for n in range(60):
    start_draft(make.ben(), headline=f"백업 뒤에 쓴 원고 {n}", body="<p>" + "가나다라 " * 300 + "</p>")
"""
ASK = """
from articles.models import Article
from desk.models import Draft, Release
from audit.models import Entry
print(
    Draft.objects.filter(headline__startswith="백업 뒤에").count(),
    Article.objects.live().count(),
    Release.objects.waiting().count(),
    Entry.objects.filter(verb="published", kind="desk.release").count(),
    Entry.objects.filter(verb="restored_backup").count(),
)
"""


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database without stories: a file under NEWSROOM_DATA (no address), or one of the suite's
    PostgreSQL, to which all migrations have been applied."""
    if request.param == "sqlite":
        yield ""
        return
    template = connection.settings_dict["TEST"]["TEMPLATE"]
    server, name = os.environ["DATABASE_URL"], f"drill_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield re.sub(r"/[^/]*$", f"/{name}", server)
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def env(database_url: str, tmp_path: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    own = {"NEWSROOM_DATA": str(tmp_path / "data"), "PORT": str(free_port()), "DEMO": "0"}
    own |= {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
    return inherited | own


@contextmanager
def started(env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """./run, ready; stopped with the block, unless the block has killed it."""
    with log.open("ab") as out:
        command = [sys.executable, "-m", "scripts.serve"]
        supervisor = subprocess.Popen(command, cwd=PROJECT_ROOT, env=env, stdout=out, stderr=out)
    try:
        assert within(READY_TIMEOUT_SECONDS, lambda: answers(env)), log.read_text()
        yield supervisor
    finally:
        supervisor.terminate()
        supervisor.wait(30)


def check_modes(data: Path) -> None:
    """All files of the running newsroom are private to its user."""
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    # Messages of the queue come and go while one looks, in a folder that is closed itself.
    files = [path for path in data.glob("*") if path.is_file()]
    assert {"secret_key", "running"} <= {path.name for path in files}
    open_to_others = [path.name for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert open_to_others == []


def kill_everything(supervisor: subprocess.Popen[bytes]) -> None:
    """Kill all processes with SIGKILL, as a power cut does."""
    running = [supervisor.pid, *descendants(supervisor.pid)]
    for pid in running:
        os.kill(pid, signal.SIGKILL)
    supervisor.wait()
    assert within(10, lambda: not alive(running))


def backed_up_before_due(env: dict[str, str], backup: Path, *, seconds: float) -> float:
    """Schedule a story in so many seconds and make a backup; the due time of the story (Unix time)."""
    code = SCHEDULE_AND_BACK_UP % (seconds, str(backup))
    due = float(run_manage_command(env, "shell", "-v0", "-c", code).split()[-1])
    assert time.time() < due, "too slow a machine for this drill"
    return due


def refused(env: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=PROJECT_ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode not in {0, -signal.SIGKILL}, done.stdout
    assert "Traceback" not in done.stderr
    return done.stderr


def try_it_by_hand(env: dict[str, str], backup: Path) -> None:
    """Copying a backup over the file beside its write-ahead log damages it: the start refuses."""
    database = Path(env["NEWSROOM_DATA"]) / "newsroom.sqlite3"
    assert database.with_name("newsroom.sqlite3-wal").stat().st_size > 0
    database.write_bytes((backup / "database.sqlite3").read_bytes())
    output = refused(env, "-m", "scripts.serve")
    assert "손상" in output
    assert "The database is damaged" in output
    assert "manage.py restore" in output


@pytest.mark.parametrize(
    "database_url",
    ["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.django_db])],
    indirect=True,
)
def test_restore_after_kill_9_brings_back_the_state_of_the_backup(
    env: dict[str, str], database_url: str, tmp_path: Path
) -> None:
    backup, log = tmp_path / "backup", tmp_path / "log"
    if not database_url:
        prepare_data_folder(env)
    began = time.monotonic()
    with started(env, log) as supervisor:
        seconds_of_start = time.monotonic() - began
        due = backed_up_before_due(env, backup, seconds=MIN_SECONDS_UNTIL_DUE + seconds_of_start)
        check_modes(Path(env["NEWSROOM_DATA"]))
        run_manage_command(env, "shell", "-v0", "-c", AFTER)
        assert "still running" in refused(env, "manage.py", "restore", str(backup))
        kill_everything(supervisor)
    if not database_url:
        try_it_by_hand(env, backup)
    time.sleep(max(0.0, due - time.time()) + 1)

    output = run_manage_command(env, "restore", str(backup))

    assert "정전 동안 나갈 차례인 기사" in output
    assert "옮겨 둔 것" in output
    if not database_url:
        aside = {path.name for path in Path(env["NEWSROOM_DATA"]).glob("before-restore-*/*")}
        assert {"newsroom.sqlite3", "newsroom.sqlite3-wal"} <= aside
    assert run_manage_command(env, "shell", "-v0", "-c", ASK).split() == ["0", "1", "1", "1", "1"]
    with started(env, log):
        counts: list[list[str]] = []

        def is_published() -> bool:
            counts.append(run_manage_command(env, "shell", "-v0", "-c", ASK).split())
            return counts[-1][2] == "0"

        assert within(60, is_published), log.read_text()
        assert counts[-1] == ["0", "2", "0", "2", "1"]
