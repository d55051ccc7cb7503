"""`manage.py migrate`: Django's, and the triggers that write invalidations as their rules say now."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from newsroom.db.invalidation_triggers import (
    drop_sqlite_triggers,
    restore_invalidation_triggers,
)


class Command(migrate.Command):
    """Restores the triggers that a migration has taken away by making a table anew.

    On SQLite they go before: it drops no column that a trigger names.
    """

    def handle(self, *arguments: Any, **options: Any) -> None:
        is_read_only = options.get("check_unapplied") or options.get("plan")
        if not is_read_only and connection.vendor == "sqlite" and has_plan(options):
            drop_sqlite_triggers()
        super().handle(*arguments, **options)
        if not is_read_only:
            restore_invalidation_triggers()


def has_plan(options: dict[str, Any]) -> bool:
    """Whether there may be something to migrate."""
    if options.get("app_label"):
        return True
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
