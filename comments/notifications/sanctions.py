"""Notifications of sanctions: found from the rows of sanctions, so that none has to announce itself.

May run twice, anywhere, at once: begin and end of a sanction are notified once each, by the constraint
`one_notification_per_sanction`. Older ones than MAX_DELAY are not notified any more; notifications are
stored longer than that, also read ones.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Sanction, SanctionKind
from comments.models import Notification
from comments.notifications.notify import new_notification, preferences_of, stored_message
from comments.notifications.retention import READ_RETENTION

Kind = Notification.Kind
MAX_DELAY = timedelta(days=7)


def notify_of_sanctions(now: datetime) -> int:
    """Notify readers of sanctions that have begun or ended since the last run; of how many."""
    return create(Kind.SANCTION_BEGUN, begun_sanctions(now)) + create(
        Kind.SANCTION_ENDED, ended_sanctions(now)
    )


def begun_sanctions(now: datetime) -> QuerySet[Sanction]:
    """The warnings and the sanctions in force that readers were not notified of."""
    is_in_force = Q(until__gt=now) | Q(kind=SanctionKind.WARN)
    begun = Sanction.objects.filter(
        is_in_force, lifted_at__isnull=True, starts_at__gt=now - MAX_DELAY, user__is_active=True
    )
    return begun.exclude(is_notified(Kind.SANCTION_BEGUN)).order_by("pk")


def ended_sanctions(now: datetime) -> QuerySet[Sanction]:
    """The sanctions that have ended, or were lifted or replaced, unless the reader knows: is notified of
    that or of a granted appeal, or was not notified of the begin."""
    has_ended = Q(until__gt=now - MAX_DELAY, until__lte=now) | Q(lifted_at__gt=now - MAX_DELAY)
    ended = Sanction.objects.filter(has_ended, user__is_active=True)
    is_known = is_notified(Kind.SANCTION_ENDED, Kind.APPEAL_GRANTED)
    had_begun = Q(starts_at__lt=now - READ_RETENTION) | Q(is_notified(Kind.SANCTION_BEGUN))
    return ended.exclude(is_known).filter(had_begun).order_by("pk")


def is_notified(*kinds: str) -> Exists:
    """Whether a sanction has a notification of one of these kinds."""
    return Exists(Notification.objects.filter(sanction=OuterRef("pk"), kind__in=kinds))


@transaction.atomic
def create(kind: str, sanctions: Collection[Sanction]) -> int:
    """Create the notifications of this kind, without the wait for others; how many.

    The reason is the message of the moderator at the begin.
    """
    preferences = preferences_of({row.user_id for row in sanctions})
    created = []
    for row in sanctions:
        message = stored_message(row.reason) if kind == Kind.SANCTION_BEGUN else ""
        values = {"sanction": row, "until": row.until, "message": message}
        if notification := new_notification(preferences[row.user_id], kind, **values):
            if notification.mail_at:
                notification.mail_at = notification.created_at
            created.append(notification)
    Notification.objects.bulk_create(created, ignore_conflicts=True)
    return len(created)
