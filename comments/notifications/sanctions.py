"""Notifications of sanctions: found from the state of accounts, so that no sanction has to announce itself.

May run twice, anywhere, at once: a sanction is notified once by the constraint on (reader, kind, until).
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import RetainedSanction, User
from comments.models import Notification
from comments.notifications.notify import new_notification, preferences_of

Kind = Notification.Kind
SanctionEnd = tuple[int, datetime]  # (id of the reader, end of the sanction)


def notify_of_sanctions(now: datetime) -> int:
    """Notify readers of sanctions that have begun or ended since the last run; of how many."""
    return create(Kind.SANCTION_BEGUN, begun_sanctions(now)) + create(
        Kind.SANCTION_ENDED, ended_sanctions(now)
    )


def begun_sanctions(now: datetime) -> list[SanctionEnd]:
    """The sanctions in force that readers were not notified of."""
    retained = RetainedSanction.objects.in_force(now).values("user")
    readers = User.objects.filter(pk__in=retained, is_active=True, suspended_until__gt=now)
    notified = Notification.objects.filter(
        reader=OuterRef("pk"), kind=Kind.SANCTION_BEGUN, until=OuterRef("suspended_until")
    )
    new = readers.exclude(Exists(notified)).order_by("pk").values_list("pk", "suspended_until")
    return [(reader, until) for reader, until in new if until]


def ended_sanctions(now: datetime) -> list[SanctionEnd]:
    """The newest notified sanction of each reader who is not under one any more, unless notified."""
    later = Notification.objects.filter(
        reader=OuterRef("reader"),
        kind__in=[Kind.SANCTION_BEGUN, Kind.SANCTION_ENDED],
        pk__gt=OuterRef("pk"),
    )
    begun = Notification.objects.filter(kind=Kind.SANCTION_BEGUN, reader__is_active=True)
    free = begun.exclude(reader__suspended_until__gt=now).exclude(Exists(later))
    rows = free.order_by("pk").values_list("reader", "until")
    return [(reader, until) for reader, until in rows if until]


@transaction.atomic
def create(kind: str, sanctions: Iterable[SanctionEnd]) -> int:
    """Create the notifications of this kind, without the wait for others; how many."""
    ends = dict(sanctions)
    preferences = preferences_of(ends)
    rows = [new_notification(preferences[r], kind, until=until) for r, until in ends.items()]
    for row in filter(None, rows):
        if row.mail_at:
            row.mail_at = row.created_at
    Notification.objects.bulk_create(filter(None, rows), ignore_conflicts=True)
    return len(list(filter(None, rows)))
