"""Retention of notices: delete those that are settled, in small transactions."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from desk.models import Notice

DELETE_BATCH_SIZE = 1000


def delete_settled_notices(*, retention: timedelta, batch_size: int = DELETE_BATCH_SIZE) -> int:
    """Delete notices that were resolved, or are news that was read, longer than `retention` ago; how many.

    Unresolved notices stay, and so does news that reached nobody.
    """
    before, total = timezone.now() - retention, 0
    while deleted := delete_batch(before, batch_size=batch_size):
        total += deleted
        if deleted < batch_size:
            break
    return total


@transaction.atomic
def delete_batch(before: datetime, *, batch_size: int) -> int:
    settled = Notice.objects.settled(before).select_for_update(skip_locked=True).order_by("pk")
    ids = list(settled.values_list("pk", flat=True)[:batch_size])
    Notice.objects.filter(pk__in=ids).delete()
    return len(ids)
