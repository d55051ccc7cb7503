"""`manage.py dispatch_tidy`: delete what was delivered long ago without Celery."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import Error

from outbox.actions import delete_delivered


class Command(BaseCommand):
    """Prints how many deliveries, attempts and events were deleted."""

    help = "Deletes what was delivered long ago from the outbox. Exits 1 when it could not."
    # For cron: the system checks would take three times as long as the rest, each time.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        default = settings.OUTBOX_RETENTION_DAYS
        parser.add_argument(
            "--days", type=int, default=default, help=f"Keep so many days (default {default})."
        )

    def handle(self, *, days: int, **options: Any) -> None:
        if days < 1:
            raise CommandError("Keep at least one day.")
        try:
            deleted = delete_delivered(older_than=timedelta(days=days))
        except Error as error:
            raise CommandError(f"The outbox could not be tidied: {error}") from error
        self.stdout.write(f"{deleted}.")
