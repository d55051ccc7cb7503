"""Metrics of comments. Reads only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min

from comments.models import Classification


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
