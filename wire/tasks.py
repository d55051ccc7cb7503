"""Celery tasks of the wire: parse deliveries, fetch channels and pictures, prune match terms."""

import logging
import time
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from wire.actions import parse_delivery, prune_terms
from wire.models import Delivery
from wire.worker import start_fetching

logger = logging.getLogger(__name__)

MAX_DELIVERIES_PER_RUN = 200
RUN_BUDGET_SECONDS = 5.0
# Texts are compared by similarity within a day; a delivery that was held up for longer is compared by
# headline and name alone.
BANDS_STORED_FOR = timedelta(days=4)


@shared_task
def parse_waiting() -> int:
    """Parse the deliveries that are stored and not parsed; how many were tried.

    Two runs at once may try the same delivery: the second finds the result of the first. Deliveries that
    one run does not reach within its time budget are left for the next. One of many texts that was
    interrupted is gone on with.
    """
    deadline = time.monotonic() + RUN_BUDGET_SECONDS
    tried = 0
    for delivery_id in list(
        Delivery.objects.unparsed().values_list("pk", flat=True)[:MAX_DELIVERIES_PER_RUN]
    ):
        if tried and time.monotonic() > deadline:
            break
        try:
            tried += parse_if_waiting(delivery_id)
        except Exception:
            tried += 1
            logger.exception("Delivery %s stays unparsed", delivery_id)
    return tried


def parse_if_waiting(delivery_id: int) -> bool:
    """Parse a delivery that no other run has parsed since; whether it waited."""
    waiting = Delivery.objects.unparsed().select_related("source").filter(pk=delivery_id)
    if delivery := waiting.first():
        parse_delivery(delivery, by=None)
    return delivery is not None


@shared_task
def prune_match_terms() -> int:
    """Delete the bands and event terms of texts that nothing is compared with any more; how many."""
    return prune_terms(before=timezone.now() - BANDS_STORED_FOR)


@shared_task
def fetch_channels() -> bool:
    """Start fetching due channels and pictures, in a thread that nothing waits for (wire/worker.py);
    whether one was started."""
    return start_fetching() is not None
