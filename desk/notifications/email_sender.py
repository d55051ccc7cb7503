"""E-mail sender: sends the notices that are due by e-mail, one e-mail for each person.

An e-mail is leased, sent, and its result recorded (`desk.notifications.email_queue`). A mail server that
is slow or away delays e-mails only: they are tried again, and show in the admin and in the metrics.
"""

import logging
import smtplib
import threading
import time
from collections import Counter

from django.core.mail import get_connection

from desk.models import Notice
from desk.notifications.email_queue import lease_due_email, record_email_failure, record_email_sent
from desk.notifications.email_templates import email_of

logger = logging.getLogger(__name__)

# No e-mail is begun after so long: in a task, which occupies a thread of the worker; in a command.
MAX_TASK_SECONDS, MAX_RUN_SECONDS = 10.0, 60.0
EMAIL_SENT, EMAIL_NOT_SENT = "mailed", "unmailed"
# Refusals of one e-mail. Any other OSError means that the mail server cannot be reached.
SINGLE_EMAIL_ERRORS = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPSenderRefused,
)

NoticeCounts = Counter[str]  # {EMAIL_SENT: notices, EMAIL_NOT_SENT: notices}
SENDING = threading.Lock()


def send_due_emails_unless_sending() -> NoticeCounts | None:
    """Send for up to MAX_TASK_SECONDS; None where another thread of this process is still sending."""
    if not SENDING.acquire(blocking=False):
        return None
    try:
        return send_due_emails(max_seconds=MAX_TASK_SECONDS)
    finally:
        SENDING.release()


def send_due_emails(*, max_seconds: float = MAX_RUN_SECONDS) -> NoticeCounts:
    """Send every e-mail that is due; how many notices were sent and how many were not.

    1. Lease the e-mail that waits longest (others skip it while the lease lasts).
    2. Send it, and record that it was sent, or why not and when it is tried again.
    3. Go on until none is due, the time is over, or the mail server cannot be reached.
    """
    counts = NoticeCounts({EMAIL_SENT: 0, EMAIL_NOT_SENT: 0})
    deadline = time.monotonic() + max_seconds
    while time.monotonic() < deadline and (notices := lease_due_email()):
        error = send_email(notices)
        counts[EMAIL_NOT_SENT if error else EMAIL_SENT] += len(notices)
        if isinstance(error, OSError) and not isinstance(error, SINGLE_EMAIL_ERRORS):
            break
    return counts


def send_email(notices: list[Notice]) -> Exception | None:
    """Send one e-mail and record the result; the error, where it was not sent."""
    try:
        get_connection().send_messages([email_of(notices)])
    except Exception as error:
        logger.exception("Notices %s were not mailed", [notice.pk for notice in notices])
        record_email_failure(notices, error=f"{type(error).__name__}: {error}")
        return error
    record_email_sent(notices)
    return None
