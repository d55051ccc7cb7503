"""Autocomplete: prefixes with half syllables and initials, words of live articles only."""

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
from tests.support.clients.search_client import index_pending_articles

pytestmark = pytest.mark.django_db


def suggestions(typed: str) -> list[str]:
    response = APIClient().get("/api/v1/articles/suggest/", {"q": typed})
    assert response.status_code == 200, response.content.decode()
    return list(response.json()["results"])


@pytest.fixture
def suggested() -> None:
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
def test_a_word_is_suggested_for_its_prefixes(
    suggested: None, typed: str, first: str | None
) -> None:
    assert suggestions(typed)[:1] == ([first] if first else [])


def test_consonant_clusters_are_split_in_prefixes(suggested: None) -> None:
    make.live(headline="감사원의 하루", tags=["감사원"])
    index_pending_articles()
    assert "감사원" in suggestions("ㄳ")


def test_words_of_more_articles_are_suggested_first_at_most_ten() -> None:
    for n in range(12):
        make.live(headline="겨울 이야기", tags=[f"가{chr(0xAC00 + 28 * n)}길", "가을길"])
    index_pending_articles()
    suggested_words = suggestions("가")
    assert suggested_words[0] == "가을길"
    assert len(suggested_words) == len(set(suggested_words)) == 10


def test_only_words_of_live_articles_are_suggested(ben: User) -> None:
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


def test_a_changed_article_suggests_its_new_words(ben: User) -> None:
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
def test_an_invalid_prefix_is_refused_by_name(parameters: dict[str, Any], pointer: str) -> None:
    response = APIClient().get("/api/v1/articles/suggest/", parameters)
    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == pointer


def test_suggestions_are_cacheable(suggested: None) -> None:
    response = APIClient().get("/api/v1/articles/suggest/", {"q": "인공"})
    assert "public" in response["Cache-Control"]
    assert "newest" in response["Surrogate-Key"].split()
    again = APIClient().get(
        "/api/v1/articles/suggest/", {"q": "인공"}, headers={"If-None-Match": response["ETag"]}
    )
    assert again.status_code == 304


def test_suggestions_cost_two_queries_for_any_number_of_words(
    suggested: None, django_assert_num_queries: Callable[..., Any]
) -> None:
    with django_assert_num_queries(2):
        suggestions("인공")
    for _ in range(20):
        make.live(headline="인공위성 하나", tags=["인공위성"])
    index_pending_articles()
    with django_assert_num_queries(2):
        suggestions("인공")


def test_suggested_words_lose_their_particles() -> None:
    assert suggestable_words("정부는 ‘인공지능’을 학교까지, 2026 가을은 AI로") == [
        "정부", "인공지능", "학교", "가을", "AI로",
    ]  # fmt: skip


def test_prefix_keys_sort_alike_on_every_database() -> None:
    for word in ("인공지능", "AI반도체", "3D프린터", "日本", "ñandú", "뷁"):
        for spelling in (letters_key(word), initials_key(word)):
            assert spelling
            assert set(spelling) <= set("abcdefghijklmnopqrstuvwxy0123456789")
    assert letters_key("가구").startswith(letters_key("각"))
