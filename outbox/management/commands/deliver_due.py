"""Deliver by hand what waits, whatever the broker does."""

import sys
import time
from datetime import timedelta
from typing import Any

from django.core.management import BaseCommand

from outbox.actions import ECHO_AFTER
from outbox.models import Delivery
from outbox.worker import ONCE_MORE, carry_all


class Command(BaseCommand):
    """Says how many deliveries arrived, wait for another attempt, or were given up."""

    help = "Delivers what is due in the outbox. Exits 1 when something did not arrive."

    def handle(self, **options: Any) -> None:
        came, state = carry_all(), Delivery.State
        if came[ONCE_MORE]:  # purges, which go out twice
            time.sleep(ECHO_AFTER / timedelta(seconds=1))
            came += carry_all()
        done, later, dead = came[state.DONE], came[state.WAITING], came[state.DEAD]
        self.stdout.write(f"{done} delivered, {later} will be tried again, {dead} given up.")
        if later or dead:
            sys.exit(1)
