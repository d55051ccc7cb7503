"""Content filter of comments: held words in disguised spellings, links, flooding."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.content_filter import (
    Finding,
    Word,
    compile_words,
    normalize_comment_text,
    normalize_letters,
    screen_text,
    text_fingerprint,
)
from newsroom.text.hangul import decompose_letters

HELD_TEXTS = [
    *("바보", "너 바보 맞지", "바보123", "바보야", "바보들아", "바보같은", "바본데", "야이바보"),
    *(
        "바1보",
        "바.보",
        "바 보",
        "바\u200b보",
        "바\u3164보",
        "바★보",
        "바_보",
        "시\n발",
        "바-_-보야",
    ),
    *("ㅂㅏㅂㅗ", "ㅂㅏ보", "바ㅂㅗ", "시바ㄹ", "ㅅㅣㅂㅏㄹ"),
    *("바아보", "바바보", "바보오오", "시이이발", "시시발"),
    *(unicodedata.normalize("NFD", "바보야"), "ﾊﾞ바보", "바\u0301보"),
]
PASSED_TEXTS = [
    *("시발점", "시발역에서 내렸다", "다시 발표했다", "역시 발전", "혹시 발견되면", "다시발생했다"),
    *(
        "각 시 발전소",
        "이번 시 발표",
        "도시 발달",
        "다시. 발표",
        "바로 보기",
        "나비 보호",
        "시바라",
    ),
    *(
        "바봐",
        "못봐",
        "집에서 바 보러",
        "잡아 보았다",
        "ㅋ" * 60,
        "ㅠㅠㅠ",
        "👨‍👩‍👧‍👦",
        "…",
        "1 2 3",
    ),
    *("https://example.com 과 www.example.org", "하나\n둘\n하나", "ㅋㅎ" * 14),
]


@pytest.mark.parametrize("text", HELD_TEXTS)
def test_hold_word_is_found_in_disguised_spellings(text: str) -> None:
    finding = screen_text(text)
    assert finding is not None
    assert finding.rule == "word"
    span = text[finding.start : finding.end]
    assert normalize_letters(span).letters[:2] == normalize_letters(finding.match).letters[:2]


@pytest.mark.parametrize("text", PASSED_TEXTS)
def test_pass_words_are_not_held(text: str) -> None:
    assert screen_text(text) is None


def test_finding_has_the_span_in_the_stored_text() -> None:
    assert screen_text("정말 너 바1보야!") == Finding("word", "바보", 5, 8)


def test_hold_word_next_to_a_pass_word_is_found() -> None:
    finding = screen_text("시발점에서 시발")
    assert finding is not None
    assert (finding.start, finding.end) == (6, 8)


def test_latin_hold_words_match_whole_words() -> None:
    assert screen_text("The classic", compile_words([Word("ass")])) is None
    assert screen_text("Ａ s s!", compile_words([Word("as")])) is not None
    assert screen_text("ass가", compile_words([Word("as")])) is not None


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("http://a.com http://b.com www.c.com", "links"),
        ("a.com, b.net, c.shop", "links"),
        ("ㅋ" * 100, "flood"),
        ("사세요 " * 40, "flood"),
        ("싸다\n" * 5, "flood"),
    ],
)
def test_links_and_floods_are_held(text: str, rule: str) -> None:
    finding = screen_text(text)
    assert finding is not None
    assert finding.rule == rule


@pytest.mark.parametrize(
    "text",
    [
        *(
            "가" * 1000,
            "바1" * 500,
            ("ab" * 14 + "c") * 34,
            "ㅅㅣ" * 500,
            "시 " * 500,
            "www." * 250,
        ),
        *(
            "a" * 63 + "-" * 900,
            "".join(chr(0xAC00 + n * 7) for n in range(1000)),
            "시\u200b" * 500,
        ),
        *("\n".join("가나" for _ in range(333)), "a." * 500, "http://" * 142, "다시발" * 333),
    ],
)
def test_content_filter_is_fast_for_adversarial_text(text: str) -> None:
    start = time.perf_counter()
    screen_text(text)
    text_fingerprint(text)
    assert time.perf_counter() - start < 0.2


# All that UTF-8 encodes, as by default, where Hypothesis tries each of a million characters for a second.
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_content_filter_finding_is_within_any_text(text: str) -> None:
    stored = normalize_comment_text(text)
    assert normalize_comment_text(stored) == stored
    finding = screen_text(stored)
    assert finding is None or 0 <= finding.start < finding.end <= len(stored)


def test_texts_that_look_alike_have_one_fingerprint() -> None:
    assert (
        text_fingerprint("좋은 소식!")
        == text_fingerprint("좋\u200b은, 소식")
        != text_fingerprint("나쁜 소식")
    )
    assert text_fingerprint("👍") != text_fingerprint("👎")


@pytest.mark.parametrize(
    ("character", "letters"),
    [
        ("봐", "ㅂㅗㅏ"),
        ("값", "ㄱㅏㅂㅅ"),
        ("ㅋ", "ㅋ"),
        ("\u110f", "ㅋ"),
        ("Ａ", "a"),
        ("ﾡ", "ㄱ"),
        ("1", ""),
    ],
)
def test_letters_are_decomposed_as_displayed(character: str, letters: str) -> None:
    assert decompose_letters(character) == letters
