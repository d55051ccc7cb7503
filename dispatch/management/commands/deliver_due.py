"""Deliver by hand what waits, whatever the broker does."""

import sys
from typing import Any

from django.core.management import BaseCommand

from dispatch.couriers import carry_all
from dispatch.models import Delivery


class Command(BaseCommand):
    """Says how many deliveries arrived, wait for another attempt, or were given up."""

    help = "Delivers what is due in the outbox. Exits 1 when something did not arrive."

    def handle(self, **options: Any) -> None:
        came = carry_all()
        state = Delivery.State
        done, later, dead = came[state.DONE], came[state.WAITING], came[state.DEAD]
        self.stdout.write(f"{done} delivered, {later} will be tried again, {dead} given up.")
        if later or dead:
            sys.exit(1)
