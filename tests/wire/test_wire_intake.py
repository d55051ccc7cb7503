"""Intake of deliveries: stored, parsed, filed as versions of stories."""

import itertools
import random
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from audit.models import Entry
from tests.support.formats.wire_copy import PLAIN_STORY, agency_copy
from wire import tasks
from wire.actions import (
    MAX_DELIVERY_BYTES,
    insert_delivery,
    intake,
    lift_embargo,
    parse_delivery,
    receive_delivery,
    reinstate,
    reparse_delivery,
    save_source,
    set_embargo,
)
from wire.errors import (
    CopyErased,
    EmptyDelivery,
    NotWithheld,
    SourceClosed,
    TooLarge,
    UnknownSource,
)
from wire.models import Delivery, Source, Story, Version
from wire.parsers import yonhap as yonhap_text
from wire.tasks import parse_waiting

TITLE = "가상시, 강변길 다시 연다"
Received = Any


@pytest.fixture
def yonhap(db: None) -> Source:
    """The source of the migration; created again where a test emptied the tables."""
    agency = {"name": "연합뉴스", "agency": "연합뉴스"}
    return Source.objects.get_or_create(slug="yonhap", defaults=agency)[0]


def come(source: Source, raw: bytes) -> Delivery:
    return receive_delivery(source, raw=raw, by=None)


def states() -> list[tuple[Any, ...]]:
    """The state of a story that must not depend on the order of arrival."""
    return sorted(
        (
            story.status,
            (story.embargo, story.embargo_until),
            story.current
            and (story.current.headline, story.current.marks, story.current.paragraphs),
            story.key,
            sorted(story.versions.values_list("content_hash", flat=True)),
        )
        for story in Story.objects.all()
    )


# -- Kept first, read then ---------------------------------------------------------------------


def test_delivery_is_stored_byte_for_byte(yonhap: Source, ben: User) -> None:
    raw = PLAIN_STORY.replace("\n", "\r\n").encode("cp949")
    delivery = receive_delivery(
        yonhap, raw=raw, name="a.txt", content_type="text/plain; charset=euc-kr", by=ben
    )
    stored = Delivery.objects.get(pk=delivery.pk)
    assert bytes(stored.raw) == raw
    assert (stored.name, stored.size, stored.encoding) == ("a.txt", len(raw), "cp949")
    assert stored.status == Delivery.Status.PARSED


def test_a_delivery_becomes_a_story_with_one_version(yonhap: Source) -> None:
    delivery = come(yonhap, PLAIN_STORY.encode())
    story = Story.objects.get()
    assert story.current == delivery.version
    assert story.current
    assert story.current.number == 1
    assert story.current.agency == "연합뉴스"
    assert story.news_at == story.current.sent_at
    assert story.is_usable()
    assert Story.objects.usable().get() == story


def test_each_step_is_in_the_audit_log(yonhap: Source, ben: User) -> None:
    receive_delivery(yonhap, raw=agency_copy(), by=ben)
    verbs = list(Entry.objects.order_by("pk").values_list("verb", "by_name"))
    assert verbs == [("received", "ben"), ("wire_text", "ben")]


def test_text_that_breaks_the_parser_is_a_failed_delivery_with_reason(
    yonhap: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(text: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(yonhap_text, "parse", break_down)
    delivery = come(yonhap, agency_copy())
    assert delivery.status == Delivery.Status.FAILED
    assert delivery.reason
    assert Story.objects.count() == 0


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (bytes(range(256)) * 50, "unsupported"),
        (b"\x1f\x8b\x08packed", "unsupported"),
        (b"\x89PNG\r\n\x1a\n", "unsupported"),
        (b"\x00" * 1000, "unsupported"),
        ("(끝)".encode(), "failed"),
        ("연합뉴스 2026-10-01 09:00:00".encode(), "failed"),
    ],
    ids=["noise", "gzip", "picture", "nul", "end mark", "stamp alone"],
)
def test_unparsable_delivery_is_stored_with_a_korean_reason(
    yonhap: Source, raw: bytes, status: str
) -> None:
    with translation.override("en"):
        delivery = come(yonhap, raw)
    assert delivery.status == status
    assert any("가" <= letter <= "힣" for letter in delivery.reason)
    assert bytes(Delivery.objects.get().raw) == raw
    assert Story.objects.count() == 0


@pytest.mark.parametrize("raw", [b"", b" \r\n\t "])
def test_an_empty_delivery_is_refused(yonhap: Source, raw: bytes) -> None:
    with pytest.raises(EmptyDelivery):
        come(yonhap, raw)
    assert Delivery.objects.count() == 0


def test_a_delivery_over_the_limit_is_refused(yonhap: Source) -> None:
    with pytest.raises(TooLarge):
        come(yonhap, b"a" * (MAX_DELIVERY_BYTES + 1))
    assert Delivery.objects.count() == 0


def test_inactive_source_refuses_deliveries(yonhap: Source, ben: User) -> None:
    yonhap.active = False
    save_source(yonhap, by=ben)
    with pytest.raises(SourceClosed):
        come(yonhap, agency_copy())


def test_unknown_source_is_refused_with_the_known_ones(yonhap: Source) -> None:
    with pytest.raises(UnknownSource, match="yonhap"):
        Source.objects.by_slug("nobody")


def test_source_defaults_fill_missing_agency_and_rights(yonhap: Source, ben: User) -> None:
    yonhap.ai_use_prohibited, yonhap.rights = True, "무단 전재 금지"
    save_source(yonhap, by=ben)
    version = come(yonhap, agency_copy()).version
    assert version
    assert version.ai_use_prohibited
    assert version.rights == "무단 전재 금지"


def test_default_rights_of_a_source_forbid_use_by_ai(yonhap: Source, ben: User) -> None:
    yonhap.rights = "무단 전재-재배포, AI 학습 및 활용 금지"
    save_source(yonhap, by=ben)
    version = come(yonhap, agency_copy()).version
    assert version
    assert version.ai_use_prohibited


def test_stored_delivery_cannot_be_changed(yonhap: Source) -> None:
    delivery = come(yonhap, agency_copy())
    with pytest.raises(DatabaseError), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(raw=b"other")
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.update(headline="다른 말")


# -- The sweep ---------------------------------------------------------------------------------


def kept_only(source: Source, raw: bytes) -> Delivery:
    """A delivery whose process died between storing and parsing."""
    return insert_delivery(source, raw=raw, name="", content_type="", by=None)


def test_unparsed_delivery_is_parsed_by_the_task(yonhap: Source) -> None:
    kept_only(yonhap, agency_copy())
    assert parse_waiting() == 1
    assert parse_waiting() == 0
    assert Delivery.objects.get().status == Delivery.Status.PARSED
    assert Story.objects.count() == 1


def test_bad_delivery_does_not_block_the_parse_task(yonhap: Source) -> None:
    kept_only(yonhap, b"\x1f\x8b")
    kept_only(yonhap, agency_copy())
    assert parse_waiting() == 2
    assert sorted(Delivery.objects.values_list("status", flat=True)) == ["parsed", "unsupported"]


def test_delivery_stays_unparsed_while_the_database_is_unavailable(
    yonhap: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: Any, **details: Any) -> None:
        raise OperationalError

    with monkeypatch.context() as outage:
        outage.setattr(intake, "file_delivery", away)
        delivery = come(yonhap, agency_copy())
    assert delivery.status == Delivery.Status.RECEIVED
    parse_waiting()
    assert Story.objects.count() == 1


# -- The same again ----------------------------------------------------------------------------


def test_the_same_text_twice_is_one_version(yonhap: Source) -> None:
    first = come(yonhap, PLAIN_STORY.encode())
    again = come(yonhap, PLAIN_STORY.replace("\n", "\r\n").encode("cp949"))
    assert again.status == Delivery.Status.DUPLICATE
    assert again.version == first.version
    assert Version.objects.count() == 1
    assert Delivery.objects.count() == 2


def test_reparsing_without_a_new_outcome_changes_nothing(yonhap: Source, ben: User) -> None:
    delivery = come(yonhap, agency_copy())
    before, entries = states(), Entry.objects.count()
    again = reparse_delivery(reparse_delivery(delivery, by=ben), by=ben)
    assert again.status == Delivery.Status.PARSED
    assert states() == before
    assert Entry.objects.count() == entries


def test_failed_delivery_is_parsed_after_a_repair_of_the_parser(
    yonhap: Source, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(yonhap_text, "parse", lambda _text: 1 / 0)
        delivery = come(yonhap, agency_copy())
    repaired = reparse_delivery(delivery, by=ben)
    assert (repaired.status, repaired.reason) == (Delivery.Status.PARSED, "")


def test_reparsing_replaces_the_version_of_the_same_delivery(
    yonhap: Source, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = yonhap_text.parse

    def sloppy(text: str) -> Any:
        story = real(text)
        story.paragraphs = story.paragraphs[:1]
        return story

    with monkeypatch.context() as old:
        old.setattr(yonhap_text, "parse", sloppy)
        delivery = come(yonhap, agency_copy())
    reparse_delivery(delivery, by=ben)
    story = Story.objects.get()
    assert story.current
    assert (story.current.number, len(story.current.paragraphs)) == (2, 2)
    assert not story.current.silent_change


# -- Versions ----------------------------------------------------------------------------------

CHAIN = [
    agency_copy(f"[속보] {TITLE}", sent="2026-10-01 09:00:00", body=["곧 연다."]),
    agency_copy(f"[1보] {TITLE}", sent="2026-10-01 09:02:00", body=["가상시가 강변길을 연다."]),
    agency_copy(TITLE, sent="2026-10-01 09:30:00"),
    agency_copy(f"{TITLE}(종합)", sent="2026-10-01 10:00:00", body=["종합이다."]),
    agency_copy(f"{TITLE}(종합2보)", sent="2026-10-01 12:00:00", body=["두 번째 종합이다."]),
]


def test_the_reports_of_one_event_are_versions_of_one_story(yonhap: Source) -> None:
    for raw in CHAIN:
        come(yonhap, raw)
    story = Story.objects.get()
    assert story.current
    assert story.current.marks == ["종합2보"]
    assert list(story.versions.values_list("number", flat=True)) == [1, 2, 3, 4, 5]


def test_late_earlier_version_is_stored_and_not_current(yonhap: Source) -> None:
    come(yonhap, CHAIN[4])
    come(yonhap, CHAIN[2])
    story = Story.objects.get()
    assert story.current
    assert story.current.marks == ["종합2보"]
    assert story.versions.count() == 2


def test_the_second_consolidation_is_not_the_tenth(yonhap: Source) -> None:
    for mark in ("종합10보", "종합2보"):
        come(yonhap, agency_copy(f"{TITLE}({mark})", body=[f"{mark}이다."]))
    story = Story.objects.get()
    assert story.current
    assert story.current.marks == ["종합10보"]


def test_a_flash_before_midnight_and_its_report_after_it_are_one_story(yonhap: Source) -> None:
    come(yonhap, agency_copy(f"[속보] {TITLE}", sent="2026-10-01 23:58:00", body=["연다."]))
    come(yonhap, agency_copy(f"{TITLE}(종합)", sent="2026-10-02 00:40:00"))
    assert Story.objects.count() == 1


def test_the_same_headline_on_another_day_is_another_story(yonhap: Source) -> None:
    come(yonhap, agency_copy("내일 날씨", sent="2026-10-01 17:00:00"))
    come(yonhap, agency_copy("내일 날씨", sent="2026-10-02 17:00:00"))
    assert Story.objects.count() == 2


def test_columns_of_one_title_are_stories_of_their_own(yonhap: Source) -> None:
    come(yonhap, agency_copy("[인사] 가상부", body=["◇ 국장 정하늘."]))
    come(yonhap, agency_copy("[인사] 가상부", body=["◇ 과장 백두리."]))
    assert Story.objects.count() == 2


def test_change_without_a_mark_is_a_silent_change(yonhap: Source) -> None:
    come(yonhap, agency_copy(body=["강변길을 연다고 했다."]))
    come(yonhap, agency_copy(body=["강변길을 열겠다고 했다."]))
    assert sorted(Version.objects.values_list("silent_change", flat=True)) == [False, True]


def test_correction_is_recognised_by_its_mark(yonhap: Source) -> None:
    come(yonhap, CHAIN[2])
    come(yonhap, agency_copy(f"<고침> {TITLE}", sent="2026-10-01 09:45:00", body=["고친 글이다."]))
    story = Story.objects.get()
    assert story.current
    assert story.current.is_correction()
    assert Entry.objects.filter(verb="wire_correction").count() == 1


@pytest.mark.parametrize(
    "stamp", ["2026-10-01T09:00:00+09:00", "2026-10-01T00:00:00.000Z", "송고시간 2026-10-01 09:00"]
)
def test_story_key_does_not_depend_on_the_timestamp_format(yonhap: Source, stamp: str) -> None:
    come(yonhap, agency_copy(f"[1보] {TITLE}", sent="2026-10-01 08:30:00", body=["연다."]))
    plain = agency_copy(TITLE).replace("연합뉴스 2026-10-01 09:00:00".encode(), stamp.encode())
    come(yonhap, plain)
    story = Story.objects.get()
    assert story.news_at.isoformat() == "2026-10-01T00:00:00+00:00"
    assert story.current
    assert story.current.stamps == [stamp]


@pytest.mark.parametrize(
    "content_type", ["", "text/plain; charset=EUC-KR", "text/plain; charset=utf-8"]
)
def test_cp949_is_decoded_whatever_charset_was_declared(yonhap: Source, content_type: str) -> None:
    """With syllables that EUC-KR does not have."""
    raw = agency_copy("똠방각하, 펲시 거리 걷는다", body=["뷁이라는 글자도 있다."])
    delivery = receive_delivery(
        yonhap, raw=raw.decode().encode("cp949"), content_type=content_type, by=None
    )
    assert (delivery.encoding, delivery.status) == ("cp949", Delivery.Status.PARSED)
    assert delivery.version
    assert delivery.version.headline == "똠방각하, 펲시 거리 걷는다"
    again = come(yonhap, raw)
    assert (again.status, Version.objects.count()) == (Delivery.Status.DUPLICATE, 1)


# -- Cancelled ---------------------------------------------------------------------------------


def cancellation(sent: str = "2026-10-01 13:00:00") -> bytes:
    return agency_copy(f"[전문취소] {TITLE}", sent=sent, body=["이 기사를 취소합니다."])


def test_a_cancellation_cancels_every_version(yonhap: Source) -> None:
    for raw in [*CHAIN, cancellation()]:
        come(yonhap, raw)
    story = Story.objects.get()
    assert story.status == Story.Status.CANCELLED
    assert not story.is_usable()
    assert story.current
    assert story.current.marks == ["종합2보"]  # what was cancelled can still be looked at


def test_late_version_does_not_undo_a_cancellation(yonhap: Source) -> None:
    come(yonhap, cancellation())
    for raw in CHAIN:
        come(yonhap, raw)
    assert Story.objects.get().status == Story.Status.CANCELLED


def test_text_sent_after_a_cancellation_is_withheld(yonhap: Source, ben: User) -> None:
    for raw in [*CHAIN, cancellation()]:
        come(yonhap, raw)
    come(
        yonhap, agency_copy(f"{TITLE}(종합3보)", sent="2026-10-01 15:00:00", body=["다시 보낸다."])
    )
    story = Story.objects.get()
    assert story.status == Story.Status.WITHHELD
    reinstate(story, by=ben)
    story.refresh_from_db()
    assert story.status == Story.Status.USABLE
    come(yonhap, cancellation())  # the same notice once more
    story.refresh_from_db()
    assert story.status == Story.Status.USABLE
    come(yonhap, cancellation("2026-10-01 18:00:00"))  # a new one
    story.refresh_from_db()
    assert story.status == Story.Status.CANCELLED


def test_usable_story_cannot_be_reinstated(yonhap: Source, ben: User) -> None:
    come(yonhap, agency_copy())
    with pytest.raises(NotWithheld):
        reinstate(Story.objects.get(), by=ben)


def test_decision_on_copy_that_was_erased_meanwhile_is_refused(yonhap: Source, ben: User) -> None:
    come(yonhap, agency_copy())
    story = Story.objects.get()
    gone = Story(pk=story.pk + 1)  # as the page of a decision has it
    with pytest.raises(CopyErased):
        reinstate(gone, by=ben)
    with pytest.raises(CopyErased):
        set_embargo(gone, until=None, reason="요청", by=ben)
    with pytest.raises(CopyErased):
        lift_embargo(gone, reason="요청", by=ben)


# -- Replay ------------------------------------------------------------------------------------

FEED = [
    *CHAIN,
    cancellation(),
    agency_copy(f"<고침> {TITLE}(종합)", sent="2026-10-01 10:20:00", body=["고친 종합이다."]),
    agency_copy(f"{TITLE}(종합)", sent="2026-10-01 10:00:00", body=["말없이 바뀐 종합이다."]),
    agency_copy("다른 소식", sent="2026-10-01 09:00:00"),
    agency_copy("다른 소식", sent="2026-10-02 09:00:00"),
    agency_copy("[전문취소] 셋째 소식", sent="2026-10-02 11:00:00", body=["취소합니다."]),
    agency_copy("셋째 소식", sent="2026-10-02 12:00:00"),
    agency_copy("때를 알 수 없는 소식", sent=""),
    agency_copy("[엠바고 10월 3일 18시] 넷째 소식", sent="2026-10-03 09:00:00"),
    agency_copy(
        "[엠바고 10월 3일 20시] 넷째 소식(종합)", sent="2026-10-03 10:00:00", body=["늦춘다."]
    ),
    agency_copy("넷째 소식(종합2보)", sent="2026-10-03 11:00:00", body=["말이 없다."]),
    agency_copy("[엠바고] 다섯째 소식", sent="2026-10-03 09:00:00"),
    agency_copy("[엠바고 해제] 다섯째 소식(종합)", sent="2026-10-03 10:00:00", body=["푼다."]),
    "표시 없는 글\n\n누가 보냈는지 모른다.".encode(),
]


def test_replayed_feed_changes_nothing(yonhap: Source) -> None:
    for raw in FEED:
        come(yonhap, raw)
    before = states()
    shuffled = FEED * 2
    random.Random(7).shuffle(shuffled)
    for raw in shuffled:
        come(yonhap, raw)
    assert states() == before


@pytest.mark.parametrize("seed", range(6))
def test_outcome_does_not_depend_on_the_order_of_deliveries(yonhap: Source, seed: int) -> None:
    for raw in FEED:
        come(yonhap, raw)
    expected = states()
    Delivery.objects.update(version=None, status="received")
    Story.objects.update(current=None, overruled=None)
    Version.objects.all().delete()
    Story.objects.all().delete()
    shuffled = list(FEED)
    random.Random(seed).shuffle(shuffled)
    for raw in shuffled:
        come(yonhap, raw)
    assert states() == expected


@given(st.permutations(range(4)))
@settings(max_examples=24, deadline=None, suppress_health_check=list(HealthCheck))
def test_status_does_not_depend_on_the_order_of_cancellation_and_resend(
    yonhap: Source, order: list[int]
) -> None:
    texts = [
        CHAIN[2],
        CHAIN[4],
        cancellation(),
        agency_copy(f"{TITLE}(종합3보)", sent="2026-10-01 15:00:00", body=["다시 보낸다."]),
    ]
    with transaction.atomic():
        for place in order:
            parse_kept(yonhap, texts[place])
        assert [state[0] for state in states()] == ["withheld"]
        transaction.set_rollback(True)


def parse_kept(source: Source, raw: bytes) -> None:
    """Like receive_delivery, inside a transaction that the test rolls back."""
    delivery = insert_delivery.__wrapped__(source, raw=raw, name="", content_type="", by=None)  # type: ignore[attr-defined]
    parse_delivery(delivery, by=None)


def test_current_version_is_the_same_in_every_order(yonhap: Source) -> None:
    ends = set()
    for order in itertools.permutations(CHAIN[1:4]):
        with transaction.atomic():
            for raw in order:
                parse_kept(yonhap, raw)
            current = Story.objects.get().current
            assert current
            ends.add(current.content_hash)
            transaction.set_rollback(True)
    assert len(ends) == 1


# -- Texts that would take long ----------------------------------------------------------------


@pytest.mark.parametrize("piece", [b"a\n", b"\r", b"<\n", "문장이다.▶".encode(), "(끝)".encode()])
def test_text_of_too_many_lines_is_a_failed_delivery(yonhap: Source, piece: bytes) -> None:
    delivery = come(yonhap, b"word " + piece * (MAX_DELIVERY_BYTES // len(piece) - 5))
    assert delivery.status == Delivery.Status.FAILED
    assert "5000줄" in delivery.reason


def test_a_long_table_is_still_a_story(yonhap: Source) -> None:
    rows = "\n".join(f"가상부 과장 홍길{number}" for number in range(2_000))
    assert come(yonhap, f"[인사] 가상부\n\n{rows}".encode()).status == Delivery.Status.PARSED


def test_parse_task_stops_after_its_time_budget(
    yonhap: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "RUN_BUDGET_SECONDS", 0)
    for number in range(2):
        kept_only(yonhap, agency_copy(f"소식 {number}"))
    assert [parse_waiting(), parse_waiting(), parse_waiting()] == [1, 1, 0]
