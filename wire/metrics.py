"""Wire metrics for health, Prometheus and the inbox: silent sources, unparsed deliveries. Reads only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Subquery

from wire.models import Channel, Delivery, Source, StoryPhoto
from wire.parsers.result import SEOUL


@dataclass(frozen=True)
class SourceFeed:
    """An active source. `idle_seconds` since its last delivery, None where there was none yet; `idle`:
    longer than its alarm allows, outside its quiet hours.
    """

    source: str
    name: str
    last_delivery_at: datetime | None
    idle_seconds: float | None
    idle: bool


@dataclass(frozen=True)
class IntakeState:
    """Active sources, the number of unparsed deliveries, and the age of the oldest of them (0 for none)."""

    feeds: list[SourceFeed]
    unparsed: int
    oldest_unparsed_seconds: float


def intake_state(now: datetime) -> IntakeState:
    """The intake's metrics, in two queries."""
    unparsed = Delivery.objects.filter(status=Delivery.Status.RECEIVED).order_by()
    totals = unparsed.aggregate(n=Count("pk"), oldest=Min("received_at"))
    return IntakeState(source_feeds(now), totals["n"], seconds_since(now, totals["oldest"] or now))


def source_feeds(now: datetime) -> list[SourceFeed]:
    """All active sources, in one query."""
    return [
        source_feed(source, now)
        for source in with_last_delivery(Source.objects.filter(active=True))
    ]


def with_last_delivery(sources: Any) -> Any:
    """The sources, annotated with `last_delivery_at`: one row of an index for each (migration 0016)."""
    newest_first = F("received_at").desc(nulls_last=True)
    latest = Delivery.objects.filter(source=OuterRef("pk")).order_by(newest_first)
    return sources.annotate(last_delivery_at=Subquery(latest.values("received_at")[:1]))


def source_feed(source: Any, now: datetime) -> SourceFeed:
    """The feed of a source that was annotated by `with_last_delivery`."""
    last_delivery_at: datetime | None = source.last_delivery_at
    idle_seconds = seconds_since(now, last_delivery_at) if last_delivery_at else None
    idle = source.active and is_source_idle(source, last_delivery_at, now)
    return SourceFeed(source.slug, source.name, last_delivery_at, idle_seconds, idle)


def is_source_idle(source: Source, last_delivery_at: datetime | None, now: datetime) -> bool:
    """Whether the source has sent nothing for longer than its alarm allows, outside its quiet hours.

    Quiet hours do not count: after them the time begins anew.
    """
    quiet_spans = quiet_hours(source, now)
    if source.idle_after is None or any(start <= now < end for start, end in quiet_spans):
        return False
    if last_delivery_at is None:
        return True
    listening_since = max([last_delivery_at, *(end for _start, end in quiet_spans if end <= now)])
    return now - listening_since > timedelta(minutes=source.idle_after)


def quiet_hours(source: Source, now: datetime) -> list[tuple[datetime, datetime]]:
    """Start and end of the quiet hours of today and yesterday, in Korean time; they may span midnight."""
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


@dataclass(frozen=True)
class ChannelState:
    """A way in that is switched on. `silent_seconds` since its last success, None where there was none yet;
    `stalled`: it should have succeeded meanwhile.
    """

    source: str
    channel: str
    failures: int
    silent_seconds: float | None
    stalled: bool


def channel_states(now: datetime) -> list[ChannelState]:
    """All ways in that are switched on, in one query."""
    return [
        ChannelState(
            channel.source.slug,
            f"{channel.kind}-{channel.pk}",
            channel.failures,
            seconds_since(now, channel.last_success_at) if channel.last_success_at else None,
            channel.is_stalled(now),
        )
        for channel in Channel.objects.enabled().select_related("source")
    ]


def stalled_channels(now: datetime) -> list[Channel]:
    """The ways in that should have succeeded meanwhile, in one query."""
    channels = Channel.objects.enabled().select_related("source")
    return [channel for channel in channels if channel.is_stalled(now)]


def pictures_waiting() -> int:
    """How many pictures of deliveries wait to be fetched."""
    return StoryPhoto.objects.filter(state=StoryPhoto.State.WAITING).count()


def seconds_since(now: datetime, since: datetime) -> float:
    return max((now - since) / timedelta(seconds=1), 0.0)
