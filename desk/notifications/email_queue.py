"""E-mail queue: notices that are due by e-mail, with leases and retries.

Notices are leased before the e-mail is sent, and settled afterwards. Of two senders one gets the lease; a
sender that dies leaves the notices to another when the lease ends, so that an e-mail may come twice but
is never lost.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from desk.models import Notice
from desk.permissions import forbidden_notice_kinds
from desk.section_rights import visible_notices
from newsroom.mail.queue import EMAIL_GIVE_UP_AFTER, EMAIL_LEASE, error_text, next_attempt_at

__all__ = [
    "EMAIL_GIVE_UP_AFTER",
    "EMAIL_LEASE",
    "lease_due_email",
    "record_email_failure",
    "record_email_sent",
]

MAX_NOTICES_PER_EMAIL = 50


@transaction.atomic
def lease_due_email() -> list[Notice]:
    """Lease the due notices of the person who has waited longest; empty if none is due.

    Notices that the person may not see any more go back without a recipient, for
    `reassign_undelivered`.
    """
    now = timezone.now()
    due = Notice.objects.due_by_email(now).select_for_update(skip_locked=True, of=("self",))
    first = due.first()
    if first is None:
        return []
    own = due.filter(person=first.person_id)
    readable = visible_notices(
        first.person, own.excluding_kinds(forbidden_notice_kinds(first.person))
    )
    readable_ids = set(readable.values_list("pk", flat=True))
    if forbidden_ids := set(own.values_list("pk", flat=True)) - readable_ids:
        Notice.objects.filter(pk__in=forbidden_ids).update(person=None, mail_at=None)
        return lease_due_email()
    notices = list(own.select_related("person")[:MAX_NOTICES_PER_EMAIL])
    rows = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    rows.update(mail_at=now + EMAIL_LEASE, attempts=F("attempts") + 1)
    for notice in notices:
        notice.attempts += 1
    return notices


@transaction.atomic
def record_email_sent(notices: Sequence[Notice]) -> None:
    """The mail server has accepted the e-mail of these notices."""
    rows = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    rows.update(mailed_at=timezone.now(), mail_at=None, mail_error="")


@transaction.atomic
def record_email_failure(notices: Sequence[Notice], *, error: str) -> None:
    """The e-mail was not accepted: try again after 30 s, doubling to an hour, for three days.

    A notice that was seen or resolved in the meantime keeps the error and is not tried again.
    """
    now, message = timezone.now(), error_text(error)
    for notice in notices:
        unsent = Notice.objects.filter(pk=notice.pk, mailed_at__isnull=True)
        unsent.filter(mail_at__isnull=True).update(mail_error=message)
        retry_at = next_attempt_at(created_at=notice.at, attempts=notice.attempts, now=now)
        unsent.filter(mail_at__isnull=False).update(mail_at=retry_at, mail_error=message)
