"""Locks of agency copy, in this order against deadlocks: deliveries by id, their source, stories by id."""

from collections.abc import Collection

from django.db import connection, transaction
from django.db.models import Q

from wire.errors import StoryChanged
from wire.models import Delivery, Source, Story


def lock_source(source_id: int) -> None:
    """Lock a source for what places texts in stories, until the transaction ends.

    One text at a time of a source looks for its story, so that two that belong together and arrive at once
    find each other. Deliveries are stored and parsed meanwhile: the lock leaves the key of the row free.
    On SQLite a transaction that writes is alone from its beginning.
    """
    if not connection.features.has_select_for_update:
        return
    Source.objects.select_for_update(no_key=True).only("pk").get(pk=source_id)


def lock_stories(story_ids: Collection[int]) -> dict[int, Story]:
    """Lock stories by id until the transaction ends; those that were erased meanwhile are missing."""
    if not story_ids:
        return {}
    rows = Story.objects.select_for_update().filter(pk__in=story_ids).order_by("pk")
    return {story.pk: story for story in rows}


def lock_story_row(story_id: int) -> Story | None:
    """Lock a story until the transaction ends, and read it; None where it was erased meanwhile."""
    return Story.objects.select_for_update().filter(pk=story_id).first()


def refuse_stale(story: Story, state: int | None) -> None:
    """Raise StoryChanged where a locked story is not in the state that was read; None takes any."""
    if state is not None and story.state_number != state:
        raise StoryChanged


def lock_story_and_deliveries(story_id: int) -> tuple[Story | None, set[int]]:
    """Lock the deliveries from which this story was parsed, by id, then the story; the ids with it.

    A delivery that was filed before the story was locked is not among those locked: then all of the locks
    are given back and taken anew.
    """
    while True:
        with transaction.atomic():
            rows = Delivery.objects.filter(pk__in=delivery_ids_of(story_id)).order_by("pk")
            locked = set(rows.select_for_update().values_list("pk", flat=True))
            story = lock_story_row(story_id)
            if delivery_ids_of(story_id) <= locked:
                return story, locked
            transaction.set_rollback(True)


def delivery_ids_of(story_id: int) -> set[int]:
    """The deliveries whose bytes hold a text of the story, the first to bring it or not."""
    first = Delivery.objects.filter(Q(version__story=story_id) | Q(versions__story=story_id))
    later = Delivery.objects.filter(known_texts__story=story_id)
    return set(first.order_by().values_list("pk", flat=True)) | set(
        later.order_by().values_list("pk", flat=True)
    )
