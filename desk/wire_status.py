"""What became of the agency's story that a draft was begun from."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from desk.models import Draft
from desk.status import TONE_NEUTRAL, TONE_WAITING, TONE_WARNING, Chip
from wire.changes import VERSION_ORDER_FIELDS, ChangeKind, StoryChange, changes_since
from wire.models import Version


def agency_changes(drafts: Iterable[Draft]) -> dict[int, StoryChange]:
    """What happened to the agency's story since each of these drafts was begun from it, by the number
    of the draft; in a number of queries that does not grow, none where nobody began from the wire."""
    begun = [draft for draft in drafts if draft.wire_version_id and not draft.trashed_at]
    if not begun:
        return {}
    versions = Version.objects.only(*VERSION_ORDER_FIELDS).in_bulk(
        [d.wire_version_id for d in begun]
    )
    pairs = [(versions[draft.wire_version_id], draft.created_at) for draft in begun]
    found = changes_since(pairs)
    return {d.pk: found[d.wire_version_id] for d in begun if d.wire_version_id in found}


def agency_chip(change: StoryChange) -> Chip:
    """The gravest of it in a few words."""
    return CHIPS[change.kinds[0]]()


CHIPS: dict[ChangeKind, Callable[[], Chip]] = {
    ChangeKind.CANCELLED: lambda: Chip(_("cancelled by the agency"), TONE_WARNING),
    ChangeKind.WITHHELD: lambda: Chip(_("held back in the wire inbox"), TONE_WARNING),
    ChangeKind.EMBARGO: lambda: Chip(_("the agency changed its embargo"), TONE_WAITING),
    ChangeKind.CORRECTION: lambda: Chip(_("corrected by the agency"), TONE_WARNING),
    ChangeKind.TEXT: lambda: Chip(_("newer agency copy"), TONE_NEUTRAL),
}
