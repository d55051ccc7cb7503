"""Parser invariant: every line of a text is in some field of the story."""

import dataclasses
import re
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.formats.wire_copy import CROWDED_STORY, PLAIN_STORY, RIGHTS_LINE
from wire.parsers.result import ParsedStory
from wire.parsers.yonhap import parse

HANGUL = st.text("가나다라마바사아자차카타파하강길달빛새봄", min_size=1, max_size=6)
WORDS = st.lists(HANGUL, min_size=1, max_size=9).map(" ".join)
NAMES = st.sampled_from(["한가람", "백두리", "김나루", "이다솜", "남궁보라"])
ROLES = st.sampled_from(["기자", "특파원", "선임기자", "통신원"])
PLACES = st.sampled_from(["서울", "런던·서울", "전국종합", "뉴욕 AFP"])
LINES = st.one_of(
    WORDS,
    WORDS.map(lambda w: f"{w}다."),
    WORDS.map(lambda w: f'"{w}"'),
    WORDS.map(lambda w: f"◇ {w}"),
    WORDS.map(lambda w: f"{w} [연합뉴스 자료사진]"),
    WORDS.map(lambda w: f"{w}[{w} 제공. 재판매 및 DB 금지]"),
    WORDS.map(lambda w: f"{w} 가상연구소 CEO"),
    WORDS.map(lambda w: f"▶ {w}"),
    WORDS.map(lambda w: f"[{w[:8]}] {w}(종합2보)"),
    st.tuples(PLACES, NAMES, ROLES, WORDS).map(
        lambda t: f"({t[0]}=연합뉴스) {t[1]} {t[2]} = {t[3]}다."
    ),
    st.tuples(PLACES, NAMES, ROLES).map(lambda t: f"({t[0]}=연합뉴스) {t[1]} {t[2]} a@yna.co.kr"),
    st.tuples(NAMES, ROLES).map(" ".join),
    WORDS.map(lambda w: f"{w}다.    b@yna.co.kr▶ {w}{RIGHTS_LINE}"),
    st.sampled_from(
        [
            "(끝)",
            RIGHTS_LINE,
            "c@example.com",
            "연합뉴스 2026-10-01 17:00:14",
            "2026년10월01일 17시00분 송고",
            "송고시간 2026-13-41 27:00",
            "[연합뉴스 제공]",
            "연합뉴스",
            "제보는 카카오톡 example",
            "[※ 편집자 주 = 사진 별송]",
            "저작권자(c) 연합뉴스,",
            "무단 전재-재배포 금지",
            "[엠바고 10월 1일 18시] 새봄 소식(엠바고)",
            "※ 이 기사는 10월 1일 18시 이후 보도 바랍니다",
            "(보도시점: 2026. 10. 1.(목) 18:00)",
            "새봄이 왔다. ※ 보도를 삼가 주시기 바랍니다",
            "조간용",
        ]
    ),
)
TEXTS = st.lists(st.tuples(LINES, st.sampled_from(["\n", "\n\n"])), max_size=25).map(
    lambda parts: "".join(line + gap for line, gap in parts)
)
WORD = re.compile(r"[\w@]+")


def all_text(value: Any) -> str:
    """All fields of a story as one string without spaces."""
    if isinstance(value, dict):
        return "".join(all_text(v) for v in value.values())
    if isinstance(value, (list, tuple)):
        return "".join(all_text(v) for v in value)
    return re.sub(r"\s", "", str(value))


def lost(text: str, story: ParsedStory) -> list[str]:
    fields = all_text(dataclasses.asdict(story))
    return [word for line in text.splitlines() for word in WORD.findall(line) if word not in fields]


@given(TEXTS)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_parser_keeps_every_word_in_some_field(text: str) -> None:
    assert lost(text, parse(text)) == []


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
@settings(max_examples=300, deadline=None)
def test_parser_accepts_any_text(text: str) -> None:
    assert lost(text, parse(text)) == []


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_parser_is_deterministic(text: str) -> None:
    assert parse(text) == parse(text)


def test_known_forms_lose_no_words() -> None:
    for text in (PLAIN_STORY, CROWDED_STORY):
        assert lost(text, parse(text)) == []


def test_check_for_lost_words_can_fail() -> None:
    story = parse(PLAIN_STORY)
    story.paragraphs.pop()
    story.blocks.pop()
    assert lost(PLAIN_STORY, story)
