"""Status panel of the story page: status chips, problems, waiting release, editions, and audit log."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils import timezone

from articles.models import Edition
from audit.descriptions import AuditLine, format_entries
from audit.models import Entry
from desk.agency_copy.addresses import find_wire_addresses
from desk.agency_copy.status import AgencyCopy, agency_changes, agency_copy_of
from desk.approval import ApprovalState, approval_state
from desk.links import ExternalLinks, LinkProblem, external_links_of, link_problems_of
from desk.models import Draft, Release
from desk.schedule_labels import next_step_label
from desk.status import (
    Chip,
    assignment_chip,
    has_expired,
    newest_frozen_at,
    status_chips,
    with_status,
)
from wire.changes import StoryChange

TEXT_COLUMNS = ("body", "body_html", "summary")
PEOPLE = ("section", "assigned_to", "approved_by")
MAX_RELEASES, MAX_EDITIONS, MAX_AUDIT_ENTRIES = 100, 100, 40


@dataclass
class EditionHistory:
    """An edition with its releases, the newest first."""

    edition: Edition
    is_live: bool
    releases: list[Release] = field(default_factory=list)


@dataclass
class StatusPanel:
    """The status of a draft and of its article, as the story page shows it."""

    draft: Any
    chips: list[Chip]
    problems: list[str]
    link_problems: list[LinkProblem]
    external_links: ExternalLinks
    waiting: Release | None
    editions: list[EditionHistory]
    audit_lines: list[AuditLine]
    agency_change: StoryChange | None
    agency_copy: AgencyCopy | None
    next_step: str
    approval: ApprovalState | None
    assignment: Chip | None
    wire_addresses: list[str]

    @property
    def article(self) -> Any:
        return self.draft.article

    @property
    def is_changed_since_freeze(self) -> bool:
        """Whether the draft was changed after the newest edition that is live or waiting was frozen."""
        frozen_at = newest_frozen_at(self.draft)
        return frozen_at is not None and self.draft.changed_at > frozen_at

    @property
    def is_withdrawn(self) -> bool:
        return bool(self.article and self.article.withdrawn_at)

    @property
    def is_expired(self) -> bool:
        """Whether the article was published and has expired."""
        return has_expired(self.draft)

    @property
    def was_published(self) -> bool:
        """Whether readers have ever seen the article; only then can it be corrected."""
        return bool(self.article and self.article.first_published_at)


def status_panel_of(draft: Draft, *, reader: Any) -> StatusPanel:
    """The status panel of a draft, as this user may read it. A constant number of queries."""
    row: Any = with_status(Draft.objects.filter(pk=draft.pk).select_related(*PEOPLE)).get()
    releases = list(
        Release.objects.filter(article=row.article_id)
        .select_related("edition", "planned_by", "approved_by", "bundle")
        .defer(*(f"edition__{name}" for name in TEXT_COLUMNS))
        .order_by("-pk")[:MAX_RELEASES]
        if row.article_id
        else ()
    )
    editions = edition_history_of(row, releases)
    waiting = next((release for release in releases if release.settled_at is None), None)
    return StatusPanel(
        draft=row,
        chips=status_chips(row),
        problems=row.problems(),
        link_problems=link_problems_of(row, reader=reader),
        external_links=external_links_of(row),
        waiting=waiting,
        editions=editions,
        audit_lines=format_entries(story_audit_entries(row, editions, releases)),
        agency_change=agency_changes([row]).get(row.pk),
        agency_copy=agency_copy_of(row),
        next_step=next_step_label(waiting, timezone.now()) if waiting else "",
        approval=approval_state(row),
        assignment=assignment_chip(row, timezone.now()),
        wire_addresses=find_wire_addresses(row),
    )


def edition_history_of(draft: Any, releases: list[Release]) -> list[EditionHistory]:
    """The editions of the draft's article, the newest first, each with its own of `releases`."""
    if draft.article_id is None:
        return []
    rows = Edition.objects.filter(article=draft.article_id).defer(*TEXT_COLUMNS)
    live_pk = draft.article.live_id
    histories = {
        edition.pk: EditionHistory(edition, is_live=edition.pk == live_pk)
        for edition in rows.order_by("-number")[:MAX_EDITIONS]
    }
    for release in releases:
        if release.edition_id in histories:
            histories[release.edition_id].releases.append(release)
    return list(histories.values())


def story_audit_entries(
    draft: Any, editions: list[EditionHistory], releases: list[Release]
) -> list[Entry]:
    """The newest audit entries about the draft, its article, its editions and its releases."""
    subjects = Q(kind="desk.draft", subject=str(draft.pk))
    if draft.article_id:
        edition_pks = [str(history.edition.pk) for history in editions]
        subjects |= Q(kind="articles.article", subject=str(draft.article_id))
        subjects |= Q(kind="articles.edition", subject__in=edition_pks)
        subjects |= Q(kind="desk.release", subject__in=[str(release.pk) for release in releases])
    return list(Entry.objects.filter(subjects)[:MAX_AUDIT_ENTRIES])
