"""`manage.py deliver_due`: deliver what is due without Celery."""

import sys
import time
from datetime import timedelta
from typing import Any

from django.core.management import BaseCommand

from outbox.actions import REPEAT_PURGE_AFTER
from outbox.models import Delivery
from outbox.worker import TO_BE_REPEATED, deliver_all_due


class Command(BaseCommand):
    """Prints how many deliveries are done, to be retried, and given up."""

    help = "Delivers what is due in the outbox. Exits 1 when something did not arrive."
    # For cron: the system checks would take three times as long as the rest, each time.
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        counts, state = deliver_all_due(), Delivery.State
        if counts[TO_BE_REPEATED]:  # purges
            time.sleep(REPEAT_PURGE_AFTER / timedelta(seconds=1))
            counts += deliver_all_due()
        done, later, dead = counts[state.DONE], counts[state.WAITING], counts[state.DEAD]
        self.stdout.write(f"{done} delivered, {later} will be tried again, {dead} given up.")
        if later or dead:
            sys.exit(1)
