"""Changes of agency copy since a draft was begun from it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from accounts.models import User
from tests.support.formats.wire_copy import agency_copy
from wire.actions import lift_embargo, receive_delivery, set_embargo
from wire.changes import ChangeKind, change_since, changes_since
from wire.models import Source, Story, Version
from wire.parsers.result import SEOUL

pytestmark = pytest.mark.django_db
TITLE = "강변길 다시 연다"
NOON = datetime(2026, 10, 1, 12, tzinfo=SEOUL)
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def used(db: None) -> Version:
    """The version with which a draft was begun at noon."""
    yonhap = Source.objects.get(slug="yonhap")
    with time_machine.travel(NOON - timedelta(minutes=5), tick=False):
        version = receive_delivery(yonhap, raw=agency_copy(TITLE), by=None).version
    assert version
    return version


def comes(headline: str, *, sent: str = "11:00", body: str = "새 글이다.") -> None:
    with time_machine.travel(LATER, tick=False):
        raw = agency_copy(headline, sent=f"2026-10-01 {sent}:00", body=[body])
        receive_delivery(Source.objects.get(slug="yonhap"), raw=raw, by=None)


def kinds(version: Version) -> list[ChangeKind]:
    change = change_since(version, at=NOON)
    return list(change.kinds) if change else []


def test_story_without_new_versions_has_not_changed(used: Version) -> None:
    assert change_since(used, at=NOON) is None


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        (f"{TITLE}(종합)", [ChangeKind.TEXT]),
        (f"<고침> {TITLE}", [ChangeKind.CORRECTION, ChangeKind.TEXT]),
        (f"[전문취소] {TITLE}", [ChangeKind.CANCELLED]),
        (f"[엠바고 10월 1일 18시] {TITLE}(종합)", [ChangeKind.EMBARGO, ChangeKind.TEXT]),
        (f"[엠바고] {TITLE}(종합)", [ChangeKind.WITHHELD, ChangeKind.EMBARGO, ChangeKind.TEXT]),
    ],
)
def test_changes_are_listed_the_gravest_first(
    used: Version, headline: str, expected: list[ChangeKind]
) -> None:
    comes(headline)
    assert kinds(used) == expected


def test_correction_below_later_versions_is_reported(used: Version) -> None:
    comes(f"<고침> {TITLE}", body="고친 글이다.")
    comes(f"{TITLE}(종합)", sent="11:30", body="종합이다.")
    change = change_since(used, at=NOON)
    assert change
    assert ChangeKind.CORRECTION in change.kinds
    assert change.version.marks == ["종합"]


def test_late_earlier_version_is_no_change(used: Version) -> None:
    comes(f"[1보] {TITLE}", sent="08:00")
    assert kinds(used) == []


def test_older_corrections_are_no_change_for_the_newest_version(used: Version) -> None:
    comes(f"<고침> {TITLE}", sent="11:00")
    comes(f"{TITLE}(종합)", sent="11:30", body="종합이다.")
    assert kinds(Story.objects.get().versions.get(mark_order=101)) == []


def test_embargo_decision_is_a_change_only_for_drafts_begun_before(
    used: Version, ben: User
) -> None:
    story = used.story
    with time_machine.travel(LATER, tick=False):
        set_embargo(story, until=LATER + timedelta(hours=3), reason="통화", by=ben)
    assert kinds(used) == [ChangeKind.EMBARGO]
    assert change_since(used, at=LATER) is None
    with time_machine.travel(LATER + timedelta(minutes=1), tick=False):
        lift_embargo(story, reason="확인", by=ben)
    change = change_since(used, at=LATER)
    assert change
    assert [str(kind.label) for kind in change.kinds] == ["이 기사의 엠바고가 바뀌었습니다."]


def test_changes_of_many_stories_need_two_queries(
    used: Version, django_assert_num_queries: Any
) -> None:
    yonhap = Source.objects.get(slug="yonhap")
    versions = [used]
    for number in range(20):
        version = receive_delivery(yonhap, raw=agency_copy(f"소식 {number}"), by=None).version
        assert version
        versions.append(version)
        comes(f"소식 {number}(종합)")
    for begun in (versions[:2], versions):
        with django_assert_num_queries(2):
            changes = changes_since([(version, NOON) for version in begun])
        assert set(changes) == {version.pk for version in begun[1:]}
        assert all(change.used.pk == pk for pk, change in changes.items())
    assert changes_since([]) == {}
