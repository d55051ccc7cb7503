"""Start on a database of a version before the migrations were made anew: refused, nothing changed."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from newsroom.startup import CannotStart, refuse_old_database
from tests.support.processes import PROJECT_ROOT, process_environment

OLD_MIGRATIONS = [("desk", "0010_drafts_know_their_wire_version"), ("logbook", "0001_initial")]


@pytest.mark.django_db
@pytest.mark.parametrize("app", ["logbook", "dispatch"])
def test_old_database_is_refused_by_a_migration_that_no_longer_exists(app: str) -> None:
    refuse_old_database()
    MigrationRecorder(connection).record_applied(app, "0001_initial")
    with pytest.raises(CannotStart, match=r"export_articles > FILE.*import_articles FILE"):
        refuse_old_database()


def test_prepare_refuses_an_old_database_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "newsroom.sqlite3"
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
    before = path.read_bytes()
    done = subprocess.run(
        [sys.executable, "manage.py", "prepare", "--with-demo"],
        cwd=PROJECT_ROOT,
        env=process_environment(tmp_path, DATABASE_URL="", REDIS_URL=""),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert done.stderr.splitlines()[-1].startswith("CannotStart: ")
    assert "import_articles FILE" in done.stderr
    assert "Traceback" not in done.stderr
    assert path.read_bytes() == before
    assert not (tmp_path / "demo-waits").exists()
    assert not (tmp_path / "queue").exists()
