"""Schema snapshot: an empty database gets the same tables and rows as by Django's `migrate`.

A test fails after a migration was changed, or one was added: run `make schema`.
"""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.db.migrations.loader import MigrationLoader

from newsroom.db.schema_snapshot import (
    HEADER_PREFIX,
    SNAPSHOT_FILE,
    header_lines,
    split_statements,
)
from tests.support.loopback.processes import PROJECT_ROOT, process_environment

MIGRATE_EMPTY_DATABASE = (
    "import django; django.setup(); from newsroom.management.commands.prepare import migrate_database; "
    "migrate_database(with_demo=False)"
)
MIGRATE_WITH_SNAPSHOT = (
    "from newsroom.db import schema_snapshot; from pathlib import Path; "
    "schema_snapshot.SNAPSHOT_FILE = Path({snapshot!r}); "
) + MIGRATE_EMPTY_DATABASE
# Without a snapshot that fits, a start runs Django's command; it writes here with which options.
RECORD_MIGRATE = """
from django.core.management.commands import migrate
handle = migrate.Command.handle
def recorded(command, *arguments, **options):
    with open({calls!r}, "a") as calls:
        print(options["app_label"], options["fake"], file=calls)
    return handle(command, *arguments, **options)
migrate.Command.handle = recorded
"""


def content_of(folder: Path) -> list[str]:
    """Every table, index and trigger, and every row but for the times at which migrations were applied."""
    with closing(sqlite3.connect(folder / "newsroom.sqlite3")) as database:
        schema = database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
        tables = [name for kind, name, _table, _sql in schema if kind == "table"]
        assert "articles_article" in tables
        rows = [
            (table, *row[: 3 if table == "django_migrations" else None])
            for table in tables
            for row in database.execute(f'SELECT * FROM "{table}"')
        ]
    return sorted(map(repr, schema + rows))


def migrate_with(folder: Path, code: str) -> list[str]:
    """The content of a new database after the migration of a start, with this code."""
    environment = process_environment(folder, DATABASE_URL="", REDIS_URL="")
    folder.mkdir()
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT_ROOT, env=environment, check=True)
    return content_of(folder)


def test_first_migration_makes_the_same_database_as_migrate(tmp_path: Path) -> None:
    """Also where the snapshot is of other sources: it is not read, and all migrations are applied."""
    snapshot, calls = tmp_path / "of_other_sources.sql", tmp_path / "calls"
    other = re.sub(r"(?m)^(-- migration desk 0002_roles) .+$", r"\1 0", SNAPSHOT_FILE.read_text())
    snapshot.write_text(other.replace("CREATE TABLE", "CREATE NONSENSE"))
    record = RECORD_MIGRATE.format(calls=str(calls))

    migrated = migrate_with(
        tmp_path / "migrate", record + MIGRATE_WITH_SNAPSHOT.format(snapshot=str(snapshot))
    )
    assert calls.read_text() == "None False\n"
    assert migrate_with(tmp_path / "first", record + MIGRATE_EMPTY_DATABASE) == migrated
    assert calls.read_text() == "None False\n", "the snapshot has all migrations"


def test_snapshot_has_every_migration_as_it_is_now() -> None:
    script = SNAPSHOT_FILE.read_text("utf-8")
    head = [line for line in script.splitlines() if line.startswith(HEADER_PREFIX)]
    assert head == header_lines(MigrationLoader(None)), "run `make schema`"


def test_load_that_fails_leaves_the_database_empty(tmp_path: Path) -> None:
    snapshot = tmp_path / "broken.sql"
    snapshot.write_text(f"{SNAPSHOT_FILE.read_text('utf-8')}\nCREATE NONSENSE;\n")
    with pytest.raises(subprocess.CalledProcessError):
        migrate_with(tmp_path / "data", MIGRATE_WITH_SNAPSHOT.format(snapshot=str(snapshot)))
    with closing(sqlite3.connect(tmp_path / "data" / "newsroom.sqlite3")) as database:
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == []


def test_script_that_ends_within_a_statement_is_refused() -> None:
    with pytest.raises(ValueError, match="within a statement"):
        list(split_statements("CREATE TABLE a (b);\nCREATE TABLE c (\n"))


def test_two_first_starts_at_once_make_one_database(tmp_path: Path) -> None:
    environment = process_environment(tmp_path, DATABASE_URL="", REDIS_URL="")
    command = [sys.executable, "-c", MIGRATE_EMPTY_DATABASE]
    starts = [subprocess.Popen(command, cwd=PROJECT_ROOT, env=environment) for _ in range(2)]
    assert [start.wait(120) for start in starts] == [0, 0]
    assert content_of(tmp_path)
