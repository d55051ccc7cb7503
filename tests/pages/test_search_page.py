"""The search page of the site."""

import html
import re
from urllib.parse import quote

import pytest
from django.test import Client

from tests.support import make
from tests.support.search_client import index_pending_articles

pytestmark = pytest.mark.django_db


def page(question: str | None = None, **more: str) -> str:
    parameters = more if question is None else {"q": question, **more}
    found = Client().get("/search/", parameters)
    assert found.status_code == 200
    return found.content.decode()


def test_a_reader_finds_stories_without_any_script() -> None:
    """publishing 70"""
    story = make.live(headline="물레방아 도는 내력")
    make.live()
    index_pending_articles()
    words = page("물레방아")
    assert "<mark>물레방아</mark> 도는 내력" in words
    assert words.count('<article class="hit">') == 1
    assert f'href="/articles/{quote(story.slug)}/"' in words


def test_results_are_for_no_search_engine() -> None:
    assert '<meta name="robots" content="noindex">' in page("물레방아")


def test_an_empty_page_asks_for_words_and_finds_nothing() -> None:
    words = page()
    assert 'type="search"' in words
    assert "기사가 없습니다" not in words
    assert "기사가 없습니다" in page("물레방아")


@pytest.mark.parametrize(("question", "reason"), [("정" * 101, "100"), ("정부\x00", "")])
def test_what_cannot_be_asked_is_said_on_the_page(question: str, reason: str) -> None:
    words = page(question)
    problem = re.search(r'role="alert">([^<]+)<', words)
    assert problem
    assert reason in problem[1]


def test_what_was_typed_stands_there_as_text() -> None:
    words = page('"><script>alert(1)</script>')
    assert "<script>alert" not in words


def test_more_pages_lead_on_and_a_foreign_cursor_leads_nowhere() -> None:
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
