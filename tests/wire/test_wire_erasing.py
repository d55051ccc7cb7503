"""A legal erasure of agency copy reaches every delivery that held the text."""

import pytest
from django.db import DatabaseError, transaction

from accounts.models import User
from audit.models import Entry
from tests.support.formats.wire_documents import sample
from wire.actions import receive_delivery, reparse_delivery
from wire.actions.erasing import erase_story
from wire.models import Delivery, Source, Story, Version

pytestmark = pytest.mark.django_db
HEADLINE = "시간 없는 소식"
ITEM = "때를 적지 않은 글".encode()


@pytest.fixture
def agency() -> Source:
    return Source.objects.create(slug="gasang", name="가상통신", agency="가상통신")


def come(agency: Source, *, space: bytes = b"") -> Delivery:
    """The feed, fetched again with other white space."""
    return receive_delivery(agency, raw=sample("rss.xml") + space, by=None, name="소식.xml")


def test_erased_text_is_in_no_delivery_that_brought_it_again(agency: Source) -> None:
    polled = [come(agency, space=b"\n" * number) for number in range(4)]
    story = Story.objects.get(current__headline=HEADLINE)

    erase_story(story, label="지운 기사", is_used=lambda: False)

    assert not Version.objects.filter(headline=HEADLINE).exists()
    for delivery in Delivery.objects.order_by("pk"):
        assert ITEM not in bytes(delivery.raw)
        assert (delivery.name, delivery.reason) == ("", "지운 기사")
        assert delivery.version
    assert Delivery.objects.count() == len(polled)
    assert Story.objects.count() == 2
    assert set(Entry.objects.filter(kind="wire.delivery").values_list("label", flat=True)) == {
        "지운 기사"
    }


def test_delivery_goes_with_the_last_of_its_stories(agency: Source) -> None:
    first = come(agency)
    for number in range(2):
        come(agency, space=b"\n" * (number + 1))
    of_feed = list(Story.objects.order_by("pk"))

    for story in of_feed[:2]:
        erase_story(story, label="지운 기사", is_used=lambda: False)
        first.refresh_from_db()
        assert first.version
        assert first.version.story in of_feed[1:]
    erase_story(of_feed[2], label="지운 기사", is_used=lambda: False)

    assert not Delivery.objects.exists()
    assert not Version.objects.exists()


def test_emptied_delivery_cannot_be_filled_or_read_again(agency: Source, ben: User) -> None:
    delivery = come(agency)
    story = Story.objects.get(current__headline=HEADLINE)
    erase_story(story, label="지운 기사", is_used=lambda: False)
    delivery.refresh_from_db()

    with pytest.raises(DatabaseError), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(raw=b"other")

    reparse_delivery(delivery, by=ben)
    assert Story.objects.count() == 2
