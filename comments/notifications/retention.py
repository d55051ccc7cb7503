"""Retention of notifications: old ones are deleted in small transactions, those of closed accounts at
once."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from comments.models import Notification, NotificationPreferences

READ_RETENTION, RETENTION = timedelta(days=90), timedelta(days=180)
DELETE_BATCH_SIZE = 1000


def delete_old_notifications(now: datetime, *, batch_size: int = DELETE_BATCH_SIZE) -> int:
    """Delete notifications older than RETENTION, and read ones older than READ_RETENTION; how many."""
    total = 0
    while deleted := delete_batch(now, batch_size=batch_size):
        total += deleted
        if deleted < batch_size:
            break
    return total


@transaction.atomic
def delete_batch(now: datetime, *, batch_size: int) -> int:
    is_old = Q(created_at__lt=now - RETENTION) | Q(read_at__isnull=False)
    old = Notification.objects.filter(is_old, created_at__lt=now - READ_RETENTION)
    rows = old.order_by("created_at").select_for_update(skip_locked=True)
    ids = list(rows.values_list("pk", flat=True)[:batch_size])
    Notification.objects.filter(pk__in=ids).delete()
    return len(ids)


@transaction.atomic
def erase_notifications(reader: User) -> int:
    """Delete the notifications and preferences of a reader whose account is closed, and what others were
    notified of by the reader's comments; how many notifications.

    Before the comments lose their author.
    """
    is_affected = Q(reader=reader) | Q(comment__author=reader)
    rows = Notification.objects.filter(is_affected).order_by("pk").select_for_update(of=("self",))
    ids = list(rows.values_list("pk", flat=True))
    Notification.objects.filter(pk__in=ids).delete()
    NotificationPreferences.objects.filter(reader=reader).delete()
    return len(ids)
