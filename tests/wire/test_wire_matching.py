"""Relation of two texts: thresholds, windows, named references; symmetric."""

from datetime import UTC, datetime

import pytest

from tests.support.formats.wire_copy import agency_copy
from tests.support.formats.wire_pairs import (
    SAME_STORY,
    SAME_STORY_IN_ENGLISH,
    TWO_STORIES,
    TWO_STORIES_IN_ENGLISH,
    Text,
)
from wire.actions.versions import signal_of
from wire.matching import Relation, TextFacts, facts_of_story, relate, terms_of
from wire.parsers import yonhap
from wire.parsers.marks import mark_order, split_marks
from wire.parsers.result import SEOUL, ParsedStory
from wire.parsers.yonhap.references import split_reference

TITLE = "가상시, 강변길 다시 연다"
ARRIVAL = datetime(2026, 11, 14, tzinfo=UTC)


def facts(text: Text, *, sent: str = "2026-11-14 09:00:00") -> TextFacts:
    headline, lead = text
    story = yonhap.parse(agency_copy(headline, sent=sent, body=[lead]).decode())
    order, signal = mark_order(story.marks), signal_of(story)
    return facts_of_story(story, signal=signal, mark_order=order, arrived_at=ARRIVAL)


def relation(one: Text, other: Text, *, at: str = "2026-11-14 11:00:00") -> Relation:
    """The relation, which is the same both ways."""
    first, second = facts(one), facts(other, sent=at)
    assert relate(first, second) == relate(second, first)
    return relate(first, second).relation


def test_changed_headlines_are_joined_or_asked_about_and_never_lost() -> None:
    found = [relation(*pair) for pair in SAME_STORY]
    assert found.count(Relation.SAME_STORY) >= 10
    assert Relation.STRANGERS not in found


def test_two_stories_of_one_kind_are_never_joined() -> None:
    found = [relation(*pair) for pair in TWO_STORIES]
    assert Relation.SAME_STORY not in found
    assert found.count(Relation.QUESTION) <= 1


def test_a_name_within_another_name_is_no_mention() -> None:
    """Two towns of which one begins with letters from within the other, and the same announcement."""
    one = (
        "아니니시, 주지조박물관 이웃에 내준다",
        "아니니시는 주지조박물관 일을 두고 이웃에 내준다 하고 마시토 시장이 밝혔다.",
    )
    other = (
        "[속보] 디아니시, 주지나배움터 이웃에 내준다",
        "디아니시는 주지나배움터 일을 두고 이웃에 내준다 하고 히가구 시장이 밝혔다.",
    )
    assert relation(one, other) == Relation.STRANGERS


def test_a_subject_within_a_compound_is_a_mention() -> None:
    one = (
        "법원, 가온시장 당선 무효 판결",
        "가온지방법원은 14일 가온시장에게 당선 무효형을 선고했다.",
    )
    other = (
        "가온시장 당선 무효 판결에 항소(종합)",
        "가온시장은 14일 가온지방법원이 당선 무효형을 선고하자 항소했다.",
    )
    assert relation(one, other) != Relation.STRANGERS


def test_texts_of_one_story_share_a_term_and_most_strangers_none() -> None:
    def share_terms(pair: tuple[Text, Text]) -> bool:
        one, other = (terms_of(facts(text)) for text in pair)
        return bool((one.own | one.bands) & (other.own | other.bands))

    joined = [pair for pair in SAME_STORY if relation(*pair) == Relation.SAME_STORY]
    assert all(map(share_terms, joined))
    assert sum(map(share_terms, SAME_STORY)) >= 13


@pytest.mark.parametrize(
    ("later", "at", "expected"),
    [
        ("강변길 다시 연다(종합)", "2026-11-15 04:10:00", Relation.SAME_STORY),
        ("[전문취소] 강변길 다시 연다", "2026-11-15 04:10:00", Relation.SAME_STORY),
        ("강변길 다시 연다", "2026-11-15 04:10:00", Relation.QUESTION),
        ("강변길 다시 연다", "2026-11-16 04:10:00", Relation.STRANGERS),
        ("<고침> 강변길 다시 연다", "2026-11-16 04:10:00", Relation.QUESTION),
        ("<고침> 강변길 다시 연다", "2026-11-19 04:10:00", Relation.STRANGERS),
    ],
)
def test_one_headline_across_midnight(later: str, at: str, expected: Relation) -> None:
    first = facts(("강변길 다시 연다", "가상시는 길을 연다고 했다."), sent="2026-11-14 23:50:00")
    second = facts((later, "전혀 다른 문장으로 시작한다."), sent=at)
    assert relate(first, second).relation == relate(second, first).relation == expected


@pytest.mark.parametrize(
    ("headline", "body", "expected"),
    [
        (f"[전문취소] 14일 송고 '{TITLE}(종합2보)' 기사", "취소합니다.", [f"14 {TITLE}(종합2보)"]),
        ("[전문취소] 알림", f"14일 오전 9시에 송고한 ‘{TITLE}’ 제하의 기사를 취소합니다.", [f"14 {TITLE}"]),
        ("<고침> 사회(가상시, 강변길 다시…)", "고칩니다.", ["가상시, 강변길 다시…"]),
        ("<고침> 강변길", '시장은 "강변길을 꼭 다시 연다"고 말했다.', []),
        ("강변길 다시 연다", "14일 송고 '다른 소식' 기사", []),
    ],
)  # fmt: skip
def test_named_stories_are_read(headline: str, body: str, expected: list[str]) -> None:
    story = yonhap.parse(agency_copy(headline, body=[body]).decode())
    assert story.references == expected


def test_a_reference_is_taken_apart() -> None:
    assert split_reference("14 강변길 다시 연다(종합2보)") == (14, "강변길 다시 연다")
    assert split_reference("강변길 다시…") == (None, "강변길 다시…")
    assert split_reference("99 풍선이 난다") == (None, "풍선이 난다")


@pytest.mark.parametrize(
    ("change", "at", "expected"),
    [
        (f"[전문취소] 14일 송고 '{TITLE}(종합2보)' 기사", "2026-11-16 20:00:00", Relation.SAME_STORY),
        ("[전문취소] 13일 송고 '가상시, 강변길 다시 연다' 기사", "2026-11-16 20:00:00", Relation.STRANGERS),
        ("<고침> 사회(가상시, 강변길 다시…)", "2026-11-14 20:00:00", Relation.SAME_STORY),
        ("<고침> 사회(가상시, 강…)", "2026-11-14 20:00:00", Relation.QUESTION),
        ("[전문취소] '가상시, 강변길 다시 연다' 기사", "2026-11-15 22:00:00", Relation.QUESTION),
    ],
)  # fmt: skip
def test_a_change_finds_the_story_that_it_names(change: str, at: str, expected: Relation) -> None:
    story = facts(("가상시, 강변길 다시 연다", "가상시는 강변길을 다시 연다고 밝혔다."))
    later = facts((change, "알립니다."), sent=at)
    assert relate(story, later).relation == relate(later, story).relation == expected


def test_headlines_that_differ_in_a_number_alone_are_a_question() -> None:
    one = ("강변길 사고 7명 다쳐", "강변길에서 사고가 나 7명이 다쳤다.")
    other = ("강변길 사고 8명 다쳐", "강변길에서 사고가 나 8명이 다쳤다.")
    assert relation(one, other) == Relation.QUESTION


def test_a_similar_cancellation_is_a_question() -> None:
    one = ("가상시, 강변길 다시 연다", "가상시는 강변길을 다시 연다고 밝혔다.")
    other = ("[전문취소] 가상시 강변길 내달 다시 연다", "이 기사를 취소합니다.")
    assert relation(one, other) == Relation.QUESTION


def test_columns_are_not_compared() -> None:
    one = ("[인사] 가상부 국장급", "◇ 국장 정하늘.")
    other = ("[인사] 가상부 과장급", "◇ 국장 정하늘.")
    assert relation(one, other) == Relation.STRANGERS


def english_facts(text: Text, *, hour: int) -> TextFacts:
    headline, marks = split_marks(text[0])
    story = ParsedStory(headline=headline, marks=marks, paragraphs=[text[1]])
    story.sent_at = datetime(2026, 11, 14, hour, tzinfo=SEOUL)
    signal = signal_of(story)
    order = mark_order(marks)
    return facts_of_story(story, signal=signal, mark_order=order, arrived_at=story.sent_at)


def test_english_texts_are_compared_by_words() -> None:
    """Two letters of an English word say nothing: such pairs are in every text."""
    for pairs, expected in (
        (SAME_STORY_IN_ENGLISH, {Relation.SAME_STORY, Relation.QUESTION}),
        (TWO_STORIES_IN_ENGLISH, {Relation.STRANGERS, Relation.QUESTION}),
    ):
        for one, other in pairs:
            first, second = english_facts(one, hour=9), english_facts(other, hour=11)
            assert relate(first, second).relation in expected, (one, other)
            assert relate(first, second) == relate(second, first)
    joined = [english_facts(text, hour=9 + n) for n, text in enumerate(SAME_STORY_IN_ENGLISH[1])]
    assert relate(*joined).relation == Relation.SAME_STORY


def test_english_texts_are_not_joined_by_a_name_that_the_lead_alone_has() -> None:
    one = (
        "Dogose Hatitisu observatory twice as large by spring",
        "The city of Dogose said the Hatitisu observatory twice as large by spring, as Nirika had asked.",
    )
    other = (
        "(LEAD) Kasigi Nehamatu observatory twice as large by spring",
        "The city of Kasigi said the Nehamatu observatory twice as large by spring, as Hatite had asked.",
    )
    first, second = english_facts(one, hour=10), english_facts(other, hour=18)
    assert relate(first, second).relation == Relation.QUESTION
    assert relate(second, first) == relate(first, second)
