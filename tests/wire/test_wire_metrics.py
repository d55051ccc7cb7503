"""Wire metrics: idle sources, unparsed deliveries."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from tests.support.formats.wire_copy import agency_copy
from wire.actions import insert_delivery, receive_delivery, save_source
from wire.metrics import SourceFeed, intake_state, source_feeds
from wire.models import Source
from wire.parsers.result import SEOUL

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 10, 1, 12, tzinfo=SEOUL)


@pytest.fixture
def yonhap(db: None) -> Source:
    return Source.objects.get(slug="yonhap")


def watched(source: Source, by: User, **alarm: Any) -> Source:
    for name, value in alarm.items():
        setattr(source, name, value)
    return save_source(source, by=by)


def heard(source: Source, at: datetime = NOON) -> None:
    with time_machine.travel(at, tick=False):
        receive_delivery(source, raw=agency_copy(), by=None)


def only(now: datetime) -> SourceFeed:
    (feed,) = source_feeds(now)
    return feed


def test_idle_seconds_count_from_the_last_delivery(yonhap: Source) -> None:
    heard(yonhap, NOON - timedelta(hours=5))
    heard(yonhap)  # the same text again is a sign of life too
    feed = only(NOON + timedelta(minutes=30))
    assert (feed.source, feed.name, feed.idle_seconds) == ("yonhap", "연합뉴스", 1800)
    assert not feed.idle  # no alarm is set


def test_source_is_idle_after_its_alarm_time(yonhap: Source, ben: User) -> None:
    watched(yonhap, ben, idle_after=30)
    heard(yonhap)
    assert not only(NOON + timedelta(minutes=30)).idle
    assert only(NOON + timedelta(minutes=30, seconds=1)).idle


def test_source_without_deliveries_is_idle_without_seconds(yonhap: Source, ben: User) -> None:
    assert only(NOON) == SourceFeed("yonhap", "연합뉴스", None, None, idle=False)
    watched(yonhap, ben, idle_after=30)
    assert only(NOON) == SourceFeed("yonhap", "연합뉴스", None, None, idle=True)


def test_inactive_source_has_no_feed(yonhap: Source, ben: User) -> None:
    watched(yonhap, ben, idle_after=1, active=False)
    assert source_feeds(NOON) == []


def test_quiet_hours_do_not_count_as_idle(yonhap: Source, ben: User) -> None:
    """Quiet from 23:00 to 06:00, alarm after 30 minutes; the last story came at 22:50."""
    watched(yonhap, ben, idle_after=30, quiet_from=time(23), quiet_until=time(6))
    last = datetime(2026, 10, 1, 22, 50, tzinfo=SEOUL)
    heard(yonhap, last)
    for hour, minute, idle in ((23, 0, False), (29, 59, False), (30, 0, False), (30, 30, False)):
        now = datetime(2026, 10, 1, tzinfo=SEOUL) + timedelta(hours=hour, minutes=minute)
        assert only(now).idle is idle, now
    assert only(datetime(2026, 10, 2, 6, 30, 1, tzinfo=SEOUL)).idle
    assert only(datetime(2026, 10, 2, 6, 30, 1, tzinfo=SEOUL)).idle_seconds == 27601


def test_quiet_hours_may_lie_within_a_day(yonhap: Source, ben: User) -> None:
    watched(yonhap, ben, idle_after=30, quiet_from=time(12), quiet_until=time(13))
    heard(yonhap, NOON - timedelta(minutes=40))
    assert only(NOON - timedelta(seconds=1)).idle
    assert not only(NOON).idle
    assert only(NOON + timedelta(minutes=91)).idle


def test_unparsed_deliveries_are_counted_with_the_age_of_the_oldest(yonhap: Source) -> None:
    assert intake_state(NOON).oldest_unparsed_seconds == 0
    heard(yonhap)
    for minutes in (10, 20):
        with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
            insert_delivery(
                yonhap, raw=agency_copy(f"소식 {minutes}"), name="", content_type="", by=None
            )
    stands = intake_state(NOON + timedelta(minutes=30))
    assert (stands.unparsed, stands.oldest_unparsed_seconds) == (2, 1200)
    assert [feed.source for feed in stands.feeds] == ["yonhap"]


def test_ages_are_not_negative_after_a_clock_jump(yonhap: Source) -> None:
    heard(yonhap)
    insert_delivery(yonhap, raw=agency_copy("소식"), name="", content_type="", by=None)
    past = NOON - timedelta(days=9999)
    assert (only(past).idle_seconds, intake_state(past).oldest_unparsed_seconds) == (0, 0)


def test_wire_metrics_need_two_queries(
    yonhap: Source, ben: User, django_assert_num_queries: Any
) -> None:
    for number in range(20):
        source = Source(slug=f"s{number}", name=f"통신 {number}", agency="가상통신", idle_after=5)
        heard(save_source(source, by=ben))
    with django_assert_num_queries(2):
        assert sum(feed.idle for feed in intake_state(NOON + timedelta(minutes=6)).feeds) == 20


def test_inbox_and_source_list_warn_about_idle_sources(
    as_user: Any, ben: User, chief: User, yonhap: Source
) -> None:
    heard(yonhap)
    inbox, sources = (reverse(f"admin:wire_{name}_changelist") for name in ("story", "source"))
    with time_machine.travel(NOON + timedelta(minutes=40), tick=False):
        assert "이후 들어온 기사가 없습니다" not in as_user(ben).get(inbox).content.decode()
        watched(yonhap, ben, idle_after=30)
        assert (
            "연합뉴스에서 12:00 이후 들어온 기사가 없습니다"
            in as_user(ben).get(inbox).content.decode()
        )
        assert "끊김</span>" in as_user(chief).get(sources).content.decode()


def test_chief_sets_the_idle_alarm(as_user: Any, chief: User, yonhap: Source) -> None:
    screen = as_user(chief)
    address = reverse("admin:wire_source_change", args=[yonhap.pk])
    form = {
        "name": "연합뉴스",
        "agency": "연합뉴스",
        "format": "auto",
        "cancellation_policy": "alert",
        "active": "on",
    }
    half = screen.post(address, form | {"idle_after": "60", "quiet_from": "23:00"})
    assert "시작과 끝을" in half.content.decode()
    same = {"quiet_from": "23:00", "quiet_until": "23:00"}
    assert "시작과 끝을" in screen.post(address, form | same).content.decode()
    assert screen.post(address, form | {"idle_after": "0"}).status_code == 200
    hours = {"idle_after": "60", "quiet_from": "23:00", "quiet_until": "06:00"}
    assert screen.post(address, form | hours).status_code == 302
    yonhap.refresh_from_db()
    assert (yonhap.idle_after, yonhap.quiet_until) == (60, time(6))
