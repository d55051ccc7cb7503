"""Concurrent intake and decisions, on real threads against PostgreSQL."""

import random
import threading
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from audit.models import Entry
from tests.support import make
from tests.support.formats.wire_copy import agency_copy
from tests.support.formats.wire_pairs import SAME_STORY, TWO_STORIES
from tests.support.formats.wire_states import story_states
from tests.support.locks import waiting_for_locks
from tests.support.loopback.processes import wait_until
from tests.support.make import race
from wire.actions import (
    insert_delivery,
    join_story,
    parse_delivery,
    receive_delivery,
    set_embargo,
)
from wire.models import Delivery, Embargo, Source, Story, StoryDecision, Version
from wire.tasks import parse_waiting

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
TITLE = "강변길 다시 연다"


@pytest.fixture
def yonhap(db: None) -> Source:
    agency = {"name": "연합뉴스", "agency": "연합뉴스"}
    return Source.objects.get_or_create(slug="yonhap", defaults=agency)[0]


def consolidation(number: int) -> bytes:
    sent = f"2026-10-01 {8 + number:02}:00:00"
    return agency_copy(f"{TITLE}(종합{number}보)", sent=sent, body=[f"{number}번째 종합이다."])


def test_concurrent_versions_leave_the_highest_current(yonhap: Source) -> None:
    for _round in range(5):
        out = race(8, lambda n: receive_delivery(yonhap, raw=consolidation(n + 2), by=None))
        assert not [one for one in out if isinstance(one, Exception)]
        story = Story.objects.get()
        assert story.current
        assert story.current.marks == ["종합9보"]
        assert sorted(story.versions.values_list("number", flat=True)) == list(range(1, 9))


def test_same_text_delivered_concurrently_is_one_version(yonhap: Source) -> None:
    out = race(8, lambda _n: receive_delivery(yonhap, raw=agency_copy(TITLE), by=None))
    assert not [one for one in out if isinstance(one, Exception)]
    assert (Story.objects.count(), Version.objects.count()) == (1, 1)
    outcomes = sorted(Delivery.objects.values_list("status", flat=True))
    assert outcomes == ["duplicate"] * 7 + ["parsed"]


def test_delivery_parsed_concurrently_is_one_version(yonhap: Source) -> None:
    insert_delivery(yonhap, raw=agency_copy(TITLE), name="", content_type="", by=None)
    assert not [one for one in race(6, lambda _n: parse_waiting()) if isinstance(one, Exception)]
    assert Version.objects.count() == 1
    assert Delivery.objects.get().status == Delivery.Status.PARSED
    assert Entry.objects.filter(verb="wire_text").count() == 1


def test_embargo_decision_and_concurrent_agency_embargo_do_not_mix(yonhap: Source) -> None:
    """Whichever comes first, in the end the agency's later embargo holds."""
    ben = make.ben()
    until = timezone.now() + timedelta(days=1)
    later = agency_copy(f"[엠바고] {TITLE}(종합)", sent="2026-10-01 10:00:00", body=["종합이다."])
    for _round in range(6):
        Story.objects.update(current=None, embargo_decided=None)
        Delivery.objects.update(version=None, status="received")
        Story.objects.all().delete()
        receive_delivery(yonhap, raw=agency_copy(TITLE), by=None)
        story = Story.objects.get()
        work = (
            lambda story=story: set_embargo(story, until=until, reason="통화", by=ben),
            lambda: receive_delivery(yonhap, raw=later, by=None),
        )
        out = race(2, lambda n, work=work: work[n]())  # type: ignore[misc]
        assert not [one for one in out if isinstance(one, Exception)]
        story.refresh_from_db()
        decided = story.embargo_decided
        if decided and decided.embargo == Embargo.OPEN:  # she had seen the agency's word
            assert (story.embargo, story.embargo_until) == (Embargo.UNTIL, until)
        else:
            assert (story.embargo, story.status) == (Embargo.OPEN, Story.Status.WITHHELD)


def test_embargo_decision_waits_for_a_concurrent_filing(yonhap: Source) -> None:
    """While a version is being filed the decision waits, and then counts after it."""
    ben = make.ben()
    story = receive_delivery(yonhap, raw=agency_copy(TITLE), by=None).version.story  # type: ignore[union-attr]
    later = agency_copy(f"[엠바고] {TITLE}(종합)", sent="2026-10-01 10:00:00", body=["종합이다."])
    stored = insert_delivery(yonhap, raw=later, name="", content_type="", by=None)
    until = timezone.now() + timedelta(days=1)
    filed = threading.Event()

    def work(runner: int) -> None:
        if runner:
            assert filed.wait(10)
            set_embargo(story, until=until, reason="통화", by=ben)
            return
        with transaction.atomic():
            parse_delivery(stored, by=None)
            filed.set()
            wait_until(lambda: waiting_for_locks() == 1, within=10)

    assert not [one for one in race(2, work) if isinstance(one, Exception)]
    story.refresh_from_db()
    assert story.current
    assert story.current.marks == ["종합"]
    assert (story.embargo, story.embargo_until) == (Embargo.UNTIL, until)
    assert story.embargo_decided == story.current


def test_two_versions_of_a_new_story_that_arrive_at_once_are_one_story(yonhap: Source) -> None:
    """Under two headlines, and with a cancellation that only names the story."""
    (first, lead), (second, changed) = SAME_STORY[3]
    for _round in range(4):
        StoryDecision.objects.all().delete()
        Story.objects.update(current=None)
        Delivery.objects.update(version=None, status="failed")
        Story.objects.all().delete()
        copies = [
            agency_copy(first, sent="2026-11-14 09:00:00", body=[lead]),
            agency_copy(second, sent="2026-11-14 11:00:00", body=[changed]),
            agency_copy(f"[전문취소] 14일 송고 '{second}' 기사", sent="2026-11-14 12:00:00"),
            agency_copy(first, sent="2026-11-14 09:00:00", body=[lead]),
        ]
        out = race(4, lambda n, copies=copies: receive_delivery(yonhap, raw=copies[n], by=None))  # type: ignore[misc]
        assert not [one for one in out if isinstance(one, Exception)]
        story = Story.objects.get(current__isnull=False)
        assert story.status == Story.Status.CANCELLED
        assert story.versions.count() == 3


def test_joining_and_a_concurrent_arrival_lose_no_version(yonhap: Source) -> None:
    ben = make.ben()
    other = receive_delivery(yonhap, raw=agency_copy("누리도, 새 다리 놓는다"), by=None).version
    assert other
    for number in range(4):
        one = receive_delivery(
            yonhap, raw=agency_copy(f"{number}월 나래마을 잔치"), by=None
        ).version
        assert one
        later = agency_copy(
            f"{number}월 나래마을 잔치(종합)", sent="2026-10-01 11:00:00", body=["잔치다."]
        )
        work = (
            lambda one=one: join_story(one.story, to=other.story_id, by=ben),
            lambda later=later: receive_delivery(yonhap, raw=later, by=None),
        )
        out = race(2, lambda n, work=work: work[n]())  # type: ignore[misc]
        assert not [one for one in out if isinstance(one, Exception)]
        assert Story.objects.filter(current__isnull=False).count() == 1
    assert sorted(Version.objects.values_list("number", flat=True)) == list(range(1, 10))


def test_four_workers_end_in_the_state_of_one(yonhap: Source) -> None:
    copies = [
        agency_copy(headline, sent=f"2026-11-14 {9 + n}:00:00", body=[lead])
        for pair in [*SAME_STORY[:6], *TWO_STORIES[:6]]
        for n, (headline, lead) in enumerate(pair)
    ]
    stored = [
        insert_delivery(yonhap, raw=raw, name="", content_type="", by=None) for raw in copies * 2
    ]
    for delivery in stored:
        parse_delivery(delivery, by=None)
    expected = story_states()
    Delivery.objects.update(version=None, status="received")
    Story.objects.update(current=None)
    Story.objects.all().delete()
    random.Random(3).shuffle(stored)

    def work(runner: int) -> None:
        for delivery in stored[runner::4]:
            parse_delivery(Delivery.objects.get(pk=delivery.pk), by=None)

    assert not [one for one in race(4, work) if isinstance(one, Exception)]
    assert story_states() == expected
