"""Forget notices that nobody needs any more, in small transactions."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from desk.models import Notice

AT_ONCE = 1000


def tidy_notices(*, keep: timedelta, at_once: int = AT_ONCE) -> int:
    """Delete notices of what was put right, or of news that was read, longer ago than `keep`; how many.

    What still holds stays, and so does news that reached nobody.
    """
    before, gone = timezone.now() - keep, 0
    while some := forget(before, at_once=at_once):
        gone += some
        if some < at_once:
            break
    return gone


@transaction.atomic
def forget(before: datetime, *, at_once: int) -> int:
    old = Notice.objects.settled(before).select_for_update(skip_locked=True).order_by("pk")
    numbers = list(old.values_list("pk", flat=True)[:at_once])
    Notice.objects.filter(pk__in=numbers).delete()
    return len(numbers)
