"""Forget by hand what was delivered long ago."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import Error

from outbox.actions import delete_delivered


class Command(BaseCommand):
    """Says how many deliveries, attempts and events are gone."""

    help = "Deletes what was delivered long ago from the outbox. Exits 1 when it could not."

    def add_arguments(self, parser: CommandParser) -> None:
        usual = settings.DISPATCH_KEEP_DAYS
        parser.add_argument(
            "--days", type=int, default=usual, help=f"Keep so many days (default {usual})."
        )

    def handle(self, *, days: int, **options: Any) -> None:
        if days < 1:
            raise CommandError("Keep at least one day.")
        try:
            tidied = delete_delivered(older_than=timedelta(days=days))
        except Error as trouble:
            raise CommandError(f"The outbox could not be tidied: {trouble}") from trouble
        self.stdout.write(f"{tidied}.")
