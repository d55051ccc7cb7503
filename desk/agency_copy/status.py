"""Wire status: what changed in the agency's story since a draft was started from it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from desk.models import Draft, WireHold
from desk.section_rights import visible_drafts
from desk.status import TONE_NEUTRAL, TONE_WAITING, TONE_WARNING, Chip
from newsroom.db.expressions import IdArray
from wire.changes import VERSION_ORDER_FIELDS, ChangeKind, StoryChange, changes_since
from wire.models import Version


def agency_changes(drafts: Iterable[Draft]) -> dict[int, StoryChange]:
    """{draft id: changes of its agency story since the draft was started from it}.

    A constant number of queries; none where no draft was started from the wire.
    """
    from_wire = [draft for draft in drafts if draft.wire_version_id and not draft.trashed_at]
    if not from_wire:
        return {}
    versions = Version.objects.only(*VERSION_ORDER_FIELDS).in_bulk(
        [draft.wire_version_id for draft in from_wire]
    )
    pairs = [(versions[draft.wire_version_id], draft.created_at) for draft in from_wire]
    changes = changes_since(pairs)
    return {d.pk: changes[d.wire_version_id] for d in from_wire if d.wire_version_id in changes}


@dataclass(frozen=True)
class AgencyCopy:
    """The agency copy of a draft: the version used with its rights, and the hold that is open."""

    used: Version
    hold: WireHold | None

    @property
    def is_ai_prohibited(self) -> bool:
        """As `desk.actions.agency.rights.require_ai_permitted` decides."""
        return self.used.ai_use_prohibited or self.used.story.source.ai_use_prohibited


def agency_copy_of(draft: Draft) -> AgencyCopy | None:
    """The agency copy that a draft was begun from, in two queries; None without."""
    if draft.wire_version_id is None:
        return None
    rows = Version.objects.select_related("story__source", "story__current")
    hold = WireHold.objects.open().filter(draft=draft).first()
    return AgencyCopy(rows.get(pk=draft.wire_version_id), hold)


def agency_chip(change: StoryChange) -> Chip:
    """The most serious of the changes as a chip."""
    return CHIPS[change.kinds[0]]()


CHIPS: dict[ChangeKind, Callable[[], Chip]] = {
    ChangeKind.CANCELLED: lambda: Chip(_("cancelled by the agency"), TONE_WARNING),
    ChangeKind.CANCELLED_BY_HAND: lambda: Chip(_("cancelled by hand"), TONE_WARNING),
    ChangeKind.WITHHELD: lambda: Chip(_("held back in the wire inbox"), TONE_WARNING),
    ChangeKind.EMBARGO: lambda: Chip(_("the agency changed its embargo"), TONE_WAITING),
    ChangeKind.CORRECTION: lambda: Chip(_("corrected by the agency"), TONE_WARNING),
    ChangeKind.TEXT: lambda: Chip(_("newer agency copy"), TONE_NEUTRAL),
}


@dataclass(frozen=True)
class Taking:
    """A draft that was begun from a story: by whom, when; `draft` and `title` where they may be seen.

    `is_behind`: the agency's current version is another than the version used.
    """

    name: str
    at: datetime
    draft: int | None
    title: str | None
    is_behind: bool = False


def takings_of(story_ids: Iterable[int], *, user: Any) -> dict[int, list[Taking]]:
    """{story id: drafts begun from it that are not in the trash, the first one first}. Two queries."""
    begun = Draft.objects.not_trashed().filter(
        wire_version__story__in_array=IdArray(set(story_ids))
    )
    rows: Any = begun.select_related("created_by", "wire_version__story").only(
        *("headline", "created_at", "created_by__name", "created_by__nickname"),
        "wire_version__story__current",
    )
    visible = set(visible_drafts(user, begun).values_list("pk", flat=True))
    takings: dict[int, list[Taking]] = {}
    for draft in rows.order_by("created_at", "pk"):
        is_visible = draft.pk in visible
        taking = Taking(
            name=str(draft.created_by),
            at=draft.created_at,
            draft=draft.pk if is_visible else None,
            title=draft.headline if is_visible else None,
            is_behind=draft.wire_version.story.current_id != draft.wire_version_id,
        )
        takings.setdefault(draft.wire_version.story_id, []).append(taking)
    return takings
