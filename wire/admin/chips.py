"""Chips of wire stories: state and embargo as coloured labels."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _now

from newsroom.text.dates import format_short_time
from wire.models import Embargo, Story, Version
from wire.versions import is_cancelled_by_hand

EMBARGO_MENTIONED = "embargo_mentioned"
CANCELLATION_COLUMNS = (
    *("story", "delivery", "signal", "mark_order", "reading"),
    *("agency_version", "sent_at", "arrived_at"),
)
TONES = {
    Story.Status.USABLE: "live",
    Story.Status.WITHHELD: "warns",
    Story.Status.CANCELLED: "gone",
}


def chips(story: Story) -> list[tuple[str, str]]:
    """The story's status as chips: (tone, label) each."""
    shown = [(TONES[Story.Status(story.status)], status_label(story))]
    if label := embargo_label(story):
        tone = "waits" if story.embargoed_at(timezone.now()) else ""
        shown.append(("warns" if story.embargo == Embargo.OPEN else tone, label))
    if story.current and EMBARGO_MENTIONED in story.current.warnings:
        shown.append(("waits", _now("mentions an embargo")))
    return shown


def status_label(story: Story) -> str:
    """The status; of a cancelled story that a person cancelled it, where the agency did not."""
    if may_be_by_hand(story) and is_cancelled_by_hand(story, list(story.versions.all())):
        return _now("cancelled by hand")
    return story.get_status_display()


def may_be_by_hand(story: Story) -> bool:
    """Whether a person cancelled the story; its versions say whether its agency did so as well."""
    return story.status == Story.Status.CANCELLED and story.cancelled_at is not None


def prefetch_cancellations(stories: Iterable[Story]) -> None:
    """Read what `status_label` needs of a list: two queries if a person cancelled a story, else none."""
    versions = Version.objects.only(*CANCELLATION_COLUMNS)
    cancelled = [story for story in stories if may_be_by_hand(story)]
    lookups = (Prefetch(name, versions) for name in ("overruled", "versions"))
    prefetch_related_objects(cancelled, *lookups)


def cluster_chips(story: Any) -> list[tuple[str, str]]:
    """A chip (tone, label) of a story that seems to be about the same event as others."""
    cluster = getattr(story, "cluster", None)
    return [("", cluster.label())] if cluster else []


def embargo_label(story: Story) -> str:
    """The embargo as a chip's label; empty where there never was one."""
    if story.embargo_until is None:
        return "" if story.embargo == Embargo.NONE else story.get_embargo_display()
    is_active = story.embargoed_at(timezone.now())
    label = _now("embargo until %(time)s") if is_active else _now("embargo over since %(time)s")
    return label % {"time": format_short_time(story.embargo_until)}


def chip(tone: str, label: str) -> str:
    return format_html('<span class="chip {}">{}</span>', tone, label)
