"""`manage.py migrate`: Django's, and the triggers that write invalidations as their rules say now."""

from typing import Any

from django.core.management.commands import migrate

from newsroom.db.invalidation_triggers import restore_invalidation_triggers


class Command(migrate.Command):
    """Restores the triggers that a migration has taken away by making a table anew."""

    def handle(self, *arguments: Any, **options: Any) -> None:
        super().handle(*arguments, **options)
        if not (options.get("check_unapplied") or options.get("plan")):
            restore_invalidation_triggers()
