"""E-mail queue sender: leases an e-mail, sends it, records the result; one run at a time in a process.

The rows of a queue say what is due. Of two senders one gets the lease; a sender that dies leaves the rows
to another when the lease ends, so that an e-mail may come twice (with the same Message-ID) but is never
lost.
"""

import logging
import smtplib
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from django.core.mail import EmailMessage, get_connection

from newsroom.text.normalization import normalize_line

logger = logging.getLogger(__name__)

# No e-mail is begun after so long: in a task, which occupies a thread of the worker; in a command.
MAX_TASK_SECONDS, MAX_RUN_SECONDS = 10.0, 60.0
EMAIL_LEASE = timedelta(minutes=3)  # longer than a mail server may take (EMAIL_TIMEOUT)
MIN_EMAIL_RETRY_DELAY, MAX_EMAIL_RETRY_DELAY = timedelta(seconds=30), timedelta(hours=1)
EMAIL_GIVE_UP_AFTER = timedelta(days=3)
MAX_ERROR_CHARS = 300
EMAIL_SENT, EMAIL_NOT_SENT = "mailed", "unmailed"
# Refusals of one e-mail. Any other OSError means that the mail server cannot be reached.
SINGLE_EMAIL_ERRORS = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPSenderRefused,
)

EmailCounts = Counter[str]  # {EMAIL_SENT: rows, EMAIL_NOT_SENT: rows}


class EmailRow(Protocol):
    """A row that an e-mail is about."""

    @property
    def pk(self) -> int: ...


Row = TypeVar("Row", bound=EmailRow)


class RecordFailure(Protocol[Row]):
    """Records that an e-mail was not accepted, and when it is tried again."""

    def __call__(self, rows: list[Row], /, *, error: str) -> None: ...


def select_all(rows: list[Row]) -> list[Row]:
    """All of the leased rows."""
    return rows


@dataclass(frozen=True)
class EmailQueue(Generic[Row]):
    """A queue of e-mails in a table.

    `lease` gives the rows of the next e-mail, none if nothing is due; `select_sendable` reads them again
    and gives those that may still be sent; `render` makes the e-mail of these.
    """

    lease: Callable[[], list[Row]]
    render: Callable[[list[Row]], EmailMessage]
    record_sent: Callable[[list[Row]], None]
    record_failure: RecordFailure[Row]
    select_sendable: Callable[[list[Row]], list[Row]] = select_all
    sending: threading.Lock = field(default_factory=threading.Lock)

    def send_due_unless_sending(self) -> EmailCounts | None:
        """Send for up to MAX_TASK_SECONDS; None where another thread of this process is still sending."""
        if not self.sending.acquire(blocking=False):
            return None
        try:
            return self.send_due(max_seconds=MAX_TASK_SECONDS)
        finally:
            self.sending.release()

    def send_due(self, *, max_seconds: float = MAX_RUN_SECONDS) -> EmailCounts:
        """Send every e-mail that is due; how many rows were sent and how many were not.

        1. Lease the e-mail that waits longest (others skip it while the lease lasts).
        2. Send it, and record that it was sent, or why not and when it is tried again.
        3. Go on until none is due, the time is over, or the mail server cannot be reached.
        """
        counts = EmailCounts({EMAIL_SENT: 0, EMAIL_NOT_SENT: 0})
        deadline = time.monotonic() + max_seconds
        while time.monotonic() < deadline and (leased := self.lease()):
            rows = self.select_sendable(leased)
            error = self.send(rows) if rows else None
            counts[EMAIL_NOT_SENT if error else EMAIL_SENT] += len(rows)
            if isinstance(error, OSError) and not isinstance(error, SINGLE_EMAIL_ERRORS):
                break
        return counts

    def send(self, rows: list[Row]) -> Exception | None:
        """Send one e-mail and record the result; the error, where it was not sent."""
        try:
            get_connection().send_messages([self.render(rows)])
        except Exception as error:
            logger.exception("The e-mail of rows %s was not sent", [row.pk for row in rows])
            self.record_failure(rows, error=f"{type(error).__name__}: {error}")
            return error
        self.record_sent(rows)
        return None


def error_text(error: str) -> str:
    """The error of an e-mail as it is stored: one line, never empty."""
    return normalize_line(error)[:MAX_ERROR_CHARS] or "?"


def next_attempt_at(*, created_at: datetime, attempts: int, now: datetime) -> datetime | None:
    """When an e-mail is tried again: after 30 s, doubling to an hour; None when it is given up, after three
    days."""
    if now - created_at > EMAIL_GIVE_UP_AFTER:
        return None
    delay: timedelta = MIN_EMAIL_RETRY_DELAY * 2 ** min(max(attempts - 1, 0), 10)
    return now + min(delay, MAX_EMAIL_RETRY_DELAY)
