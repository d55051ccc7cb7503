"""Suggestions while a reader types: half a syllable, first letters alone, live words only."""

from collections.abc import Callable
from typing import Any
from unicodedata import normalize

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import SuggestedBy, SuggestedWord
from articles.search.autocomplete import suggestable_words
from articles.search.prefix_keys import initials_key, letters_key
from desk.actions import edit, publish_now, withdraw
from tests.support import make
from tests.support.search_client import index_pending_articles

pytestmark = pytest.mark.django_db


def suggestions(typed: str) -> list[str]:
    answer = APIClient().get("/api/v1/articles/suggest/", {"q": typed})
    assert answer.status_code == 200, answer.content.decode()
    return list(answer.json()["results"])


@pytest.fixture
def words() -> None:
    make.live(headline="인공지능이 바꾼 부엌", tags=["인공지능", "AI반도체"])
    make.live(headline="정부는 예산을 다시 짠다", tags=["예산", "인공강우"])
    make.live(headline="가구 시장의 겨울", tags=["3D프린터"], section=make.section("국제"))
    index_pending_articles()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("인공지", "인공지능"),
        ("인공ㅈ", "인공지능"),
        ("인공ㅈㄴ", "인공지능"),
        ("ㅇㄱㅈㄴ", "인공지능"),
        ("ㅇㄱㄱ", "인공강우"),
        ("인곧", None),
        ("인공 지능", "인공지능"),
        (normalize("NFD", "인공지"), "인공지능"),
        ("각", "가구"),  # on the way to 가구
        ("가ㄱ", "가구"),
        ("정", "정부"),
        ("aiㅂ", "AI반도체"),
        ("ＡＩ", "AI반도체"),
        ("3d", "3D프린터"),
        ("국", "국제"),
        ("예산", "예산"),
        ("능", None),
    ],
)
def test_a_word_is_found_by_its_beginning(words: None, typed: str, first: str | None) -> None:
    assert suggestions(typed)[:1] == ([first] if first else [])


def test_letters_that_a_keyboard_has_joined_are_two(words: None) -> None:
    make.live(headline="감사원의 하루", tags=["감사원"])
    index_pending_articles()
    assert "감사원" in suggestions("ㄳ")


def test_words_of_more_stories_come_first_and_ten_at_most() -> None:
    for n in range(12):
        make.live(headline="겨울 이야기", tags=[f"가{chr(0xAC00 + 28 * n)}길", "가을길"])
    index_pending_articles()
    found = suggestions("가")
    assert found[0] == "가을길"
    assert len(found) == len(set(found)) == 10


def test_only_words_of_live_stories_are_shown(ben: User) -> None:
    """publishing 71: planned and withdrawn ones are nobody's word, whether the sweep has come or not."""
    make.planned(headline="비밀계획 발표", tags=["비밀계획"])
    article = make.live(headline="공개계획 발표", tags=["공개계획"])
    index_pending_articles()
    assert suggestions("비밀") == []
    assert suggestions("공개") == ["공개계획"]
    edit(make.draft_of(article), by=ben, headline="비밀소식 하나", tags=["비밀소식"])
    index_pending_articles()
    assert suggestions("비밀") == []
    withdraw(article, notice="거두어들였습니다.", by=ben)
    assert suggestions("공개") == []
    index_pending_articles()
    assert not SuggestedBy.objects.exists()
    assert set(SuggestedWord.objects.values_list("stories", flat=True)) == {0}


def test_a_changed_story_suggests_its_new_words(ben: User) -> None:
    article = make.live(headline="옛제목 하나", tags=["가나다"])
    index_pending_articles()
    publish_now(
        edit(make.draft_of(article), by=ben, headline="새제목 하나", tags=["라마바"]), by=ben
    )
    index_pending_articles()
    assert suggestions("옛제") == suggestions("가나") == []
    assert suggestions("새제") == ["새제목"]
    counted = dict(SuggestedWord.objects.values_list("word", "stories"))
    assert (counted["옛제목"], counted["새제목"], counted["하나"]) == (0, 1, 1)


@pytest.mark.parametrize(
    ("parameters", "pointer"),
    [
        ({}, "/q"),
        ({"q": ""}, "/q"),
        ({"q": "!?"}, "/q"),
        ({"q": "가" * 41}, "/q"),
        ({"q": "가", "page_size": "3"}, "/page_size"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(parameters: dict[str, Any], pointer: str) -> None:
    answer = APIClient().get("/api/v1/articles/suggest/", parameters)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_caches_keep_it(words: None) -> None:
    answer = APIClient().get("/api/v1/articles/suggest/", {"q": "인공"})
    assert "public" in answer["Cache-Control"]
    assert "newest" in answer["Surrogate-Key"].split()
    again = APIClient().get(
        "/api/v1/articles/suggest/", {"q": "인공"}, headers={"If-None-Match": answer["ETag"]}
    )
    assert again.status_code == 304


def test_it_costs_two_questions_however_many_words_there_are(
    words: None, django_assert_num_queries: Callable[..., Any]
) -> None:
    with django_assert_num_queries(2):
        suggestions("인공")
    for _ in range(20):
        make.live(headline="인공위성 하나", tags=["인공위성"])
    index_pending_articles()
    with django_assert_num_queries(2):
        suggestions("인공")


def test_words_of_a_headline_lose_their_particles() -> None:
    assert suggestable_words("정부는 ‘인공지능’을 학교까지, 2026 가을은 AI로") == [
        "정부", "인공지능", "학교", "가을", "AI로",
    ]  # fmt: skip


def test_every_letter_has_a_spelling_that_every_database_orders_alike() -> None:
    for word in ("인공지능", "AI반도체", "3D프린터", "日本", "ñandú", "뷁"):
        for spelling in (letters_key(word), initials_key(word)):
            assert spelling
            assert set(spelling) <= set("abcdefghijklmnopqrstuvwxy0123456789")
    assert letters_key("가구").startswith(letters_key("각"))
