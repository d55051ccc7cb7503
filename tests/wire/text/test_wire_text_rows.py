"""The elements of an agency text, row by row of the table in the reference (wire.md, 3d)."""

from datetime import datetime

import pytest

from wire.models import Source
from wire.parsers.marks import has_column_mark, mark_order
from wire.parsers.payload import Payload
from wire.parsers.registry import parse_payload
from wire.parsers.result import SEOUL, Byline, Caption, ParsedStory

HEADLINE = '가상시, 강변길 다시 연다…시민 "기쁘다"'
BODY = "(가상시=연합뉴스) 정하늘 기자 = 가상시는 강변길을 다시 연다고 밝혔다."


def read(*lines: str) -> ParsedStory:
    source = Source(slug="x", agency="연합뉴스", format=Source.Format.AUTO)
    [story] = parse_payload(Payload("\n".join(lines).encode()), source=source).stories
    return story


@pytest.mark.parametrize(
    ("before", "after", "marks", "order"),
    [
        ("", "(종합)", ["종합"], 101),
        ("", "(종합2보)", ["종합2보"], 102),
        ("", "(종합3보)", ["종합3보"], 103),
        ("[속보] ", "", ["속보"], 0),
        ("[단독] [영상] ", "", ["단독", "영상"], 50),
        ("<고침> ", "", ["고침"], 50),
        ("[정정] ", "", ["정정"], 50),
        ("[전문취소] ", "", ["전문취소"], 50),
        ("[1보] ", "", ["1보"], 1),
        ("", "(2보)", ["2보"], 2),
        ("【3보】", "", ["3보"], 3),
    ],
)
def test_row_1_marks_stand_around_the_headline(
    before: str, after: str, marks: list[str], order: int
) -> None:
    story = read(f"{before}{HEADLINE}{after}", BODY)
    assert (story.headline, story.marks, mark_order(story.marks)) == (HEADLINE, marks, order)


@pytest.mark.parametrize("column", ["인사", "부고", "표", "모멘트", "궂긴소식", "게시판"])
def test_row_1_columns_are_no_stories(column: str) -> None:
    assert has_column_mark(read(f"[{column}] 가상부", BODY).marks)


@pytest.mark.parametrize("place", [1, 2, 3])
@pytest.mark.parametrize(
    "stamp", ["2026년10월01일 08시00분 송고", "송고시간 2026-10-01 08:00", "2026/10/01 08:00 송고"]
)
def test_row_2_the_stamp_is_read_in_any_place(stamp: str, place: int) -> None:
    lines = [HEADLINE, "부제 한 줄", BODY + " 30일(현지시간) 17:00에 열린다."]
    lines.insert(place, stamp)
    assert read(*lines).sent_at == datetime(2026, 10, 1, 8, tzinfo=SEOUL)


def test_row_3_deck_lines_are_no_paragraphs() -> None:
    story = read(HEADLINE, '"점수 두 배"', "11월부터 시범 서비스", "석 달 만의 일", BODY)
    assert story.deck == ['"점수 두 배"', "11월부터 시범 서비스", "석 달 만의 일"]
    assert len(story.paragraphs) == 1


@pytest.mark.parametrize(
    ("title", "printed", "caption"),
    [
        (
            "걷는 시민들 [로이터=연합뉴스]",
            "걷는 시민들[로이터=연합뉴스]",
            Caption("걷는 시민들", "로이터=연합뉴스"),
        ),
        ("새 다리", "새 다리 (CG) [연합뉴스TV 제공]", Caption("새 다리", "CG 연합뉴스TV 제공")),
        (
            "새 난간",
            "새 난간 [가상시 제공. 재판매 및 DB 금지]",
            Caption("새 난간", "가상시 제공. 재판매 및 DB 금지", None, resale_prohibited=True),
        ),
    ],
)
def test_row_4_captions_before_the_lead_are_printed_twice_and_kept_once(
    title: str, printed: str, caption: Caption
) -> None:
    story = read(HEADLINE, title, printed, BODY)
    assert (story.captions, story.deck) == ([caption], [])
    assert len(story.paragraphs) == 1
    assert story.resale_prohibited == caption.resale_prohibited


@pytest.mark.parametrize(
    ("opening", "places", "people"),
    [
        (
            "(런던·서울=연합뉴스) 황보람 특파원 백한결 기자 = ",
            ("런던", "서울"),
            ["황보람 특파원", "백한결 기자"],
        ),
        ("(싱가포르=연합뉴스) ", ("싱가포르",), []),
        ("(전국종합=연합뉴스) ", ("전국종합",), []),
        ("(서울=연합뉴스) 김나루·이다솜 기자 = ", ("서울",), ["김나루 기자", "이다솜 기자"]),
        ("(서울=연합뉴스) 김나루 논설위원 = ", ("서울",), ["김나루 논설위원"]),
    ],
)
def test_row_5_dateline_and_byline(
    opening: str, places: tuple[str, ...], people: list[str]
) -> None:
    story = read(HEADLINE, f"{opening}빨간 풍선이 떴다.")
    assert story.dateline.places == places
    assert [f"{p.name} {p.role}" for p in story.bylines] == people
    assert story.paragraphs == ["빨간 풍선이 떴다."]


def test_row_6_figures_and_tickers_are_text() -> None:
    story = read(
        HEADLINE,
        BODY,
        "",
        "가상증권[000000]",
        "은 2천204대 1이다.",
        "",
        "◇ 남은 문제",
        "",
        "끝났다.",
    )
    assert any("가상증권[000000]" in text for text in story.paragraphs)
    assert [block.kind for block in story.blocks][-2:] == ["subhead", "paragraph"]
    assert story.captions == []


@pytest.mark.parametrize(
    "lines",
    [
        ["haneul@yna.co.kr"],
        ["", "haneul@yna.co.kr▶ [현장영상] 보기<저작권자(c) 연합뉴스, 무단 전재-재배포 금지>"],
        ["그는 말했다.    haneul@yna.co.kr▶ 보기"],
    ],
)
def test_row_7_addresses_are_the_desks_alone(lines: list[str]) -> None:
    story = read(HEADLINE, BODY, *lines)
    assert story.contacts == ["haneul@yna.co.kr"]
    assert story.bylines == [Byline("정하늘", "기자", "haneul@yna.co.kr")]
    assert not any("@" in text or "▶" in text for text in story.paragraphs)


@pytest.mark.parametrize("mark", ["(끝)", "<끝>", "[끝]", "( 끝 )"])
def test_row_8_the_text_stops_at_the_end_mark(mark: str) -> None:
    story = read(HEADLINE, BODY, mark, "이 뒤는 소식이 아니다.")
    assert len(story.paragraphs) == 1
    assert story.boilerplate_lines == [mark, "이 뒤는 소식이 아니다."]


@pytest.mark.parametrize("line", ["제보는 카카오톡 gasangjebo", "▶ 관련 기사", "☞ 앱에서 보기"])
def test_row_9_promotion_is_dropped(line: str) -> None:
    story = read(HEADLINE, BODY, line)
    assert len(story.paragraphs) == 1
    assert story.boilerplate_lines == [line]


@pytest.mark.parametrize("sign", ["(c)", "ⓒ", "©", "(Copyright)"])
@pytest.mark.parametrize("break_at", ["", "\n"])
def test_row_10_rights_and_what_they_forbid(sign: str, break_at: str) -> None:
    plain = read(HEADLINE, BODY, f"<저작권자{sign} 연합뉴스, {break_at}무단 전재-재배포 금지>")
    strict = read(
        HEADLINE,
        BODY,
        f"<저작권자{sign} 연합뉴스, {break_at}무단 전재-재배포, AI 학습 및 활용 금지>",
    )
    assert (plain.ai_use_prohibited, strict.ai_use_prohibited) == (False, True)
    assert plain.rights.endswith("금지>")
    assert len(plain.paragraphs) == len(strict.paragraphs) == 1


def test_row_11_a_byline_may_stand_at_the_end() -> None:
    story = read(
        HEADLINE, "강변길이 다시 열린다.", "", "(서울=연합뉴스) 정하늘 기자 haneul@yna.co.kr"
    )
    assert story.dateline.places == ("서울",)
    assert story.bylines == [Byline("정하늘", "기자", "haneul@yna.co.kr")]
    assert story.paragraphs == ["강변길이 다시 열린다."]
