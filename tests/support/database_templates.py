"""Test databases that are created with their tables: migrations take nine seconds of each pytest worker.

SQLite gets the schema snapshot. On PostgreSQL one worker migrates a database, and those of all workers
are copies of it. Where migrations are missing then, all are applied as usual.
"""

import hashlib
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from newsroom.db.schema_snapshot import header_lines, load_schema_snapshot

TEMPLATE_PREFIX = "newsroom_template_"
LOCK_KEY = 20_261_130  # of an advisory lock, no other one's


def install() -> None:
    """Let the test database of this process be created with its tables."""
    creation: Any = connection.creation
    create_empty = creation._create_test_db

    def create(*arguments: Any, **options: Any) -> str:
        if connection.vendor == "postgresql":
            connection.settings_dict["TEST"]["TEMPLATE"] = migrated_template()
        name: str = create_empty(*arguments, **options)
        connect_to(name)  # as the caller does next
        executor = MigrationExecutor(connection)
        load_schema_snapshot(executor)
        is_complete = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        # What is left then are the signals: rows for content types and permissions.
        connection.settings_dict["TEST"]["MIGRATE"] = not is_complete
        return name

    creation._create_test_db = create


def connect_to(name: str) -> None:
    """Let this process use another database of the server."""
    connection.close()
    connection.settings_dict["NAME"] = name


def migrated_template() -> str:
    """Name of a database on the server to which all migrations have been applied; made if there is none."""
    sources = "\n".join(header_lines(MigrationLoader(connection)))
    name = TEMPLATE_PREFIX + hashlib.sha256(sources.encode()).hexdigest()[:16]
    creation: Any = connection.creation
    with creation._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK_KEY])  # until this connection ends
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [TEMPLATE_PREFIX]
        )
        found = {row[0] for row in cursor.fetchall()}
        if name not in found:
            for other in found:  # of former migrations, or unfinished
                cursor.execute(f'DROP DATABASE "{other}" WITH (FORCE)')
            unfinished = f"{name}_unfinished"
            cursor.execute(f'CREATE DATABASE "{unfinished}"')
            own = connection.settings_dict["NAME"]
            connect_to(unfinished)
            call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
            connect_to(own)
            cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    return name
