"""Texts of other Korean agencies, and of Yonhap in English: the same parts from other forms."""

from datetime import datetime

import pytest

from tests.support.formats import agencies
from wire.actions.versions import signal_of
from wire.models import Source
from wire.parsers.marks import mark_order, split_marks
from wire.parsers.payload import Payload
from wire.parsers.registry import parse_payload
from wire.parsers.result import SEOUL, Byline, Caption, ParsedDelivery, ParsedStory
from wire.parsers.yonhap.header import parse_opening
from wire.parsers.yonhap.references import find_references


def read(text: str) -> ParsedDelivery:
    source = Source(slug="x", agency="기본통신", format=Source.Format.AUTO)
    return parse_payload(Payload(text.encode()), source=source)


@pytest.mark.parametrize(
    ("line", "places", "agency", "people"),
    [
        ("[서울=뉴시스] 한가람 기자 = 길을 연다.", ["서울"], "뉴시스", ["한가람 기자"]),
        ("【안산=뉴시스】한가람 기자 = 길을 연다.", ["안산"], "뉴시스", ["한가람 기자"]),
        ("[런던=AP/뉴시스] 길을 연다.", ["런던"], "AP/뉴시스", []),
        ("(서울=뉴스1) 한가람 기자 = 길을 연다.", ["서울"], "뉴스1", ["한가람 기자"]),
        (
            "(서울·세종=뉴스1) 한가람 백두리 기자 = 길을 연다.",
            ["서울", "세종"],
            "뉴스1",
            ["한가람 기자", "백두리 기자"],
        ),
        ("(서울=연합인포맥스) 한가람 기자 = 길을 연다.", ["서울"], "연합인포맥스", ["한가람 기자"]),
        ("[서울=뉴스핌] 한가람 기자 = 길을 연다.", ["서울"], "뉴스핌", ["한가람 기자"]),
        ("[이데일리 한가람 기자] 길을 연다.", [], "이데일리", ["한가람 기자"]),
        ("[부산=이데일리 한가람 기자] 길을 연다.", ["부산"], "이데일리", ["한가람 기자"]),
        ("[이데일리 스타in 한가람 기자] 길을 연다.", [], "이데일리", ["한가람 기자"]),
        ("[머니투데이 뉴욕=한가람 특파원] 길을 연다.", ["뉴욕"], "머니투데이", ["한가람 특파원"]),
        (
            "[아시아경제 한가람 기자, 백두리 기자] 길을 연다.",
            [],
            "아시아경제",
            ["한가람 기자", "백두리 기자"],
        ),
        ("[OSEN=가상시, 한가람 기자] 길을 연다.", ["가상시"], "OSEN", ["한가람 기자"]),
        ("[OSEN=한가람 기자] 길을 연다.", [], "OSEN", ["한가람 기자"]),
        ("[헤럴드경제=한가람 기자] 길을 연다.", [], "헤럴드경제", ["한가람 기자"]),
        ("[헤럴드경제(가상시)=한가람 기자] 길을 연다.", ["가상시"], "헤럴드경제", ["한가람 기자"]),
        ("[스타뉴스 | 한가람 기자] 길을 연다.", [], "스타뉴스", ["한가람 기자"]),
        (
            "[엑스포츠뉴스 가상시, 한가람 기자] 길을 연다.",
            ["가상시"],
            "엑스포츠뉴스",
            ["한가람 기자"],
        ),
    ],
)
def test_datelines_of_other_agencies(
    line: str, places: list[str], agency: str, people: list[str]
) -> None:
    opening = parse_opening(line)
    assert opening
    assert (list(opening.dateline.places), opening.dateline.agency) == (places, agency)
    assert [f"{p.name} {p.role}" for p in opening.bylines] == people
    assert opening.rest == "길을 연다."


@pytest.mark.parametrize(
    "line",
    [
        "[이데일리 자료사진]",
        "[뉴시스 포토]",
        "(사진=뉴스1) 걷는 시민들",
        "[사진=OSEN DB]",
        "[그래픽] 한가람 기자",
    ],
)
def test_credits_of_other_agencies_are_no_datelines(line: str) -> None:
    assert parse_opening(line) is None


def test_newsis_copy() -> None:
    """wire W6"""
    [story] = (delivery := read(agencies.NEWSIS)).stories
    assert delivery.format == Source.Format.KOREAN
    assert (story.headline, story.marks) == ("가상시, 강변길 다시 연다", ["종합"])
    assert story.sent_at == datetime(2026, 10, 1, 9, tzinfo=SEOUL)
    assert story.bylines == [Byline("한가람", "기자", "garam@newsis.com")]
    assert story.paragraphs == ["가상시는 강변길을 다시 연다고 1일 밝혔다.", "공사는 석 달 걸렸다."]
    [caption] = story.captions
    assert (caption.place, caption.resale_prohibited) == (1, True)
    assert caption.text.endswith("길을 걷는다. 2026.10.01.")
    assert story.resale_prohibited
    assert "뉴시스통신사" in story.rights
    assert set(story.contacts) == {"photo@newsis.com", "garam@newsis.com"}


def test_news1_copy() -> None:
    [story] = read(agencies.NEWS1).stories
    assert (story.agency, story.ai_use_prohibited) == ("뉴스1", True)
    assert story.bylines == [Byline("김나루", "기자", "naru@news1.kr")]
    assert story.captions == [Caption("걷는 시민들. 2026.10.1", "뉴스1 News1 이다솜 기자", 1)]
    assert story.paragraphs == [
        "가상시는 강변길을 연다고 밝혔다.",
        '시장은 "기쁘다"고 말했다.',
    ]


@pytest.mark.parametrize("name", agencies.KOREAN)
def test_every_agency_is_named_and_its_rights_are_kept(name: str) -> None:
    [story] = (delivery := read(agencies.KOREAN[name])).stories
    assert delivery.format == (
        Source.Format.YONHAP if name.startswith("연합") else Source.Format.KOREAN
    )
    assert story.agency == name
    assert story.bylines[0].name == "한가람"
    assert story.bylines[0].email
    assert "금지" in story.rights
    assert story.paragraphs == ["가상시는 강변길을 다시 연다고 밝혔다.", "공사는 석 달 걸렸다."]


def test_address_of_a_desk_is_no_english_reporters() -> None:
    copy = agencies.ENGLISH.replace("garam@yna.co.kr", "photo@yna.co.kr\ngaram@yna.co.kr")
    [story] = read(copy).stories

    assert [person.email for person in story.bylines] == ["garam@yna.co.kr", ""]


def test_english_copy() -> None:
    """wire W7"""
    [story] = (delivery := read(agencies.ENGLISH)).stories
    assert (delivery.format, story.language) == (Source.Format.ENGLISH, "en")
    assert (story.headline, story.marks) == ("Gasang city reopens riverside road", ["2nd LD"])
    assert mark_order(story.marks) == mark_order(["종합2보"])
    assert story.dateline.places == ("SEOUL", "BUSAN")
    assert story.agency == "Yonhap"
    assert story.sent_at == datetime(2026, 11, 27, 12, tzinfo=SEOUL)
    assert story.bylines == [
        Byline("Han Ga-ram", "", "garam@yna.co.kr"),
        Byline("Lee Da-som", "", ""),
    ]
    assert story.paragraphs == [
        "Gasang city said Friday it will reopen the riverside road after three months of work.",
        "Shares of Gasang Electronics rose.",
    ]
    assert story.captions == [Caption("People walk along the river.", "Yonhap", 1)]
    assert story.notes == ["(ATTN: UPDATES with shares in last para)"]
    assert story.ai_use_prohibited
    assert "(END)" in story.boilerplate_lines


@pytest.mark.parametrize(
    ("headline", "marks", "signal"),
    [
        ("(LEAD) Road reopens", ["LEAD"], "text"),
        ("(URGENT) Road reopens", ["URGENT"], "text"),
        ("(CORRECTION) Road reopens", ["CORRECTION"], "correction"),
        ("KILL: Road reopens", ["KILL"], "cancellation"),
        ("[KILL] Road reopens", ["KILL"], "cancellation"),
    ],
)
def test_english_marks(headline: str, marks: list[str], signal: str) -> None:
    [story] = read(f"{headline}\n\nSEOUL, Nov. 27 (Yonhap) -- It opens.\n(END)").stories
    assert (story.headline, story.marks) == ("Road reopens", marks)
    assert signal_of(story) == signal


def test_english_embargo() -> None:
    line = "EMBARGOED UNTIL 6:30 a.m. KST Nov. 29, 2026"
    [story] = read(f"{line}\nRoad reopens\n\nSEOUL, Nov. 27 (Yonhap) -- It opens.\n(END)").stories
    assert (story.headline, story.embargo_lines) == ("Road reopens", [line])
    assert story.embargo_until == datetime(2026, 11, 29, 6, 30, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("line", "headline", "signal"),
    [
        ("[전문취소] 강변길", "강변길", "cancellation"),
        ("[전문 취소] 강변길", "강변길", "cancellation"),
        ("[기사전문취소] 강변길", "강변길", "cancellation"),
        ("강변길(전문취소)", "강변길", "cancellation"),
        ("[KILL] 강변길", "강변길", "cancellation"),
        ("KILL: 강변길", "강변길", "cancellation"),
        ("전문취소: 강변길", "강변길", "cancellation"),
        ("[대체] 강변길", "강변길", "correction"),
        ("<고침> 강변길", "강변길", "correction"),
        ("[정정] 강변길", "강변길", "correction"),
        ("[단독] 강변길", "강변길", "text"),
    ],
)
def test_marks_are_signals(line: str, headline: str, signal: str) -> None:
    assert split_marks(line)[0] == headline
    [story] = read(f"{line}\n연합뉴스 2026-10-01 09:00\n(서울=연합뉴스) 길을 연다.\n(끝)").stories
    assert signal_of(story) == signal


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("[전문취소] 27일 송고 '강변길 연다(종합2보)' 기사", ["27 강변길 연다(종합2보)"]),
        ("[KILL] 27일 송고한 \"시장 '기쁘다' 말해\" 제하 기사", ["27 시장 '기쁘다' 말해"]),
        ("<고침> 사회(가상시, 강변길 다시 연다…)", ["가상시, 강변길 다시 연다…"]),
        ("[속보] 27일 송고 '강변길 연다' 기사", []),
    ],
)
def test_corrections_name_their_story(line: str, named: list[str]) -> None:
    headline, marks = split_marks(line)
    assert find_references(ParsedStory(headline=headline, marks=marks)) == named
