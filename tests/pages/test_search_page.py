"""Search page of the site."""

import html
import re
from urllib.parse import quote

import pytest
from django.test import Client

from tests.support import make
from tests.support.clients.search_client import index_pending_articles

pytestmark = pytest.mark.django_db


def page(question: str | None = None, **more: str) -> str:
    parameters = more if question is None else {"q": question, **more}
    response = Client().get("/search/", parameters)
    assert response.status_code == 200
    return response.content.decode()


def test_search_page_finds_articles_without_javascript() -> None:
    """publishing 70"""
    story = make.live(headline="물레방아 도는 내력")
    make.live()
    index_pending_articles()
    words = page("물레방아")
    assert "<mark>물레방아</mark> 도는 내력" in words
    assert words.count('<article class="hit">') == 1
    assert f'href="/articles/{quote(story.slug)}/"' in words


def test_search_page_is_noindex() -> None:
    assert '<meta name="robots" content="noindex">' in page("물레방아")


def test_search_page_without_query_has_no_results() -> None:
    words = page()
    assert 'type="search"' in words
    assert "기사가 없습니다" not in words
    assert "기사가 없습니다" in page("물레방아")


@pytest.mark.parametrize(("question", "reason"), [("정" * 101, "100"), ("정부\x00", "")])
def test_search_page_shows_the_problem_of_an_invalid_query(question: str, reason: str) -> None:
    words = page(question)
    problem = re.search(r'role="alert">([^<]+)<', words)
    assert problem
    assert reason in problem[1]


def test_search_page_escapes_the_query() -> None:
    words = page('"><script>alert(1)</script>')
    assert "<script>alert" not in words


def test_search_page_paginates_and_refuses_a_foreign_cursor() -> None:
    for n in range(22):
        make.live(headline=f"물레방아 {n}호")
    index_pending_articles()
    first = page("물레방아")
    link = re.search(r'rel="next" href="([^"]+)"', first)
    assert link
    second = Client().get("/search/" + html.unescape(link[1])).content.decode()
    assert first.count('<article class="hit">') + second.count('<article class="hit">') == 22
    assert 'rel="prev"' in second
    assert Client().get("/search/", {"q": "물레방아", "cursor": "x"}).status_code == 404
