"""E-mail sender: sends the notices that are due by e-mail, one e-mail for each person.

An e-mail is leased, sent, and its result recorded (`desk.notifications.email_queue`, `newsroom.mail`). A
mail server that is slow or away delays e-mails only: they are tried again, and show in the admin and in the
metrics.
"""

from desk.models import Notice
from desk.notifications.email_queue import lease_due_email, record_email_failure, record_email_sent
from desk.notifications.email_templates import email_of
from newsroom.mail.queue import (
    EMAIL_NOT_SENT,
    EMAIL_SENT,
    MAX_RUN_SECONDS,
    EmailCounts,
    EmailQueue,
)

__all__ = [
    "EMAIL_NOT_SENT",
    "EMAIL_SENT",
    "send_due_emails",
    "send_due_emails_unless_sending",
]

NOTICE_EMAILS = EmailQueue[Notice](
    lease=lease_due_email,
    render=email_of,
    record_sent=record_email_sent,
    record_failure=record_email_failure,
)


def send_due_emails_unless_sending() -> EmailCounts | None:
    """Send for a bounded time; None where another thread of this process is still sending."""
    return NOTICE_EMAILS.send_due_unless_sending()


def send_due_emails(*, max_seconds: float = MAX_RUN_SECONDS) -> EmailCounts:
    """Send every e-mail that is due; how many notices were sent and how many were not."""
    return NOTICE_EMAILS.send_due(max_seconds=max_seconds)
