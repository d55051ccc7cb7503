"""Locks of agency copy. Deliveries by id come before their story, against deadlocks."""

from django.db import transaction
from django.db.models import Q

from wire.models import Delivery, Story


def lock_story_row(story_id: int) -> Story | None:
    """Lock a story until the transaction ends, and read it; None where it was erased meanwhile."""
    return Story.objects.select_for_update().filter(pk=story_id).first()


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
    own = Delivery.objects.filter(Q(version__story=story_id) | Q(versions__story=story_id))
    return set(own.order_by().values_list("pk", flat=True))
