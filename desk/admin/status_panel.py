"""What the top of a story's page says: what readers see, what waits, what is missing, what was done."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils import timezone

from articles.models import Edition
from audit.descriptions import AuditLine, format_entries
from audit.models import Entry
from desk.models import Draft, Release
from desk.schedule_labels import next_step_label
from desk.status import Chip, has_expired, newest_frozen_at, status_chips, with_status
from desk.wire_status import agency_changes
from wire.changes import StoryChange

TEXT_COLUMNS = ("body", "body_html", "summary")


@dataclass
class EditionHistory:
    """An edition with the releases it had."""

    edition: Edition
    is_live: bool
    releases: list[Release] = field(default_factory=list)


@dataclass
class StatusPanel:
    """Everything a story's page says of its state."""

    draft: Any
    chips: list[Chip]
    problems: list[str]
    waiting: Release | None
    printings: list[EditionHistory]
    log: list[AuditLine]
    agency: StoryChange | None
    what_next: str

    @property
    def article(self) -> Any:
        return self.draft.article

    @property
    def changed_since(self) -> bool:
        """Whether the desk's words differ from those that readers see or will see next."""
        frozen = newest_frozen_at(self.draft)
        return frozen is not None and self.draft.changed_at > frozen

    @property
    def is_withdrawn(self) -> bool:
        return bool(self.article and self.article.withdrawn_at)

    @property
    def is_over(self) -> bool:
        """Whether readers had it, and its time is over."""
        return has_expired(self.draft)

    @property
    def was_seen(self) -> bool:
        """Whether readers have ever seen it: only then is there something to correct."""
        return bool(self.article and self.article.first_published_at)


def status_panel_of(draft: Draft) -> StatusPanel:
    """The state box of one draft, in a number of queries that does not grow."""
    seen: Any = with_status(Draft.objects.filter(pk=draft.pk)).get()
    releases = list(
        Release.objects.filter(article=seen.article_id)
        .select_related("edition", "planned_by", "approved_by", "bundle")
        .defer(*(f"edition__{name}" for name in TEXT_COLUMNS))
        .order_by("-pk")[:100]
        if seen.article_id
        else ()
    )
    printings = edition_history_of(seen, releases)
    waiting = next((r for r in releases if r.settled_at is None), None)
    return StatusPanel(
        draft=seen,
        chips=status_chips(seen),
        problems=seen.problems(),
        waiting=waiting,
        printings=printings,
        log=format_entries(story_audit_entries(seen, printings, releases)),
        agency=agency_changes([seen]).get(seen.pk),
        what_next=next_step_label(waiting, timezone.now()) if waiting else "",
    )


def edition_history_of(draft: Any, releases: list[Release]) -> list[EditionHistory]:
    """The editions, newest first, each with its releases."""
    if draft.article_id is None:
        return []
    editions = (
        Edition.objects.filter(article=draft.article_id).defer(*TEXT_COLUMNS).order_by("-number")
    )
    live = draft.article.live_id
    printings = {e.pk: EditionHistory(e, is_live=e.pk == live) for e in editions[:100]}
    for release in releases:
        if release.edition_id in printings:
            printings[release.edition_id].releases.append(release)
    return list(printings.values())


def story_audit_entries(
    draft: Any, printings: list[EditionHistory], releases: list[Release]
) -> list[Entry]:
    """The newest lines of the audit log about this story and everything made of it."""
    subjects = Q(kind="desk.draft", subject=str(draft.pk))
    if draft.article_id:
        editions = [str(p.edition.pk) for p in printings]
        subjects |= Q(kind="articles.article", subject=str(draft.article_id))
        subjects |= Q(kind="articles.edition", subject__in=editions)
        subjects |= Q(kind="desk.release", subject__in=[str(r.pk) for r in releases])
    return list(Entry.objects.filter(subjects)[:40])
