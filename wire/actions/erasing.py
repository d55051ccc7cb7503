"""Erase agency copy, in the transaction of a legal erasure of the article that was made of it."""

from collections.abc import Callable

from audit.actions import redact_entries
from wire.actions.locking import lock_story_and_deliveries
from wire.models import Delivery, Story, StoryPhoto, Version
from wire.triggers import permit_erasure


def erase_story(story: Story, *, label: str, is_used: Callable[[], bool]) -> set[int] | None:
    """Delete a story of an agency with its versions and the bytes of its deliveries; None if it stays.

    The ids of the photos that came with it: the caller deletes those that no other story shows.

    1. Lock its deliveries by id, then the story, as intake does.
    2. Ask `is_used` under the locks whether another draft was begun from it; then it stays.
    3. Redact its entries in the audit log, and those of its deliveries: their things become `label`.
    4. Take the references between them back, and delete them. A delivery that another story came with too
       stays, without its bytes.

    Stories that were joined with it go with it. What the agency sends again later is taken in anew.
    """
    locked, delivery_ids = lock_story_and_deliveries(story.pk)
    if locked is None or is_used():
        return None
    photos = story_photo_ids(locked)
    redact_entries("wire.story", [story.pk, *ids_joined_with(story.pk)], label=label)
    redact_entries("wire.delivery", sorted(delivery_ids), label=label)
    locked.current = locked.overruled = locked.embargo_decided = None
    locked.save(update_fields=["current", "overruled", "embargo_decided"])
    shared = empty_shared_deliveries(story.pk, delivery_ids, label=label)
    own = Delivery.objects.filter(pk__in=delivery_ids - shared)
    own.update(status=Delivery.Status.FAILED, version=None)
    Version.objects.filter(story=story).delete()
    own.delete()
    locked.delete()
    return photos


def empty_shared_deliveries(story_id: int, delivery_ids: set[int], *, label: str) -> set[int]:
    """Empty those of the story's deliveries that other stories came with too; their ids.

    Their SHA-256 and size stay, so that the same bytes are known when they are fetched again.
    """
    others = Version.objects.exclude(story=story_id)
    brought = others.filter(delivery__in=delivery_ids).order_by("-pk")
    known = others.filter(known_in__in=delivery_ids).order_by("-pk")
    remaining = dict(known.values_list("known_in", "pk"))
    remaining |= dict(brought.values_list("delivery_id", "pk"))
    deliveries = Delivery.objects.filter(pk__in=set(remaining))
    with permit_erasure():
        deliveries.update(raw=b"", name="", reason=label)
    for pk in deliveries.filter(version__story=story_id).values_list("pk", flat=True):
        Delivery.objects.filter(pk=pk).update(version=remaining[pk])
    return set(remaining)


def ids_joined_with(story_id: int) -> list[int]:
    """The stories that were joined with this one, directly or through others; they have no versions."""
    found: list[int] = []
    joined = [story_id]
    while joined:
        rows = Story.objects.filter(merged_into__in=joined).exclude(pk__in=found)
        joined = list(rows.values_list("pk", flat=True))
        found += joined
    return found


def story_photo_ids(story: Story) -> set[int]:
    """The ids of the story's photos. Its pictures are locked: one being fetched is waited for."""
    rows = StoryPhoto.objects.select_for_update(of=("self",))
    pictures = rows.filter(version__story=story).order_by("pk")
    return {photo for photo in pictures.values_list("photo_id", flat=True) if photo}
