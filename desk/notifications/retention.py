"""Forget notices that nobody needs any more, in small transactions."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from desk.models import Notice

DELETE_BATCH_SIZE = 1000


def delete_settled_notices(*, retention: timedelta, batch_size: int = DELETE_BATCH_SIZE) -> int:
    """Delete notices of what was put right, or of news that was read, longer ago than `keep`; how many.

    What still holds stays, and so does news that reached nobody.
    """
    before, gone = timezone.now() - retention, 0
    while some := forget(before, at_once=batch_size):
        gone += some
        if some < batch_size:
            break
    return gone


@transaction.atomic
def forget(before: datetime, *, at_once: int) -> int:
    old = Notice.objects.settled(before).select_for_update(skip_locked=True).order_by("pk")
    numbers = list(old.values_list("pk", flat=True)[:at_once])
    Notice.objects.filter(pk__in=numbers).delete()
    return len(numbers)
