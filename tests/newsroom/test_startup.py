"""Start on a database of a version before the migrations were made anew: refused, nothing changed."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from newsroom import startup
from newsroom.startup import CannotStart, refuse_old_database
from scripts import preflight
from tests.support.loopback.processes import PROJECT_ROOT, process_environment
from tests.support.loopback.servers import free_port

OLD_MIGRATIONS = [("desk", "0010_drafts_know_their_wire_version"), ("logbook", "0001_initial")]


@pytest.mark.django_db
@pytest.mark.parametrize("app", ["logbook", "dispatch"])
def test_old_database_is_refused_by_a_migration_that_no_longer_exists(app: str) -> None:
    refuse_old_database()
    MigrationRecorder(connection).record_applied(app, "0001_initial")
    with pytest.raises(CannotStart, match=r"export_articles > FILE.*import_articles FILE"):
        refuse_old_database()


def old_database(folder: Path) -> Path:
    """A SQLite database with the migrations of the former version, as it is after a clean end."""
    path = folder / "newsroom.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute(
            "CREATE TABLE django_migrations (id integer PRIMARY KEY AUTOINCREMENT,"
            " app varchar(255), name varchar(255), applied datetime)"
        )
        database.execute("CREATE TABLE articles_article (id integer PRIMARY KEY, slug text)")
        database.execute("INSERT INTO articles_article (slug) VALUES ('기사')")
        database.executemany(
            "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, '2026-01-01')",
            OLD_MIGRATIONS,
        )
        database.commit()
    return path


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=PROJECT_ROOT,
        env=process_environment(folder, DATABASE_URL="", REDIS_URL="", PORT=str(free_port())),
        capture_output=True,
        text=True,
        check=False,
    )


def files_of(folder: Path) -> dict[str, bytes]:
    """Name and content of each file; the lock of `./run`, which is empty after a clean end, is left out."""
    files = {path for path in folder.rglob("*") if path.is_file()}
    return {str(path): path.read_bytes() for path in files if path.name != "running"}


def test_prepare_refuses_an_old_database_and_changes_nothing(tmp_path: Path) -> None:
    path = old_database(tmp_path)
    before = path.read_bytes()
    done = run(tmp_path, "manage.py", "prepare", "--with-demo")
    assert done.returncode != 0
    assert done.stderr.splitlines()[-1].startswith("CannotStart: ")
    assert "import_articles FILE" in done.stderr
    assert "Traceback" not in done.stderr
    assert path.read_bytes() == before
    assert not (tmp_path / "demo-waits").exists()


def test_migrate_refuses_an_old_database(tmp_path: Path) -> None:
    path = old_database(tmp_path)
    before = path.read_bytes()
    done = run(tmp_path, "manage.py", "migrate")
    assert done.returncode != 0
    assert "newsroom.E010" in done.stderr
    assert "import_articles FILE" in done.stderr
    assert "Traceback" not in done.stderr
    assert path.read_bytes() == before


def test_run_refuses_an_old_database_and_leaves_the_data_folder_as_it_is(tmp_path: Path) -> None:
    old_database(tmp_path)
    (tmp_path / "reserve").write_bytes(b"room")
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "counter_1.db").write_bytes(b"1")
    before = files_of(tmp_path)
    done = run(tmp_path, "-m", "scripts.serve")
    assert done.returncode != 0
    assert "import_articles FILE" in done.stderr
    assert files_of(tmp_path) == before
    assert (tmp_path / "running").read_bytes() == b"", "the next start does not count as unclean"


def test_run_and_prepare_refuse_in_the_same_words() -> None:
    assert preflight.OLD_DATABASE_SENTENCES == startup.OLD_DATABASE_SENTENCES
