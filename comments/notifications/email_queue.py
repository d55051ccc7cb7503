"""E-mail queue of notifications: those of one reader that are due, and those that wait with them.

Actions only write `mail_at`; this finds due rows. Lease and result are as in newsroom/mail/queue.py: a
sender that is killed between sending and recording leads to a second e-mail with the same Message-ID
(at least once); every other e-mail is sent once, by the row locks and `a_notification_is_mailed_once`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from comments.models import TOPIC_BY_KIND, Notification, NotificationPreferences
from comments.notifications.ignored_readers import ignored_author_ids
from newsroom.mail.queue import EMAIL_LEASE, error_text, next_attempt_at

# A reader gets no second e-mail within this time: what comes meanwhile is in the next one.
MIN_EMAIL_INTERVAL = timedelta(minutes=30)
MAX_NOTIFICATIONS_PER_EMAIL = 2000


def lease_due_email() -> list[Notification]:
    """Lease the notifications of the next e-mail: of a reader who has waited longest and whom no other
    sender is working on; empty if there is none."""
    now, passed_over = timezone.now(), list[int]()
    due = Notification.objects.due_by_email(now)
    while first := due.exclude(reader__in=passed_over).first():
        if rows := lease_email_of(first.reader_id, now):
            return rows
        passed_over.append(first.reader_id)
    return []


@transaction.atomic
def lease_email_of(reader_id: int, now: datetime) -> list[Notification]:
    """Lease what is due to this reader; empty where that is nothing, or waits.

    1. Lock the preferences of the reader, which serializes senders.
    2. Cancel what must not be sent, e-mails to nobody's confirmed address too.
    3. Put off what comes too soon after the last e-mail.
    4. Lease what is due, with what has just come and would be due in a moment; an e-mail that is tried
       again stays the same.
    """
    NotificationPreferences.objects.get_or_create(reader_id=reader_id)
    locked = NotificationPreferences.objects.select_for_update(skip_locked=True)
    preferences = locked.filter(reader=reader_id).first()
    if preferences is None:
        return []
    is_pending = Q(mail_at__lte=now) | Q(mail_at__isnull=False, attempts=0)
    own = Notification.objects.of(reader_id).filter(is_pending).order_by("pk")
    pending = list(own.select_for_update()[:MAX_NOTIFICATIONS_PER_EMAIL])
    sendable = set(sendable_ids(pending, preferences))
    cancel([row for row in pending if row.pk not in sendable])
    rows = [row for row in pending if row.pk in sendable]
    rows = [row for row in rows if row.attempts] or rows
    if not any(row.mail_at and row.mail_at <= now for row in rows):
        return []
    ids = [row.pk for row in rows]
    if preferences.last_mailed_at and preferences.last_mailed_at + MIN_EMAIL_INTERVAL > now:
        later = preferences.last_mailed_at + MIN_EMAIL_INTERVAL
        Notification.objects.filter(pk__in=ids).update(mail_at=later)
        return []
    leased = Notification.objects.filter(pk__in=ids)
    leased.update(mail_at=now + EMAIL_LEASE, attempts=F("attempts") + 1)
    return list(leased.with_comment().select_related("reader").order_by("pk"))


def sendable_ids(rows: Sequence[Notification], preferences: NotificationPreferences) -> list[int]:
    """The ids of those of one reader's notifications that may be sent now: wanted, unread, of visible
    comments of readers who are not ignored, to a confirmed address."""
    if not confirmed_email(preferences.reader_id):
        return []
    wanted = [kind for kind, topic in TOPIC_BY_KIND.items() if preferences.is_by_mail(topic)]
    unsent = Notification.objects.filter(pk__in=[row.pk for row in rows], mailed_at__isnull=True)
    sendable = unsent.unread().showable().filter(kind__in=wanted, mail_at__isnull=False)
    if ignored := ignored_author_ids(preferences.reader_id):
        sendable = sendable.exclude(comment__author__in=ignored)
    return list(sendable.values_list("pk", flat=True))


def confirmed_email(reader_id: int) -> str:
    """The confirmed address of an open account; empty without one."""
    user = User.objects.filter(pk=reader_id, is_active=True).first()
    confirmed = EmailAddress.objects.filter(user=reader_id, verified=True)
    is_confirmed = user is not None and confirmed.filter(email__iexact=user.email).exists()
    return user.email if user is not None and is_confirmed else ""


def select_sendable(leased: list[Notification]) -> list[Notification]:
    """Those of the leased notifications that may still be sent, read again right before the e-mail is made:
    a comment may have been hidden meanwhile. The others are cancelled."""
    reader_id = leased[0].reader_id
    preferences = NotificationPreferences.objects.get(reader=reader_id)
    ids = sendable_ids(leased, preferences)
    cancel([row for row in leased if row.pk not in ids])
    rows = Notification.objects.filter(pk__in=ids).with_comment().select_related("reader")
    return list(rows.order_by("pk"))


def cancel(rows: Sequence[Notification]) -> None:
    """Send no e-mail of these, which were not sent."""
    update_unsent(rows, mail_at=None)


@transaction.atomic
def record_email_sent(rows: Sequence[Notification]) -> None:
    """The mail server has accepted the e-mail of these notifications."""
    now = timezone.now()
    NotificationPreferences.objects.filter(reader=rows[0].reader_id).update(last_mailed_at=now)
    update_unsent(rows, mailed_at=now, mail_at=None, mail_error="")


@transaction.atomic
def record_email_failure(rows: Sequence[Notification], *, error: str) -> None:
    """The e-mail was not accepted: try again later, for three days.

    What was read or hidden in the meantime keeps the error and is not tried again.
    """
    now, first = timezone.now(), rows[0]
    retry_at = next_attempt_at(created_at=first.created_at, attempts=first.attempts, now=now)
    message = error_text(error)
    update_unsent(rows, mail_error=message)
    waiting = Notification.objects.filter(pk__in=[row.pk for row in rows], mail_at__isnull=False)
    waiting.update(mail_at=retry_at)


@transaction.atomic
def update_unsent(rows: Sequence[Notification], **values: datetime | str | None) -> None:
    """Update those of these rows that were not mailed, locked in the order of their ids."""
    unsent = Notification.objects.filter(pk__in=[row.pk for row in rows], mailed_at__isnull=True)
    ids = list(unsent.order_by("pk").select_for_update().values_list("pk", flat=True))
    Notification.objects.filter(pk__in=ids).update(**values)
