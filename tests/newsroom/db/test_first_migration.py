"""First migration: an empty database gets the same tables and rows as by Django's `migrate`."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.support.loopback.processes import (
    PROJECT_ROOT,
    process_environment,
    run_manage_command,
)

MIGRATE_EMPTY_DATABASE = (
    "import django; django.setup(); "
    "from newsroom.db.first_migration import migrate_empty_database; migrate_empty_database()"
)


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


def test_first_migration_makes_the_same_database_as_migrate(tmp_path: Path) -> None:
    environments = [
        process_environment(tmp_path / name, DATABASE_URL="", REDIS_URL="")
        for name in ("first", "migrate")
    ]
    for environment in environments:
        Path(environment["NEWSROOM_DATA"]).mkdir()
    command = [sys.executable, "-c", MIGRATE_EMPTY_DATABASE]
    subprocess.run(command, cwd=PROJECT_ROOT, env=environments[0], check=True)
    run_manage_command(environments[1], "migrate", "--verbosity=0", "--skip-checks")
    assert content_of(tmp_path / "first") == content_of(tmp_path / "migrate")
