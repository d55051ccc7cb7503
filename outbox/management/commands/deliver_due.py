"""Deliver by hand what waits, whatever the broker does."""

import sys
import time
from datetime import timedelta
from typing import Any

from django.core.management import BaseCommand

from outbox.actions import REPEAT_PURGE_AFTER
from outbox.models import Delivery
from outbox.worker import TO_BE_REPEATED, deliver_all_due


class Command(BaseCommand):
    """Says how many deliveries arrived, wait for another attempt, or were given up."""

    help = "Delivers what is due in the outbox. Exits 1 when something did not arrive."

    def handle(self, **options: Any) -> None:
        came, state = deliver_all_due(), Delivery.State
        if came[TO_BE_REPEATED]:  # purges, which go out twice
            time.sleep(REPEAT_PURGE_AFTER / timedelta(seconds=1))
            came += deliver_all_due()
        done, later, dead = came[state.DONE], came[state.WAITING], came[state.DEAD]
        self.stdout.write(f"{done} delivered, {later} will be tried again, {dead} given up.")
        if later or dead:
            sys.exit(1)
