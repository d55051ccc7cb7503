"""Letters: which notices one is written of, and what came of it.

A letter is taken before it is sent, and settled afterwards. Of two postmen one takes it; one who dies
on the way leaves it to the next after a while, so that it comes twice rather than never.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from desk.models import Notice
from desk.permissions import forbidden_notice_kinds
from newsroom.text.normalization import normalize_line

EMAIL_LEASE = timedelta(
    minutes=3
)  # longer than a mail server may keep us waiting (desk/notifications/email_sender.py)
MIN_EMAIL_RETRY_DELAY, MAX_EMAIL_RETRY_DELAY = timedelta(seconds=30), timedelta(hours=1)
EMAIL_GIVE_UP_AFTER = timedelta(days=3)
MAX_NOTICES_PER_EMAIL = 50


@transaction.atomic
def lease_due_email() -> list[Notice]:
    """The notices of one person that are due by mail, for whoever calls to write; empty when there are
    none. Nobody else gets them while the lease lasts."""
    now = timezone.now()
    due = Notice.objects.due_by_email(now).select_for_update(skip_locked=True, of=("self",))
    first = due.first()
    if first is None:
        return []
    closed = due.filter(person=first.person_id, kind__in=forbidden_notice_kinds(first.person))
    if lost := [notice.pk for notice in closed]:
        # Whoever has lost the right since hears no more of it; find_somebody passes it on.
        Notice.objects.filter(pk__in=lost).update(person=None, mail_at=None)
        return lease_due_email()
    own = due.filter(person=first.person_id).select_related("person")[:MAX_NOTICES_PER_EMAIL]
    letter = list(own)
    rows = Notice.objects.filter(pk__in=[notice.pk for notice in letter])
    rows.update(mail_at=now + EMAIL_LEASE, attempts=F("attempts") + 1)
    for notice in letter:
        notice.attempts += 1
    return letter


@transaction.atomic
def record_email_sent(letter: Sequence[Notice]) -> None:
    """The mail server has taken it."""
    rows = Notice.objects.filter(pk__in=[notice.pk for notice in letter])
    rows.update(mailed_at=timezone.now(), mail_at=None, mail_error="")


@transaction.atomic
def record_email_failure(letter: Sequence[Notice], *, error: str) -> None:
    """The mail server has not taken it: tried again after 30 s, doubling to an hour, for three days."""
    now = timezone.now()
    for notice in letter:
        waiting = Notice.objects.filter(pk=notice.pk, mailed_at__isnull=True)
        told = normalize_line(error)[:300] or "?"
        # Seen or put right meanwhile, there is nothing left to write.
        waiting.filter(mail_at__isnull=True).update(mail_error=told)
        waiting.filter(mail_at__isnull=False).update(mail_at=next_try(notice, now), mail_error=told)


def next_try(notice: Notice, now: datetime) -> datetime | None:
    if now - notice.at > EMAIL_GIVE_UP_AFTER:
        return None
    doubled: timedelta = MIN_EMAIL_RETRY_DELAY * 2 ** min(max(notice.attempts - 1, 0), 10)
    return now + min(doubled, MAX_EMAIL_RETRY_DELAY)
