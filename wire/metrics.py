"""How the wire stands, in numbers for health, metrics and the inbox. Reads only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, OuterRef, Subquery

from wire.models import Delivery, Source
from wire.parsers.result import SEOUL


@dataclass(frozen=True)
class SourceFeed:
    """One source that takes deliveries. `idle_seconds` since the last one, None when none ever came;
    `idle`: for longer than its alarm allows, and not in its quiet hours."""

    source: str
    name: str
    last_delivery_at: datetime | None
    idle_seconds: float | None
    idle: bool


@dataclass(frozen=True)
class IntakeState:
    """`unparsed`: stored and not read yet; `oldest_unparsed_seconds`: how long the oldest of them
    waits, 0 when none does."""

    feeds: list[SourceFeed]
    unparsed: int
    oldest_unparsed_seconds: float


def intake_state(now: datetime) -> IntakeState:
    """The intake as it stands, in two queries whatever its size."""
    waiting = Delivery.objects.filter(status=Delivery.Status.RECEIVED).order_by()
    found = waiting.aggregate(n=Count("pk"), oldest=Min("received_at"))
    return IntakeState(source_feeds(now), found["n"], seconds_since(now, found["oldest"] or now))


def source_feeds(now: datetime) -> list[SourceFeed]:
    """Every source that takes deliveries, in one query."""
    return [
        source_feed(source, now)
        for source in with_last_delivery(Source.objects.filter(active=True))
    ]


def with_last_delivery(sources: Any) -> Any:
    """The sources, each with `heard_at`: when its last delivery came."""
    latest = Delivery.objects.filter(source=OuterRef("pk")).order_by("-received_at")
    return sources.annotate(last_delivery_at=Subquery(latest.values("received_at")[:1]))


def source_feed(source: Any, now: datetime) -> SourceFeed:
    """How the feed of a source stands that came with `heard`."""
    heard_at: datetime | None = source.last_delivery_at
    silence = seconds_since(now, heard_at) if heard_at else None
    idle = source.active and is_source_idle(source, heard_at, now)
    return SourceFeed(source.slug, source.name, heard_at, silence, idle)


def is_source_idle(source: Source, heard_at: datetime | None, now: datetime) -> bool:
    """Whether the source's alarm goes: silent for too long outside its quiet hours.

    Quiet hours do not count as silence: after them the patience begins anew.
    """
    quiet = quiet_hours(source, now)
    if source.idle_after is None or any(start <= now < end for start, end in quiet):
        return False
    if heard_at is None:
        return True
    listening_since = max([heard_at, *(end for _start, end in quiet if end <= now)])
    return now - listening_since > timedelta(minutes=source.idle_after)


def quiet_hours(source: Source, now: datetime) -> list[tuple[datetime, datetime]]:
    """The quiet hours of today and yesterday, in Korean time; they may go over midnight."""
    first, last = source.quiet_from, source.quiet_until
    if first is None or last is None:
        return []
    today = now.astimezone(SEOUL).date()
    spans = []
    for day in (today - timedelta(days=1), today):
        next_day = day + timedelta(days=1) if last <= first else day
        start = datetime.combine(day, first, tzinfo=SEOUL)
        spans.append((start, datetime.combine(next_day, last, tzinfo=SEOUL)))
    return spans


def seconds_since(now: datetime, since: datetime) -> float:
    return max((now - since) / timedelta(seconds=1), 0.0)
