"""Newsroom of the day: its sources, the morning's copy, and what was written from it."""

from datetime import timedelta

from django.utils import timezone

from desk.actions import edit, publish_now, schedule_draft, start_from_wire
from desk.models import Draft
from tests.chaos.wire_day.deliveries import DayDelivery, WireDay, forms_of_the_day, source_of
from tests.support import make
from wire.actions import parse_delivery, receive_delivery
from wire.models import Delivery, Source, Story

POLICIES = list(Source.CancellationPolicy)
LONG_AFTER = timedelta(days=30)


def prepare_newsroom(day: WireDay) -> None:
    """Set up the sources, take in the morning in order, and write from each of its stories."""
    make.reference_rows()
    make.chief()
    for number, form in enumerate(forms_of_the_day()):
        Source.objects.create(
            slug=source_of(form),
            name=form,
            agency=form,
            cancellation_policy=POLICIES[number % len(POLICIES)],
        )
    sources = sources_by_slug()
    for each in day.morning:
        receive_delivery(sources[each.source], raw=each.raw, by=None)
    for number, story in enumerate(Story.objects.order_by("pk")):
        write_from(story, number)


def write_from(story: Story, number: int) -> Draft:
    """A draft of a story: begun, waiting for its time, or live, in turn."""
    ada, ben = make.staff("ada", role="reporter"), make.ben()
    draft = edit(
        start_from_wire(story, by=ada), by=ada, **make.draft_data(headline=f"아침 기사 {number}")
    )
    if number % 3 == 1:
        schedule_draft(draft, at=timezone.now() + LONG_AFTER, by=ben)
    if number % 3 == 2:  # the third of three
        publish_now(draft, by=ben)
    return draft


def sources_by_slug() -> dict[str, Source]:
    return {source.slug: source for source in Source.objects.all()}


def store_deliveries(deliveries: list[DayDelivery]) -> None:
    """Store deliveries in this order, as they arrive."""
    sources = sources_by_slug()
    Delivery.objects.bulk_create(
        (
            Delivery(
                source=sources[each.source], raw=each.raw, sha256=each.sha256(), size=len(each.raw)
            )
            for each in deliveries
        ),
        batch_size=500,
    )


def file_in_order() -> int:
    """Parse what is stored, one after the other in this process, the oldest first; how many."""
    ids = list(Delivery.objects.unparsed().values_list("pk", flat=True))
    for pk in ids:
        parse_delivery(Delivery.objects.select_related("source").get(pk=pk), by=None)
    return len(ids)
