"""Embargoes of agency copy: which one holds, decisions, and the order of arrival."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from audit.models import Entry
from desk.actions import start_from_wire
from desk.errors import NothingToStartFrom
from newsroom.errors import NotAllowed
from tests.support import make
from tests.support.formats.wire_copy import agency_copy
from wire.actions import (
    insert_delivery,
    lift_embargo,
    parse_delivery,
    receive_delivery,
    reinstate,
    reparse_delivery,
    set_embargo,
)
from wire.errors import EmbargoOpen, MomentPassed, NoEmbargo
from wire.models import Embargo, Source, Story, Version, under_embargo
from wire.parsers import yonhap as yonhap_text
from wire.parsers.result import SEOUL
from wire.parsers.yonhap import parser as yonhap_parser

SignIn = Callable[[User], APIClient]
TITLE = "강변길 다시 연다"
SIX, EIGHT = (datetime(2026, 10, 1, hour, tzinfo=SEOUL) for hour in (18, 20))
NOON = datetime(2026, 10, 1, 12, tzinfo=SEOUL)

pytestmark = pytest.mark.django_db


@pytest.fixture
def yonhap(db: None) -> Source:
    return Source.objects.get(slug="yonhap")


def under(words: str, title: str = TITLE, *, sent: str = "09:00", body: str = "연다.") -> bytes:
    """An agency text with an embargo line below its headline."""
    head, stamp, *rest = agency_copy(title, sent=f"2026-10-01 {sent}:00", body=[body]).split(
        b"\n\n"
    )
    return b"\n\n".join([head, *([words.encode()] if words else []), stamp, *rest])


AT_SIX = under("[엠바고 10월 1일 18시]")
SILENT = under("", f"{TITLE}(종합)", sent="10:00", body="종합이다.")
AT_EIGHT = under("[엠바고 10월 1일 20시]", f"{TITLE}(종합2보)", sent="11:00", body="둘째 종합이다.")
AT_FIVE = under("[엠바고 10월 1일 17시]", f"{TITLE}(종합2보)", sent="11:00", body="둘째 종합이다.")
LIFTING = under("[엠바고 해제]", f"{TITLE}(종합2보)", sent="11:00", body="둘째 종합이다.")
UNREAD = under("[엠바고]", f"{TITLE}(종합2보)", sent="11:00", body="둘째 종합이다.")


def come(source: Source, *raws: bytes) -> Story:
    for raw in raws:
        receive_delivery(source, raw=raw, by=None)
    return Story.objects.get()


# -- What the agency says ----------------------------------------------------------------------


def test_embargo_is_stored_as_text_and_as_time(yonhap: Source) -> None:
    story = come(yonhap, AT_SIX)
    version = story.current
    assert version
    assert (version.embargo, version.embargo_until) == (Embargo.UNTIL, SIX)
    assert version.embargo_text == "[엠바고 10월 1일 18시]"
    assert (story.embargo, story.embargo_until) == (Embargo.UNTIL, SIX)
    assert story.embargo_text == version.embargo_text
    assert story.is_usable()  # it may be prepared
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.update(embargo_until=NOON)


def test_a_story_is_under_embargo_until_its_moment_and_not_after(yonhap: Source) -> None:
    story = come(yonhap, AT_SIX)
    for now, is_embargoed in ((SIX - timedelta(seconds=1), True), (SIX, False)):
        assert story.embargoed_at(now) is is_embargoed
        assert Story.objects.embargoed(now).exists() is is_embargoed
        through = Version.objects.filter(under_embargo(now, prefix="story__"))
        assert through.exists() is is_embargoed


def test_story_without_embargo_is_usable(yonhap: Source) -> None:
    story = come(yonhap, agency_copy(TITLE))
    assert (story.embargo, story.embargo_until, story.embargo_changed_at) == ("none", None, None)
    assert not story.embargoed_at(NOON)
    assert not Story.objects.embargoed(NOON).exists()


def test_embargo_with_unreadable_end_is_withheld(yonhap: Source, ada: User) -> None:
    story = come(yonhap, UNREAD)
    assert (story.embargo, story.embargo_until) == (Embargo.OPEN, None)
    assert story.embargo_text == "[엠바고]"
    assert story.status == Story.Status.WITHHELD
    assert not Story.objects.usable().exists()
    for now in (NOON, NOON + timedelta(days=9999)):
        assert story.embargoed_at(now)
        assert Story.objects.embargoed(now).exists()
    with pytest.raises(NothingToStartFrom):
        start_from_wire(story, by=ada)


@pytest.mark.parametrize(
    ("later", "embargo", "until"),
    [
        (AT_EIGHT, Embargo.UNTIL, EIGHT),
        (AT_FIVE, Embargo.UNTIL, SIX - timedelta(hours=1)),
        (LIFTING, Embargo.LIFTED, None),
        (UNREAD, Embargo.OPEN, None),
        (SILENT, Embargo.UNTIL, SIX),
    ],
    ids=["lengthened", "shortened", "lifted", "unreadable", "silent"],
)
def test_latest_embargo_holds_in_every_order_of_arrival(
    yonhap: Source, later: bytes, embargo: Embargo, until: datetime | None
) -> None:
    for order in itertools.permutations([AT_SIX, SILENT, later]):
        story = come(yonhap, *order, *order)
        assert (story.embargo, story.embargo_until) == (embargo, until)
        Story.objects.update(current=None)
        story.source.deliveries.update(version=None, status="received")
        story.delete()


def test_late_earlier_version_does_not_change_the_embargo(yonhap: Source) -> None:
    come(yonhap, AT_SIX)
    story = come(yonhap, under("[엠바고 해제]", f"[1보] {TITLE}", sent="08:00", body="곧 연다."))
    assert (story.embargo, story.embargo_until) == (Embargo.UNTIL, SIX)
    early = under("[엠바고 10월 1일 20시]", f"[속보] {TITLE}", sent="07:00", body="곧.")
    assert come(yonhap, early).embargo_until == SIX


def test_stricter_of_two_embargoes_of_the_same_time_holds(yonhap: Source) -> None:
    texts = [AT_SIX, under("[엠바고 해제]", body="푼다."), under("[엠바고]", body="모른다.")]
    for order in itertools.permutations(texts):
        with transaction.atomic():
            for raw in order:
                parse_delivery(insert(yonhap, raw), by=None)
            assert Story.objects.get().embargo == Embargo.OPEN
            transaction.set_rollback(True)


def insert(source: Source, raw: bytes) -> Any:
    """Like receive_delivery, inside a transaction that the test rolls back."""
    return insert_delivery.__wrapped__(source, raw=raw, name="", content_type="", by=None)  # type: ignore[attr-defined]


def test_same_text_with_and_without_embargo_is_two_versions(yonhap: Source) -> None:
    story = come(yonhap, under(""), AT_SIX)
    assert story.versions.count() == 2
    assert story.embargo_until == SIX


def test_reparsing_corrects_a_wrong_embargo(
    yonhap: Source, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def suspicious(text: str) -> Any:
        story = yonhap_parser.parse(text)
        story.embargo, story.embargo_lines = Embargo.OPEN, ["?"]
        return story

    with monkeypatch.context() as old:
        old.setattr(yonhap_text, "parse", suspicious)
        delivery = receive_delivery(yonhap, raw=agency_copy(TITLE), by=None)
    assert Story.objects.get().status == Story.Status.WITHHELD
    reparse_delivery(delivery, by=ben)
    story = Story.objects.get()
    assert (story.status, story.embargo) == (Story.Status.USABLE, Embargo.NONE)


def test_the_embargo_of_one_of_two_texts_of_a_delivery_holds(yonhap: Source) -> None:
    for order in itertools.permutations([AT_SIX, SILENT]):
        with transaction.atomic():
            parse_delivery(insert(yonhap, b"\n\n".join(order)), by=None)
            story = Story.objects.get()
            assert (story.versions.count(), story.embargo_until) == (2, SIX)
            transaction.set_rollback(True)


def test_reparsing_takes_a_misread_cancellation_back(
    yonhap: Source, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def misread(text: str) -> Any:
        story = yonhap_parser.parse(text)
        story.signal = "cancellation"
        return story

    raw = b"\n\n".join([under(""), AT_EIGHT])
    with monkeypatch.context() as old:
        old.setattr(
            yonhap_text, "parse", lambda t: (misread if "종합2보" in t else yonhap_parser.parse)(t)
        )
        delivery = receive_delivery(yonhap, raw=raw, by=None)
        assert Story.objects.get().status == Story.Status.CANCELLED
        reparse_delivery(delivery, by=ben)
        assert Story.objects.get().status == Story.Status.CANCELLED
    reparse_delivery(delivery, by=ben)
    story = Story.objects.get()
    assert (story.status, story.embargo_until) == (Story.Status.USABLE, EIGHT)
    assert sorted(story.versions.values_list("reading", flat=True)) == [0, 1, 2]
    state = story.state_number
    reparse_delivery(delivery, by=ben)
    assert Story.objects.get().state_number == state
    with monkeypatch.context() as old:
        old.setattr(
            yonhap_text, "parse", lambda t: (misread if "종합2보" in t else yonhap_parser.parse)(t)
        )
        reparse_delivery(delivery, by=ben)
    assert Story.objects.get().status == Story.Status.CANCELLED


def test_a_cancelled_story_stays_cancelled_under_embargo(yonhap: Source) -> None:
    gone = under("", f"[전문취소] {TITLE}", sent="12:00", body="취소합니다.")
    story = come(yonhap, UNREAD, gone)
    assert (story.status, story.embargo) == (Story.Status.CANCELLED, Embargo.OPEN)


def test_embargo_changes_of_the_agency_are_in_the_audit_log(yonhap: Source) -> None:
    come(yonhap, AT_SIX, SILENT, AT_EIGHT, LIFTING)
    entries = Entry.objects.filter(verb="embargo_changed").order_by("pk")
    ends = [entry.details["until"] for entry in entries]
    assert [end and datetime.fromisoformat(end) for end in ends[:2]] == [SIX, EIGHT]
    assert len(ends) == 2  # the lifting claims the moment of the lengthening: the stricter holds


# -- What a person decides ---------------------------------------------------------------------


@pytest.fixture
def noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.usefixtures("noon")
def test_editor_sets_the_end_of_an_embargo(yonhap: Source, ben: User, ada: User) -> None:
    story = set_embargo(come(yonhap, UNREAD), until=SIX, reason="데스크 통화", by=ben)
    assert (story.status, story.embargo_until) == (Story.Status.USABLE, SIX)
    assert story.embargoed_at(NOON)
    assert start_from_wire(story, by=ada).pk
    entry = Entry.objects.get(verb="embargo_set")
    assert (entry.by_name, entry.details["reason"]) == ("ben", "데스크 통화")
    assert datetime.fromisoformat(entry.details["until"]) == SIX


@pytest.mark.usefixtures("noon")
def test_editor_lifts_an_embargo(yonhap: Source, ben: User) -> None:
    story = lift_embargo(come(yonhap, UNREAD), reason="통신사 확인", by=ben)
    assert (story.status, story.embargo) == (Story.Status.USABLE, Embargo.LIFTED)
    assert not story.embargoed_at(NOON)
    assert Entry.objects.get(verb="embargo_lifted").details["reason"] == "통신사 확인"
    with pytest.raises(NoEmbargo):
        lift_embargo(story, reason="또", by=ben)


@pytest.mark.usefixtures("noon")
def test_editor_sets_an_embargo_with_an_open_end(yonhap: Source, ben: User) -> None:
    story = set_embargo(come(yonhap, agency_copy(TITLE)), until=None, reason="확인 중", by=ben)
    assert (story.status, story.embargo) == (Story.Status.WITHHELD, Embargo.OPEN)
    with pytest.raises(EmbargoOpen):
        reinstate(story, by=ben)


@pytest.mark.usefixtures("noon")
def test_embargo_decision_holds_until_a_new_embargo_of_the_agency(
    yonhap: Source, ben: User
) -> None:
    story = lift_embargo(come(yonhap, AT_SIX), reason="확인", by=ben)
    story = come(
        yonhap, AT_SIX, under("[엠바고 10월 1일 19시]", f"[1보] {TITLE}", sent="08:00"), SILENT
    )
    assert story.embargo == Embargo.LIFTED  # the same again, an earlier one, a silent one
    story = come(yonhap, AT_EIGHT)
    assert (story.embargo, story.embargo_until) == (Embargo.UNTIL, EIGHT)


@pytest.mark.usefixtures("noon")
def test_embargo_until_a_past_time_is_refused(yonhap: Source, ben: User) -> None:
    story = come(yonhap, agency_copy(TITLE))
    for until in (NOON, NOON - timedelta(seconds=1)):
        with pytest.raises(MomentPassed):
            set_embargo(story, until=until, reason="", by=ben)


@pytest.mark.usefixtures("noon")
def test_reporter_may_not_decide_on_embargoes(yonhap: Source, ada: User) -> None:
    story = come(yonhap, UNREAD)
    with pytest.raises(NotAllowed):
        set_embargo(story, until=SIX, reason="", by=ada)
    with pytest.raises(NotAllowed):
        lift_embargo(story, reason="", by=ada)
    with pytest.raises(NotAllowed):
        reinstate(story, by=ada)
    assert Story.objects.get().embargo == Embargo.OPEN


def test_open_embargo_and_missing_agency_sign_are_decided_separately(
    yonhap: Source, ben: User
) -> None:
    gone = under("", f"[전문취소] {TITLE}", sent="10:00", body="취소합니다.")
    story = come(yonhap, AT_SIX, gone, UNREAD)
    assert story.status == Story.Status.WITHHELD
    assert reinstate(story, by=ben).status == Story.Status.WITHHELD
    assert lift_embargo(story, reason="확인", by=ben).status == Story.Status.USABLE


def test_database_constraint_keeps_embargo_and_end_together(yonhap: Source) -> None:
    come(yonhap, agency_copy(TITLE))
    for broken in ({"embargo": "until"}, {"embargo_until": SIX}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Story.objects.update(**broken)


# -- At the screen and in the API --------------------------------------------------------------


def test_inbox_shows_the_embargo(desk_api: make.DeskClient, yonhap: Source) -> None:
    story = come(yonhap, AT_SIX, SILENT)
    for path in ("wire/", f"wire/{story.pk}/"):
        data = desk_api.call("GET", path).json()
        row = data["results"][0] if "results" in data else data
        assert row["embargo"] == "until"
        assert row["embargo_until"] == "2026-10-01T18:00:00+09:00"
        assert row["embargo_text"] == "[엠바고 10월 1일 18시]"
    whole = desk_api.call("GET", f"wire/{story.pk}/").json()
    assert [version["embargo"] for version in whole["versions"]] == ["none", "until"]


def test_warnings_are_sentences_beside_their_codes(
    desk_api: make.DeskClient, yonhap: Source
) -> None:
    come(yonhap, UNREAD)
    row = desk_api.call("GET", "wire/").json()["results"][0]
    assert row["warnings"] == ["embargo_unreadable"]
    assert row["remarks"] == ["엠바고가 걸려 있으나 언제까지인지 읽지 못했습니다."]


@pytest.mark.usefixtures("noon")
def test_admin_shows_the_embargo_as_chip_and_text(
    as_user: SignIn, ben: User, yonhap: Source
) -> None:
    story = come(yonhap, AT_SIX)
    screen = as_user(ben)
    for address in (
        reverse("admin:wire_story_changelist"),
        reverse("admin:wire_story_change", args=[story.pk]),
    ):
        assert "18:00까지 엠바고</span>" in screen.get(address).content.decode()
    assert "[엠바고 10월 1일 18시]" in screen.get(address).content.decode()


@pytest.mark.usefixtures("noon")
def test_editor_sets_and_lifts_an_embargo_with_buttons(
    as_user: SignIn, ben: User, yonhap: Source
) -> None:
    story = come(yonhap, UNREAD)
    screen = as_user(ben)
    page = screen.get(reverse("admin:wire_story_change", args=[story.pk])).content.decode()
    assert "해제 시각을 알 수 없는 엠바고입니다." in page
    assert "엠바고가 걸려 있으나 언제까지인지 읽지 못했습니다." in page
    assert "embargo_unreadable" not in page
    press = reverse("admin:wire_story_press", args=[story.pk, "embargo"])
    assert screen.get(press).status_code == 200
    past = screen.post(press, {"until": "2026-10-01T11:00", "reason": "통화"})
    assert "이미 지난 시각입니다." in past.content.decode()
    assert "적어 주세요" in screen.post(press, {"until": "0001-01-01T00:00"}).content.decode()
    done = screen.post(press, {"until": "2026-10-01T18:00", "reason": "통화"}, follow=True)
    assert "18:00까지 엠바고" in done.content.decode()
    lift = reverse("admin:wire_story_press", args=[story.pk, "lift"])
    assert screen.post(lift, {"reason": ""}).status_code == 200  # asked again
    assert "엠바고 해제됨" in screen.post(lift, {"reason": "확인"}, follow=True).content.decode()
    assert Entry.objects.filter(by=ben.pk, verb__startswith="embargo_").count() == 2


@pytest.mark.usefixtures("noon")
def test_a_reporter_sees_the_embargo_and_no_button(
    as_user: SignIn, ada: User, yonhap: Source
) -> None:
    story = come(yonhap, AT_SIX)
    screen = as_user(ada)
    page = screen.get(reverse("admin:wire_story_change", args=[story.pk])).content.decode()
    assert "18:00까지 엠바고" in page
    assert "엠바고 풀기" not in page
    press = reverse("admin:wire_story_press", args=[story.pk, "lift"])
    assert screen.post(press, {"reason": "확인"}).status_code == 403
    assert Story.objects.get().embargo == Embargo.UNTIL


# -- Text that is no agency story --------------------------------------------------------------


def test_text_without_agency_sign_is_withheld(yonhap: Source, ben: User, as_user: SignIn) -> None:
    story = come(yonhap, "그냥 글\n\n누가 썼는지 모른다.".encode())
    assert story.status == Story.Status.WITHHELD
    assert not Story.objects.usable().exists()
    screen = as_user(ben)
    page = screen.get(reverse("admin:wire_story_change", args=[story.pk])).content.decode()
    assert "통신사가 보낸 기사라는 표시가" in page
    assert "no_sign" not in page
    use = reverse("admin:wire_story_press", args=[story.pk, "use"])
    assert "사용 가능" in screen.post(use, follow=True).content.decode()
    again = "그냥 글\n\n누가 썼는지 모른다.\n\n덧붙인 말이다.".encode()
    receive_delivery(yonhap, raw=again, by=None)
    story.refresh_from_db()
    assert story.is_usable()


@pytest.mark.parametrize(
    "raw",
    [b'{"headline": ', b"[" * 999, b"<html><body>502 Bad Gateway</body></html>"],
    ids=["half json", "brackets", "error page"],
)
def test_garbage_is_stored_and_never_usable(yonhap: Source, raw: bytes) -> None:
    receive_delivery(yonhap, raw=raw, by=None)
    assert not Story.objects.usable().exists()


@pytest.mark.parametrize(
    "text",
    [
        "[속보] 강변길 다시 연다",
        "[인사] 가상부",
        "강변길 다시 연다\n한가람 기자",
        "강변길 다시 연다\n(끝)",
    ],
)
def test_one_agency_sign_is_enough(yonhap: Source, text: str) -> None:
    assert come(yonhap, text.encode()).is_usable()
