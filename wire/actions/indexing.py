"""Index of versions: what the search of the inbox and the suggestions of one event find them by."""

from collections.abc import Sequence

from django.db import transaction

from wire.inbox_search.index import index_versions
from wire.matching.events import event_terms
from wire.models import IndexedVersion, MatchTerm, Story, Version
from wire.models.versions import SUPERSEDED
from wire.parsers.marks import has_column_mark


def index_version(version: Version, *, story: Story) -> None:
    """Index a version, in the transaction that stores it. The terms of one without an identifier are stored
    with those that its story is found by (`wire.actions.placing.index_text`).
    """
    index_versions([(version, story.source_id)])
    if story.identifier:
        MatchTerm.objects.bulk_create(event_rows(version, source_id=story.source_id))


def event_rows(version: Version, *, source_id: int) -> list[MatchTerm]:
    """The rows by which a version is found as one of the same event; none for columns (인사, 부고, 표)."""
    if has_column_mark(version.marks):
        return []
    sent_at = version.sent_at or version.arrived_at
    kind = MatchTerm.Kind.EVENT
    return [
        MatchTerm(version=version, source_id=source_id, kind=kind, term=term, sent_at=sent_at)
        for term in sorted(event_terms(version.headline))
    ]


@transaction.atomic
def reindex_versions(after_id: int, *, batch_size: int = 200) -> tuple[int, int]:
    """Index the next versions with an id above `after_id` anew: the last (0 for none), and how many.

    Rows of superseded ones, of which the search finds none, are deleted.
    The terms of events, which are stored for some days, stay as they are.
    """
    rows = Version.objects.select_related("story").filter(pk__gt=after_id).order_by("pk")
    versions: Sequence[Version] = list(
        rows.select_for_update(of=("self",), no_key=True)[:batch_size]
    )
    if not versions:
        return 0, 0
    superseded = [version.pk for version in versions if version.reading == SUPERSEDED]
    IndexedVersion.objects.filter(version__in=superseded).delete()
    counting = [version for version in versions if version.reading != SUPERSEDED]
    return versions[-1].pk, index_versions((v, v.story.source_id) for v in counting)


@transaction.atomic
def index_missing_versions(before_id: int | None, *, batch_size: int = 200) -> tuple[int, int]:
    """Index the next versions that are not in the index, newest first, with an id below `before_id` (None:
    all): the last (0 for none), and how many.
    """
    rows = Version.objects.select_related("story").filter(indexed=None).order_by("-pk")
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    versions: Sequence[Version] = list(
        rows.select_for_update(of=("self",), no_key=True)[:batch_size]
    )
    if not versions:
        return 0, 0
    return versions[-1].pk, index_versions((v, v.story.source_id) for v in versions)


def versions_not_indexed(*, limit: int) -> int:
    """How many versions that count are not in the index, counted up to `limit`."""
    missing = Version.objects.filter(indexed=None, reading__gt=SUPERSEDED).order_by("pk")
    return len(missing.values_list("pk", flat=True)[:limit])
