"""`manage.py reconcile`: compare denormalised counts with their rows, and repair them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

import articles.readership.view_counts
import comments.reconciliation
import polls.reconciliation
import saves.reconciliation

RECONCILERS = (
    comments.reconciliation,
    saves.reconciliation,
    articles.readership.view_counts,
    polls.reconciliation,
)


class Command(BaseCommand):
    """Prints each count that differs from its rows, and repairs it. Drift is a bug: look for its cause."""

    help = (
        "Compare every stored count with its rows, print drift and repair it. "
        "Exit status 0: all counts are right now; 1: --check found drift."
    )
    # For cron: the system checks would take three times as long as the rest, each time.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Only look; repair nothing.")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        wrong = 0
        for reconciler in RECONCILERS:
            for drift in reconciler.drift():
                wrong += 1
                self.stdout.write(
                    f"{drift.slug}: {drift.count} kept {drift.stored}, counted {drift.rows}"
                )
                if not check:
                    reconciler.recount(drift)
        if wrong and check:
            raise CommandError(f"{wrong} wrong, nothing repaired")
        if wrong:
            # So that `/metrics` does not show what is repaired until the next sample.
            comments.reconciliation.store_sampled_drift(timezone.now())
        self.stdout.write(
            f"{wrong} repaired, all counts are right" if wrong else "all counts are right"
        )
