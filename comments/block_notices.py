"""E-mails about blocks on request to both sides: the requester and the author of the comment."""

import logging
import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.translation import gettext, override

from comments.models import BlockNotice

logger = logging.getLogger(__name__)
MAX_NOTICES_AT_ONCE = 100
Kind, Recipient = BlockNotice.Kind, BlockNotice.Recipient


def send_block_notices() -> tuple[int, int]:
    """Send the e-mails that are due; returns the numbers of those sent and failed. May run twice."""
    due = BlockNotice.objects.filter(mailed_at=None).select_related("request__comment__author")
    sent = failed = 0
    for notice in due.order_by("pk")[:MAX_NOTICES_AT_ONCE]:
        now = timezone.now()
        if not BlockNotice.objects.filter(pk=notice.pk, mailed_at=None).update(mailed_at=now):
            continue  # claimed by another worker
        if not (address := address_of(notice)):
            continue
        try:
            notice_email(notice, address).send()
            sent += 1
        except (OSError, smtplib.SMTPException):
            logger.exception("The notice %s about a block could not be sent", notice.pk)
            BlockNotice.objects.filter(pk=notice.pk).update(mailed_at=None)
            failed += 1
    return sent, failed


def address_of(notice: BlockNotice) -> str:
    """Where a notice goes; empty once the account is closed or the contact erased."""
    if notice.recipient == Recipient.REQUESTER:
        return notice.request.requester_email
    author = notice.request.comment.author
    return author.email if author and author.is_active else ""


def notice_email(notice: BlockNotice, address: str) -> EmailMessage:
    """The e-mail, in the site's language."""
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
    return EmailMessage(subject, text, to=[address], headers=headers)


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
