"""`manage.py prepare`: everything between the installed packages and the first request, in one process."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command, get_commands
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from newsroom.file_lock import folder_lock
from newsroom.server.server_limits import server_limits
from newsroom.startup import (
    refuse_damaged_database,
    refuse_failing_checks,
    refuse_old_database,
    restrict_data_permissions,
)

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
        pending_demo = settings.DATA_DIR / "demo-waits"
        try:
            refuse_old_database()
            if with_demo and is_new_database():
                pending_demo.touch()
            apply_missing_migrations()
        except DatabaseError as error:
            if any(words in str(error) for words in SQLITE_DAMAGE):
                refuse_damaged_database(ended_uncleanly=True)
            raise CommandError(f"DATABASE_URL: {' '.join(str(error).split())}") from error
        refuse_failing_checks()
        collect_changed_static_files()
        if pending_demo.exists() and "demo" in get_commands():
            call_command("demo", stdout=self.stdout)
            # Only now: a start that was killed before loads the rest next time.
            pending_demo.rename(settings.DATA_DIR / "demo-loaded")


def is_new_database() -> bool:
    return not MigrationExecutor(connection).loader.applied_migrations


def apply_missing_migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0, skip_checks=True)


def collect_changed_static_files() -> None:
    """Run collectstatic if any static file changed since the last start."""
    folder = Path(settings.STATIC_ROOT)
    stamp = folder / "collected"
    with folder_lock(folder):  # newsrooms with other data folders may share these files
        fingerprint = static_files_fingerprint()
        if stamp.is_file() and stamp.read_text() == fingerprint:
            return
        call_command("collectstatic", interactive=False, verbosity=0, skip_checks=True)
        stamp.write_text(fingerprint)


def static_files_fingerprint() -> str:
    """A hash of every static file's name, size and modification time, and of the storage backend."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            stats = Path(storage.path(name)).stat()
            digest.update(f"{name} {stats.st_size} {stats.st_mtime_ns}\n".encode())
    return digest.hexdigest()
