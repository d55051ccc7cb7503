"""The wire's sweep."""

import logging

from celery import shared_task
from django.utils import timezone

from wire.actions import parse
from wire.models import Delivery

logger = logging.getLogger(__name__)


@shared_task
def parse_waiting() -> int:
    """Parse what was stored and then forgotten: the process between store and parse had died."""
    waiting = list(Delivery.objects.waiting(timezone.now()).values_list("pk", flat=True)[:200])
    for delivery_id in waiting:
        try:
            parse(Delivery.objects.select_related("source").get(pk=delivery_id), by=None)
        except Exception:
            logger.exception("Delivery %s waits on", delivery_id)
    return len(waiting)
