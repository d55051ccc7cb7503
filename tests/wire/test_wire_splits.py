"""A split keeps what people decided about the story, on both sides."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from tests.support.formats.wire_copy import agency_copy
from wire.actions import (
    cancel_story,
    join_story,
    receive_delivery,
    set_embargo,
    split_story,
    undo_decision,
)
from wire.models import Embargo, Source, Story, Version

pytestmark = pytest.mark.django_db


def come(headline: str, *, hour: int) -> Version:
    raw = agency_copy(headline, sent=f"2026-11-14 {hour:02}:00:00", body=[f"{headline} 소식이다."])
    version = receive_delivery(Source.objects.get(slug="yonhap"), raw=raw, by=None).version
    assert version
    return version


@pytest.fixture
def joined(ben: User) -> Story:
    """A story of two texts."""
    one = come("누리도, 새 다리 놓는다", hour=9)
    other = come("가상시, 강변길 다시 연다", hour=10)
    return join_story(one.story, to=other.story_id, by=ben)


@pytest.mark.parametrize("hour", [9, 10])
def test_embargo_of_a_person_holds_for_both_sides(joined: Story, ben: User, hour: int) -> None:
    until = timezone.now() + timedelta(days=1)
    story = set_embargo(joined, until=until, reason="", by=ben)
    moved = next(
        v for v in story.versions.all() if v.sent_at and v.sent_at.hour in {hour, hour - 9}
    )
    new = split_story(story, versions=[moved.number], by=ben)
    for each in Story.objects.filter(pk__in=[story.pk, new.pk]):
        assert (each.embargo, each.embargo_until) == (Embargo.UNTIL, until)
        assert each.embargo_decided == each.versions.get()
    undo_decision(new, by=ben)
    story.refresh_from_db()
    assert (story.embargo_until, story.versions.count()) == (until, 2)


def test_split_part_of_a_cancelled_story_stays_cancelled(joined: Story, ben: User) -> None:
    story = cancel_story(joined, reason="", by=ben)
    new = split_story(story, versions=[1], by=ben)
    statuses = Story.objects.filter(pk__in=[story.pk, new.pk]).values_list("status", flat=True)
    assert set(statuses) == {Story.Status.CANCELLED}


def test_confirmation_of_a_text_without_an_agency_holds_for_both_sides(
    joined: Story, ben: User
) -> None:
    Story.objects.filter(pk=joined.pk).update(vouched=True)
    assert split_story(joined, versions=[1], by=ben).vouched
