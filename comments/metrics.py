"""Metrics of comments. Reads only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from comments.models import BlockNotice, Classification, Notification


@dataclass(frozen=True)
class ClassifierBacklog:
    """Comments that wait for the classifier, and for how long the oldest has waited."""

    waiting: int
    oldest_seconds: float


def measure_classifier(now: datetime) -> ClassifierBacklog:
    """Measure the backlog with one query over the index of waiting rows."""
    found = Classification.objects.waiting().aggregate(n=Count("pk"), oldest=Min("requested_at"))
    age = (now - (found["oldest"] or now)) / timedelta(seconds=1)
    return ClassifierBacklog(found["n"], max(age, 0.0))


@dataclass(frozen=True)
class EmailBacklog:
    """Rows whose e-mail to a reader is due or could not be sent, and for how long the oldest has waited."""

    unmailed: int
    oldest_seconds: float


def measure_reader_emails(now: datetime) -> EmailBacklog:
    """Measure the e-mails of notifications and of blocks, each with one query over the index of those to be
    sent.

    What was refused waits since it was created, what has not been tried since it was due. What was put off
    to the next e-mail, or given up after three days, is not counted.
    """
    is_refused = Q(mail_at__isnull=False) & ~Q(mail_error="")
    is_due = Q(mail_at__lte=now, mail_error="")
    found = [
        emails.order_by().aggregate(
            n=Count("pk"),
            refused=Min("created_at", filter=is_refused),
            due=Min("mail_at", filter=is_due),
        )
        for emails in (
            Notification.objects.filter(is_refused | is_due),
            BlockNotice.objects.filter(is_refused | is_due, mailed_at__isnull=True),
        )
    ]
    oldest = min((at for row in found for at in (row["refused"], row["due"]) if at), default=now)
    age = (now - oldest) / timedelta(seconds=1)
    return EmailBacklog(sum(row["n"] for row in found), max(age, 0.0))
