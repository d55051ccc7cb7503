"""Erase agency copy, in the transaction of a legal erasure of the article that was made of it."""

from django.db.models import Q

from audit.actions import redact_entries
from wire.models import Delivery, Story, Version


def erase_story(story: Story, *, label: str) -> None:
    """Delete a story of an agency with its versions and the bytes of its deliveries.

    1. Lock the story.
    2. Redact its entries in the audit log, and those of its deliveries: their things become `label`.
    3. Take the references between them back, and delete them. A delivery that another story was parsed
       from too stays.

    What the agency sends again later is taken in anew.
    """
    story = Story.objects.select_for_update().get(pk=story.pk)
    own = Delivery.objects.filter(Q(version__story=story) | Q(versions__story=story))
    delivery_ids = set(own.values_list("pk", flat=True))
    redact_entries("wire.story", [story.pk], label=label)
    redact_entries("wire.delivery", sorted(delivery_ids), label=label)
    story.current = story.overruled = story.embargo_decided = None
    story.save(update_fields=["current", "overruled", "embargo_decided"])
    deliveries = Delivery.objects.filter(pk__in=delivery_ids)
    deliveries.filter(version__story=story).update(status=Delivery.Status.FAILED, version=None)
    Version.objects.filter(story=story).delete()
    deliveries.filter(versions__isnull=True).delete()
    story.delete()
