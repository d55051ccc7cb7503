"""Single lines of the Yonhap parser: marks, timestamps, datelines, boilerplate."""

from datetime import datetime, timedelta, timezone

import pytest

from wire.parsers.marks import mark_order, split_marks
from wire.parsers.result import Byline
from wire.parsers.usage_terms import forbids_ai
from wire.parsers.yonhap.boilerplate import (
    is_promotion_line,
    is_rights_line,
    parse_email_line,
    split_glued_lines,
)
from wire.parsers.yonhap.header import parse_opening, parse_people, parse_timestamp

KST = timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    ("line", "headline", "marks"),
    [
        ("강변길 다시 연다(종합2보)", "강변길 다시 연다", ["종합2보"]),
        ("강변길 다시 연다 (종합)", "강변길 다시 연다", ["종합"]),
        ("[속보] 강변길 다시 연다", "강변길 다시 연다", ["속보"]),
        ("[1보] 강변길 다시 연다", "강변길 다시 연다", ["1보"]),
        ("<고침> 강변길 다시 연다(종합)", "강변길 다시 연다", ["고침", "종합"]),
        ("[단독][영상] 강변길", "강변길", ["단독", "영상"]),
        ("[전문 취소] 강변길", "강변길", ["전문취소"]),
        ("강변길 다시 연다(2보)", "강변길 다시 연다", ["2보"]),
        ("한강 물길(水路) 바뀐다", "한강 물길(水路) 바뀐다", []),
        ("연구비 두 배(3년 만)", "연구비 두 배(3년 만)", []),
        (
            '"다시 만나자" 말한 시장…시민과 약속(종합3보)',
            '"다시 만나자" 말한 시장…시민과 약속',
            ["종합3보"],
        ),
    ],
)
def test_marks_are_split_from_the_headline(line: str, headline: str, marks: list[str]) -> None:
    assert split_marks(line) == (headline, marks)


def test_marks_order_versions() -> None:
    chain = [["속보"], ["1보"], ["2보"], ["3보"], [], ["종합"], ["종합2보"], ["종합10보"]]
    assert sorted(chain, key=mark_order) == chain
    assert len({mark_order(marks) for marks in chain}) == len(chain)


def test_correction_mark_does_not_change_the_order() -> None:
    assert mark_order(["고침", "종합2보"]) == mark_order(["종합2보"])
    assert mark_order(["단독"]) == mark_order([])


@pytest.mark.parametrize(
    "line",
    [
        "연합뉴스 2026-10-01 17:00:00",
        "2026년10월01일 17시00분 송고",
        "2026년 10월 1일 오후 5시 00분 송고",
        "송고시간 2026-10-01 17:00",
        "송고시간: 2026.10.01. 17:00",
        "2026/10/01 17:00 송고",
        "2026-10-01T17:00:00+09:00",
        "2026-10-01T08:00:00.000Z",
        "2026-10-01 10:00:00+02:00",
        "기사입력 2026.10.1 (목) 오후 5:00",
        "[2026-10-01 17:00 송고]",
    ],
)
def test_timestamp_is_parsed_in_every_form(line: str) -> None:
    stamp = parse_timestamp(line)
    assert stamp
    assert stamp.at == datetime(2026, 10, 1, 17, tzinfo=KST)
    assert stamp.at.utcoffset() == timedelta(hours=9)
    assert stamp.text == line


@pytest.mark.parametrize(
    "line",
    [
        "30일(현지시간) 17:00에 열린다",
        "2026-10-01",
        "오전 9시 30분",
        "2026년 10월 1일 17시 00분 강변길에서 만난다.",
        "02-398-3114",
    ],
)
def test_times_inside_the_text_are_no_timestamps(line: str) -> None:
    assert parse_timestamp(line) is None


@pytest.mark.parametrize(
    "line", ["송고시간 2026-13-45 25:61", "연합뉴스 0000-00-00 00:00", "2026-02-30 10:00:00"]
)
def test_impossible_timestamp_has_no_time(line: str) -> None:
    stamp = parse_timestamp(line)
    assert stamp
    assert stamp.at is None


@pytest.mark.parametrize(
    ("line", "places", "agency", "people", "rest"),
    [
        (
            "(서울=연합뉴스) 한가람 기자 = 본문이다.",
            ["서울"],
            "연합뉴스",
            ["한가람 기자"],
            "본문이다.",
        ),
        (
            "(런던·서울=연합뉴스) 한가람 특파원 백두리 기자 = 본문이다.",
            ["런던", "서울"],
            "연합뉴스",
            ["한가람 특파원", "백두리 기자"],
            "본문이다.",
        ),
        (
            "(서울=연합뉴스) 김나루·이다솜 기자 = 본문이다.",
            ["서울"],
            "연합뉴스",
            ["김나루 기자", "이다솜 기자"],
            "본문이다.",
        ),
        (
            "(서울=연합뉴스) 김나루 이다솜 기자 = 본문이다.",
            ["서울"],
            "연합뉴스",
            ["김나루 기자", "이다솜 기자"],
            "본문이다.",
        ),
        (
            "(대전=연합뉴스) 남궁보라 의학전문기자 = 본문이다.",
            ["대전"],
            "연합뉴스",
            ["남궁보라 의학전문기자"],
            "본문이다.",
        ),
        (
            "(로스앤젤레스=연합뉴스) 임한솔 통신원=본문이다.",
            ["로스앤젤레스"],
            "연합뉴스",
            ["임한솔 통신원"],
            "본문이다.",
        ),
        (
            "(싱가포르=연합뉴스) 빨간 풍선이 떴다.",
            ["싱가포르"],
            "연합뉴스",
            [],
            "빨간 풍선이 떴다.",
        ),
        ("(전국종합=연합뉴스) = 본문이다.", ["전국종합"], "연합뉴스", [], "본문이다."),
        (
            "(서울=연합뉴스) 국제뉴스부 = 본문이다.",
            ["서울"],
            "연합뉴스",
            ["국제뉴스부 "],
            "본문이다.",
        ),
        ("(뉴욕 AFP=연합뉴스) 본문이다.", ["뉴욕"], "AFP=연합뉴스", [], "본문이다."),
        (
            "(서울=연합뉴스) 한가람 선임기자 백두리 인턴기자 = 본문이다.",
            ["서울"],
            "연합뉴스",
            ["한가람 선임기자", "백두리 인턴기자"],
            "본문이다.",
        ),
        (
            "(서울=연합뉴스) 수식 x=3을 풀었다.",
            ["서울"],
            "연합뉴스",
            [],
            "수식 x=3을 풀었다.",
        ),
    ],
)
def test_datelines_and_bylines(
    line: str, places: list[str], agency: str, people: list[str], rest: str
) -> None:
    opening = parse_opening(line)
    assert opening
    assert [*opening.dateline.places] == places
    assert opening.dateline.agency == agency
    assert [f"{p.name} {p.role}" for p in opening.bylines] == people
    assert opening.rest == rest


@pytest.mark.parametrize(
    "line", ["(x=3) 이다.", "서울에서 만난다.", "(사진=홍가온 제공)", "(연합뉴스) 본문이다."]
)
def test_other_brackets_are_no_datelines(line: str) -> None:
    assert parse_opening(line) is None


def test_sentences_with_a_job_title_are_no_bylines() -> None:
    assert parse_people("한가람 기자협회장은 말했다") is None
    assert parse_people("한가람 논설위원") == (Byline("한가람", "논설위원"),)


def test_boilerplate_glued_to_a_sentence_is_split_off() -> None:
    line = "…고 말했다.    garam@yna.co.kr▶ [현장영상] 보기<저작권자(c) 연합뉴스, 무단 전재-재배포 금지>"
    assert list(split_glued_lines(line)) == [
        "…고 말했다.",
        "garam@yna.co.kr",
        "▶ [현장영상] 보기",
        "<저작권자(c) 연합뉴스, 무단 전재-재배포 금지>",
    ]


def test_email_address_inside_a_sentence_stays() -> None:
    line = "신청은 walk@example.com 으로 하면 된다."
    assert list(split_glued_lines(line)) == [line]
    assert parse_email_line(line) is None


def test_line_of_several_email_addresses_is_recognised() -> None:
    assert parse_email_line("a@example.com, b@example.com") == ["a@example.com", "b@example.com"]


@pytest.mark.parametrize(
    ("line", "forbids"),
    [
        ("<저작권자(c) 연합뉴스, 무단 전재-재배포 금지>", False),
        ("<저작권자(c) 연합뉴스, 무단 전재-재배포, AI 학습 및 활용 금지>", True),
        ("저작권자ⓒ 연합뉴스, 무단 전재 및 재배포 금지", False),
        ("<저작권자 © 연합뉴스, 무단 전재-재배포, AI 학습 및 활용 금지>", True),
        ("<저작권자(Copyright) 연합뉴스, 무단 전재-재배포 금지>", False),
        ("ⓒ 연합뉴스", False),
    ],
)
def test_rights_lines(line: str, forbids: bool) -> None:
    assert is_rights_line(line)
    assert forbids_ai(line) is forbids


@pytest.mark.parametrize(
    "line",
    ["저작권자는 소송을 냈다고 말했다.", "(c) 항목은 뺐다.", "무단 횡단 금지 구역이 늘었다."],
)
def test_sentences_about_rights_are_no_rights_lines(line: str) -> None:
    assert not is_rights_line(line)


def test_promotion_lines_are_distinguished_from_prose() -> None:
    assert is_promotion_line("제보는 카카오톡 example")
    assert is_promotion_line("▶ 관련 기사 보기")
    assert is_promotion_line("☞ 앱에서 보기")
    assert not is_promotion_line("제보자는 경찰에 사실을 알렸다.")
    assert not is_promotion_line("카카오톡 이용자가 늘었다.")
