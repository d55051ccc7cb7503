"""`manage.py prepare`: everything between the installed packages and the first request, in one process."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command, get_commands
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from newsroom.db.invalidation_triggers import restore_invalidation_triggers
from newsroom.db.schema_snapshot import load_schema_snapshot
from newsroom.server.server_limits import server_limits
from newsroom.startup import (
    refuse_damaged_database,
    refuse_failing_checks,
    refuse_old_database,
    restrict_data_permissions,
)
from newsroom.static_collection import static_files_collected

# SQLite's error messages for a damaged file.
SQLITE_DAMAGE = ("malformed", "file is not a database")


class Command(BaseCommand):
    """Leaves data that web, worker and beat can start on; quick when there is nothing to do."""

    help = "Migrates, collects the static files and, on a new database, loads the demo newsroom."
    # The web server would stop at the same errors; here they would cost the start a second.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--with-demo",
            action="store_true",
            help="Load the demo newsroom if the database is new.",
        )

        parser.add_argument(
            "--ended-uncleanly",
            action="store_true",
            help="Check the integrity of the database first: the last start ended uncleanly.",
        )

    def handle(self, *, with_demo: bool, ended_uncleanly: bool, **options: Any) -> None:
        server_limits()  # raises here, not as a traceback of a web process that is started again
        restrict_data_permissions()
        refuse_damaged_database(ended_uncleanly=ended_uncleanly)
        with explained_database_errors():
            refuse_old_database()
            connection.close()  # the process that collects static files must not share it
        with static_files_collected():
            with explained_database_errors():
                migrate_database(with_demo=with_demo)
            refuse_failing_checks()
            self.load_pending_demo()

    def load_pending_demo(self) -> None:
        """Load the demo if a start was to do so, this one or one that was killed before it had."""
        pending = pending_demo_file()
        if pending.exists() and "demo" in get_commands():
            call_command("demo", stdout=self.stdout)
            # Only now: a start that was killed before loads the rest next time.
            pending.rename(settings.DATA_DIR / "demo-loaded")


def pending_demo_file() -> Path:
    return Path(settings.DATA_DIR) / "demo-waits"


@contextmanager
def explained_database_errors() -> Iterator[None]:
    """Context manager that raises CannotStart for a damaged database, CommandError for other errors."""
    try:
        yield
    except DatabaseError as error:
        if any(words in str(error) for words in SQLITE_DAMAGE):
            refuse_damaged_database(ended_uncleanly=True)
        raise CommandError(f"DATABASE_URL: {' '.join(str(error).split())}") from error


def migrate_database(*, with_demo: bool) -> None:
    """Apply the migrations that are missing; a new database gets the demo afterwards, if it is to."""
    executor = MigrationExecutor(connection)
    if not executor.loader.applied_migrations:
        if with_demo:
            pending_demo_file().touch()
        load_schema_snapshot(executor)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    restore_invalidation_triggers()
