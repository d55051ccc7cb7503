"""Several workers at one story, on real threads against PostgreSQL."""

import itertools

import pytest

from tests.make import race
from tests.wire_words import copy
from wire.actions import keep, parse, receive
from wire.models import Delivery, Source, Story, Version
from wire.policy import current_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
TITLE = "강변길 다시 연다"


@pytest.fixture
def yonhap(db: None) -> Source:
    agency = {"name": "연합뉴스", "agency": "연합뉴스"}
    return Source.objects.get_or_create(slug="yonhap", defaults=agency)[0]


def consolidation(number: int) -> bytes:
    sent = f"2026-10-01 {8 + number:02}:00:00"
    return copy(f"{TITLE}(종합{number}보)", sent=sent, body=[f"{number}번째 종합이다."])


def test_versions_that_arrive_together_leave_the_highest_on_top(yonhap: Source) -> None:
    for _round in range(5):
        out = race(8, lambda n: receive(yonhap, raw=consolidation(n + 2), by=None))
        assert not [one for one in out if isinstance(one, Exception)]
        story = Story.objects.get()
        assert story.current
        assert story.current.marks == ["종합9보"]
        assert sorted(story.versions.values_list("number", flat=True)) == list(range(1, 9))


def test_one_text_delivered_by_all_workers_is_one_version(yonhap: Source) -> None:
    out = race(8, lambda _n: receive(yonhap, raw=copy(TITLE), by=None))
    assert not [one for one in out if isinstance(one, Exception)]
    assert (Story.objects.count(), Version.objects.count()) == (1, 1)
    outcomes = sorted(Delivery.objects.values_list("status", flat=True))
    assert outcomes == ["duplicate"] * 7 + ["parsed"]


def test_one_delivery_read_by_all_workers_is_one_version(yonhap: Source) -> None:
    kept = keep(yonhap, raw=copy(TITLE), name="", content_type="", by=None)
    race(8, lambda _n: parse(Delivery.objects.get(pk=kept.pk), by=None))
    assert Version.objects.count() == 1
    assert Delivery.objects.get().status == Delivery.Status.PARSED


def test_a_cancellation_racing_the_text_always_wins(yonhap: Source) -> None:
    for number in range(10):
        title = f"{TITLE} {number}"
        gone = copy(f"[전문취소] {title}", sent="2026-10-01 12:00:00", body=["취소합니다."])
        pair = itertools.cycle([copy(title), gone])
        texts = [next(pair) for _ in range(4)]
        race(4, lambda n, texts=texts: receive(yonhap, raw=texts[n], by=None))  # type: ignore[misc]
    assert set(Story.objects.values_list("status", flat=True)) == {"cancelled"}
    for story in Story.objects.in_full():
        assert story.current == current_of(list(story.versions.all()))
