"""E-mails about blocks on request to both sides: the requester and the author of the comment."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext, override

from comments.models import BlockNotice
from newsroom.mail.queue import (
    EMAIL_LEASE,
    EMAIL_NOT_SENT,
    EMAIL_SENT,
    EmailCounts,
    EmailQueue,
    error_text,
    next_attempt_at,
)

Kind, Recipient = BlockNotice.Kind, BlockNotice.Recipient


@transaction.atomic
def lease_due_email() -> list[BlockNotice]:
    """Lease the notice that waits longest; empty if none is due. Who has no address any more gets none."""
    now = timezone.now()
    due = BlockNotice.objects.due_by_email(now).select_for_update(skip_locked=True, of=("self",))
    while notice := due.select_related("request__comment__author").first():
        row = BlockNotice.objects.filter(pk=notice.pk)
        if address_of(notice):
            row.update(mail_at=now + EMAIL_LEASE, attempts=F("attempts") + 1)
            notice.attempts += 1
            return [notice]
        row.update(mail_at=None)
    return []


def record_email_sent(notices: list[BlockNotice]) -> None:
    """The mail server has accepted the e-mail of a notice."""
    rows = BlockNotice.objects.filter(pk__in=[notice.pk for notice in notices])
    rows.update(mailed_at=timezone.now(), mail_at=None, mail_error="")


def record_email_failure(notices: list[BlockNotice], *, error: str) -> None:
    """The e-mail was not accepted: try again later, for three days."""
    for notice in notices:
        retry_at = next_attempt_at(
            created_at=notice.created_at, attempts=notice.attempts, now=timezone.now()
        )
        rows = BlockNotice.objects.filter(pk=notice.pk, mailed_at__isnull=True)
        rows.update(mail_at=retry_at, mail_error=error_text(error))


def send_block_notices() -> tuple[int, int]:
    """Send the e-mails that are due, for a limited time; the numbers of those sent and failed."""
    counts = BLOCK_NOTICE_EMAILS.send_due_unless_sending() or EmailCounts()
    return counts[EMAIL_SENT], counts[EMAIL_NOT_SENT]


def address_of(notice: BlockNotice) -> str:
    """Where a notice goes; empty once the account is closed or the contact erased."""
    if notice.recipient == Recipient.REQUESTER:
        return notice.request.requester_email
    author = notice.request.comment.author
    return author.email if author and author.is_active else ""


def notice_email(notices: list[BlockNotice]) -> EmailMessage:
    """The e-mail of one notice, in the site's language."""
    [notice] = notices
    with override(settings.LANGUAGE_CODE):
        until = notice.request.blocked_until
        values = {
            "number": notice.request_id,
            "comment": notice.request.comment_id,
            "until": f"{timezone.localtime(until):%Y-%m-%d %H:%M}" if until else "",
            "note": notice.request.note or "–",
        }
        subject = gettext("Comment %(comment)s: request to block it") % values
        body = notice_text(notice) % values
    host = urlsplit(settings.SITE_URL).hostname
    headers = {
        "Message-ID": f"<block-notice-{notice.pk}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    text = f"{body}\n\n-- \n{settings.SITE_URL}/me/\n"
    return EmailMessage(subject, text, to=[address_of(notice)], headers=headers)


def notice_text(notice: BlockNotice) -> str:
    """The sentences of a notice, by kind and side."""
    if notice.kind == Kind.BLOCKED and notice.recipient == Recipient.AUTHOR:
        return gettext(
            "On request of the person concerned your comment %(comment)s is blocked until %(until)s "
            "(Act on Promotion of Information and Communications Network Utilization, article 44-2).\n\n"
            "You can object on “My page”."
        )
    sentences = {
        Kind.BLOCKED: gettext(
            "As you requested (number %(number)s), comment %(comment)s is blocked until %(until)s. Its "
            "author is notified and can object.\n\nNote: %(note)s"
        ),
        Kind.DECLINED: gettext(
            "We do not block comment %(comment)s (your request %(number)s).\n\nNote: %(note)s"
        ),
        Kind.OBJECTED: gettext(
            "The author of comment %(comment)s has objected to the block (your request %(number)s). "
            "A moderator decides about it."
        ),
        Kind.RESTORED: gettext(
            "The block of comment %(comment)s (request %(number)s) is over: it is shown again.\n\n"
            "Note: %(note)s"
        ),
        Kind.REMOVED: gettext(
            "The block of comment %(comment)s (request %(number)s) is over: it stays hidden.\n\n"
            "Note: %(note)s"
        ),
    }
    return sentences[Kind(notice.kind)]


BLOCK_NOTICE_EMAILS = EmailQueue[BlockNotice](
    lease=lease_due_email,
    render=notice_email,
    record_sent=record_email_sent,
    record_failure=record_email_failure,
)
