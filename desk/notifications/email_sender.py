"""The postman: writes people of what they have to know, in a thread beside the worker's places.

A mail server that is slow or away holds up nothing but letters: what is to be published is published,
and what could not be mailed is tried again and can be seen at the desk and in the metrics.
"""

import logging
import smtplib
import threading
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor

from django.core.mail import get_connection
from django.db import connections
from django.utils import timezone

from desk.models import Notice
from desk.notifications.email_queue import lease_due_email, record_email_failure, record_email_sent
from desk.notifications.email_templates import email_of
from desk.notifications.resolve import notify_of_subscriber, reassign_undelivered, resolve_notices
from outbox.models import Subscriber

logger = logging.getLogger(__name__)

MAX_RUN_SECONDS = 60.0  # seconds after which a round begins no further letter
EMAIL_SENT, EMAIL_NOT_SENT = "mailed", "unmailed"
# What says that this one letter is not taken; of everything else that a mail server is not there.
ONE_LETTER = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused)

Tally = Counter[str]
POSTMAN = ThreadPoolExecutor(1, thread_name_prefix="postman")
ON_THE_WAY = threading.Lock()


def refresh_notices() -> None:
    """Bring the notices up to date: what is over, what reached nobody, which subscribers are in trouble."""
    resolve_notices()
    reassign_undelivered()
    for subscriber in Subscriber.objects.needing_notice(timezone.now()):
        notify_of_subscriber(subscriber)


def send_out() -> "Future[Tally] | None":
    """The postman on the way with what is due; None while this process's is still out."""
    if not ON_THE_WAY.acquire(blocking=False):
        return None
    try:
        return POSTMAN.submit(go)
    except BaseException:
        ON_THE_WAY.release()
        raise


def go() -> Tally:
    """A postman's round, in a thread with a connection of its own."""
    try:
        return send_due_emails()
    except Exception:
        logger.exception("The postman did not come back")
        raise
    finally:
        connections.close_all()
        ON_THE_WAY.release()


def send_due_emails() -> Tally:
    """Write every letter that is due; how many notices were mailed, and how many were not."""
    total, until = Tally({EMAIL_SENT: 0, EMAIL_NOT_SENT: 0}), time.monotonic() + MAX_RUN_SECONDS
    while time.monotonic() < until and (letter := lease_due_email()):
        trouble = send(letter)
        total[EMAIL_NOT_SENT if trouble else EMAIL_SENT] += len(letter)
        if isinstance(trouble, OSError) and not isinstance(trouble, ONE_LETTER):
            break  # nobody is there: the others need not find out one by one
    return total


def send(letter: list[Notice]) -> Exception | None:
    """Send one letter and settle it; what went wrong, if anything did."""
    try:
        get_connection().send_messages([email_of(letter)])
    except Exception as trouble:
        numbers = [notice.pk for notice in letter]
        logger.exception("Notices %s were not mailed", numbers)
        record_email_failure(letter, error=f"{type(trouble).__name__}: {trouble}")
        return trouble
    record_email_sent(letter)
    return None
