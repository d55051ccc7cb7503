"""What became of the agency's story that a draft was begun from."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from desk.models import Draft
from desk.status import CALM, WAITS, WARNS, Chip
from wire.changes import ORDERED, Change, Kind, changes_since
from wire.models import Version


def agency_changes(drafts: Iterable[Draft]) -> dict[int, Change]:
    """What happened to the agency's story since each of these drafts was begun from it, by the number
    of the draft; in a number of queries that does not grow, none where nobody began from the wire."""
    begun = [draft for draft in drafts if draft.wire_version_id and not draft.trashed_at]
    if not begun:
        return {}
    versions = Version.objects.only(*ORDERED).in_bulk([d.wire_version_id for d in begun])
    pairs = [(versions[draft.wire_version_id], draft.created_at) for draft in begun]
    found = changes_since(pairs)
    return {d.pk: found[d.wire_version_id] for d in begun if d.wire_version_id in found}


def agency_chip(change: Change) -> Chip:
    """The gravest of it in a few words."""
    return CHIPS[change.kinds[0]]()


CHIPS: dict[Kind, Callable[[], Chip]] = {
    Kind.CANCELLED: lambda: Chip(_("cancelled by the agency"), WARNS),
    Kind.WITHHELD: lambda: Chip(_("held back in the wire inbox"), WARNS),
    Kind.EMBARGO: lambda: Chip(_("the agency changed its embargo"), WAITS),
    Kind.CORRECTION: lambda: Chip(_("corrected by the agency"), WARNS),
    Kind.TEXT: lambda: Chip(_("newer agency copy"), CALM),
}
