"""Search of Korean words: spacing, composition, particles, mixed scripts (publishing 70)."""

import random
import unicodedata
from typing import Any

import pytest

from newsroom.errors import InvalidSearchQuery
from newsroom.search.query_parser import parse_query
from newsroom.search.tokenizer import extract_ngrams, fold_text
from newsroom.text.normalization import strip_invisible_characters
from tests.support import make
from tests.support.clients.search_client import hit_headlines, search_response

pytestmark = pytest.mark.django_db

MATCHING = [
    ("정부", "정부는 오늘 새 계획을 내놓았다"),
    ("지능", "인공지능이 바꾸는 교실"),
    ("은행", "한국은행이 금리를 묶었다"),
    ("오픈AI", "오픈AI와 손잡은 대학"),
    ("오픈ai", "‘오픈AI’의 새 사무실"),
    ("GPT-5", "GPT-5를 써 보았다"),
    ("gpt5", "GPT-5를 써 보았다"),
    ("K팝", "K팝은 어디로 가나"),
    ("k 팝", "K팝은 어디로 가나"),
    ("코로나19", "코로나19는 끝났을까"),
    ("인공 지능", "인공지능이 바꾸는 교실"),
    ("인공지능", "인공 지능이 바꾸는 교실"),
    ("새 정부", "새 정부의 첫 예산"),
    ("이 대통령", "이 대통령은 말을 아꼈다"),
    ("한미", "한·미 회담이 열린다"),
    ("한미", "한ㆍ미 회담이 열린다"),
    ("ＡＩ", "AI 시대의 숙제"),
    ("ai", "ＡＩ 시대의 숙제"),
    ("3.5", "성장률 3.5%로 올라"),
    ("東京", "東京에서 온 편지"),
    ('"첫 예산"', "새 정부의 첫 예산안"),
    ('"은행 총재"', "한국은행 총재가 바뀐다"),
    ("“첫 예산”", "새 정부의 첫 예산안"),
    ("예산 정부", "새 정부의 첫 예산"),
    ("쌀", "올가을 쌀값이 올랐다"),
    ("쌀", "경기미·쌀과 보리"),
    ("K-POP", "KPOP 무대가 열린다"),
    ("KPOP", "K-POP 무대가 열린다"),
    ("k-pop", "K POP 무대가 열린다"),
    ("KPOP댄스", "K-POP댄스 무대가 열린다"),
    ("rocknroll", "Rock-n-Roll 무대가 열린다"),
    ("네이버블로그", "네이버\u200b블로그가 바뀐다"),
    ("소상공인", "소상\u00ad공인이 모였다"),
    ("소상\u00ad공인", "소상공인이 모였다"),
]
NOT_MATCHING = [
    ("전주", "오전 주식 시장이 열렸다"),
    ("다정", "끝냈다. 정부도 안다"),
    ("울부", "서울, 부산을 잇다"),
    ("ai", "She said nothing"),
    ("10", "100일의 기록"),
    ('"예산 정부"', "새 정부의 첫 예산"),
    ("정부 은행", "새 정부의 첫 예산"),
    ("인공지능", "인공 호수와 지능 검사"),
    ("인공지능", "인공지구와 공지능력 시험"),  # has every gram of it
    ("정부 -예산", "새 정부의 첫 예산"),
    ('정부 -"첫 예산"', "새 정부의 첫 예산"),
    ("쌀", "햅쌀이 나왔다"),
    ("newyork", "New York 소식"),
    ("35", "성장률 3.5%로 올라"),
    ("pop", "KPOP 무대가 열린다"),
    ("예산 -가", "예산 가운데 절반"),
]


@pytest.mark.parametrize(("query", "headline"), MATCHING)
def test_search_finds_words_however_spaced_composed_or_inflected(query: str, headline: str) -> None:
    """publishing 70"""
    make.live(headline=headline)
    make.live()
    assert hit_headlines(query) == [strip_invisible_characters(headline)]


@pytest.mark.parametrize(("query", "headline"), NOT_MATCHING)
def test_search_does_not_find_texts_without_the_word(query: str, headline: str) -> None:
    make.live(headline=headline)
    assert hit_headlines(query) == []


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_composed_and_decomposed_queries_are_equal(form: Any) -> None:
    """publishing 70"""
    make.live(headline="인공지능이 바꾸는 교실")
    assert hit_headlines(unicodedata.normalize(form, "인공지능")) == ["인공지능이 바꾸는 교실"]


@pytest.mark.parametrize(
    "part",
    [
        {"deck": "곁에 선 물레방아"},
        {"summary_2": "물레방아가 돈다"},
        {"body": "<p>그 집 뒤에는 <b>물레</b>방아가 있습니다.</p><p>끝입니다.</p>"},
        {"tags": ["물레방아"]},
    ],
)
def test_search_finds_every_part_of_an_article(part: dict[str, Any]) -> None:
    story = make.live(**part)
    assert [hit["slug"] for hit in _hits("물레방아")] == [story.slug]


def test_search_finds_the_author() -> None:
    story = make.live(authors=[make.author("두루미")])
    assert [hit["slug"] for hit in _hits("두루미")] == [story.slug]


def _hits(query: str) -> Any:
    hit_headlines(query)
    return search_response(query).json()["results"]


def test_search_terms_do_not_span_paragraphs() -> None:
    make.live(body="<p>멀리서 온 물</p><p>레방 이라는 말</p>")
    assert hit_headlines("물레방") == []


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("…", "낱말"),
        ("   ", ""),
        ("", ""),
        ("-정부", "찾을"),
        ("정" * 101, "100"),
        ("정부\x00", ""),
        ("정" * 10_000, "100"),
    ],
)
def test_an_invalid_query_is_refused_with_a_sentence(query: str, reason: str) -> None:
    refused = search_response(query)
    assert refused.status_code == 400
    (error,) = refused.json()["errors"]
    assert reason in error["detail"], error


@pytest.mark.parametrize(
    "query",
    [
        'grams:"정부"', "정부*", "정부 NEAR(예산)", "정부 AND", "정부) OR (1=1", "'정부' & !", "정부:*A",
        "정부 <-> 예산", '"정부', '""정부"" -', "-- 정부", "정부'; DROP TABLE articles_searchrow; --",
        "\\정부\\", "정부\u202e", "a" * 100, "ㅋㅋㅋ", "ㄱㄴ", "정부 \U0001f600", "_s1 정부", "#정부 @정부",
        "가나가나가나가나", "나 는 가 다", "%정부%", "정부\ud800".encode("utf-8", "surrogatepass"),
    ],
)  # fmt: skip
def test_a_hostile_query_breaks_nothing(query: str) -> None:
    make.live()
    assert search_response(query).status_code in {200, 400}


def test_prefixes_of_index_terms_cannot_be_searched_for() -> None:
    """Index terms of filters (_s1) are not found when typed as a query."""
    story = make.live()
    assert hit_headlines(f"_s{story.section_id} zz") == []


def test_query_matching_agrees_with_plain_containment() -> None:
    for query, text in MATCHING:
        assert parse_query(query).matches(fold_text(text)), query


# Texts with all n-grams of a word to leave out, but without the word.
WITHOUT_THE_WORD = [
    ("가나다라", "가나다마 나다라"),
    ("가나다", "소식가 나다"),
    ("abc", "ab c"),
    ("새마을금고", "새마을 마을금 을금고"),
]


@pytest.mark.parametrize(("word", "text"), WITHOUT_THE_WORD)
def test_a_word_to_leave_out_leaves_out_no_other_text(word: str, text: str) -> None:
    query = parse_query(f"소식 -{word}")
    assert set(query.excluded[0].ngrams) <= extract_ngrams(text)
    make.live(headline="소식", body=f"<p>{text}</p>")
    assert len(_hits(f"소식 -{word}")) == 1
    make.live(headline="소식", body=f"<p>{word}</p>")
    assert len(_hits(f"소식 -{word}")) == 1


def test_words_that_the_index_leaves_out_are_left_out_by_their_text() -> None:
    """Of random texts: whatever n-gram the index leaves a text out for, the text has the word."""
    chance, decided = random.Random(1), 0
    for _ in range(4_000):
        word, text = ("".join(chance.choices("가나12a -·.'", k=n)) for n in (3, 9))
        try:
            query = parse_query(f"소식 -{word.strip(' -')}")
        except InvalidSearchQuery:
            continue
        for term in query.excluded:
            if term.is_decided_by_index and set(term.ngrams) <= extract_ngrams(text):
                assert term.pattern.search(fold_text(text)), (word, text)
                decided += 1
    assert decided > 500
