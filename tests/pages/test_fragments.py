"""Fragments of pages: one for each set of values, and of nothing else."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

from articles.models import ArticleCounts, Masthead
from articles.read_queries import current_layout
from pages import fragments
from pages.fragments import FRAGMENTS, render_fragment
from tests.support import make

CARD = {
    "url": "http://testserver/articles/등대/",
    "headline": "등대 <지기>",
    "section": {"name": "바다"},
    "published_at": "2026-11-21T18:00:00+09:00",
    "counts": {"comments": 3},
}


@pytest.fixture(autouse=True)
def no_fragments() -> Iterator[None]:
    FRAGMENTS.clear()
    yield
    FRAGMENTS.clear()


def test_each_set_of_values_has_its_fragment() -> None:
    three = render_fragment("pages/_card.html", {"card": CARD})
    four = render_fragment("pages/_card.html", {"card": CARD | {"counts": {"comments": 4}}})
    assert "등대 &lt;지기&gt;" in three
    assert three == four.replace("4", "3")
    assert len(FRAGMENTS.html) == 2
    assert render_fragment("pages/_card.html", {"card": CARD}) is three


def test_each_language_has_its_fragment() -> None:
    korean = render_fragment("pages/_thread.html", {})
    with translation.override("en"):
        english = render_fragment("pages/_thread.html", {})
    assert "There are no comments yet." in english
    assert korean != english


def test_the_oldest_fragments_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "MAX_FRAGMENTS", 2)
    cards = [CARD | {"headline": f"제목 {number}"} for number in range(3)]
    first, *_rest = [render_fragment("pages/_card.html", {"card": card}) for card in cards]
    assert len(FRAGMENTS.html) == 2
    assert first not in FRAGMENTS.html.values()


def test_fragments_are_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    one = render_fragment("pages/_card.html", {"card": CARD})
    monkeypatch.setattr(fragments, "MAX_BYTES", 3 * sys.getsizeof(one))
    for number in range(9):
        render_fragment("pages/_card.html", {"card": CARD | {"headline": f"등대지기 {number}"}})
    assert 2 <= len(FRAGMENTS.html) <= 3
    assert FRAGMENTS.size == sum(map(sys.getsizeof, FRAGMENTS.html.values()))
    huge = CARD | {"deck": "가" * 100_000}
    assert "가" * 100_000 in render_fragment("pages/_card.html", {"card": huge})
    assert FRAGMENTS.size <= fragments.MAX_BYTES


PAYLOAD = """"><script>alert('x')</script>{{ x }}&amp;"""


@pytest.mark.parametrize("is_html_first", [True, False])
def test_text_is_escaped_also_where_the_same_html_is_not(is_html_first: bool) -> None:
    text = {"card": CARD | {"headline": PAYLOAD}}
    html = {"card": CARD | {"headline": mark_safe(PAYLOAD)}}
    for values in (html, text) if is_html_first else (text, html):
        render_fragment("pages/_card.html", values)
    for _again in range(2):
        assert PAYLOAD in render_fragment("pages/_card.html", html)
        escaped = render_fragment("pages/_card.html", text)
        assert "<script" not in escaped
        assert conditional_escape(PAYLOAD) in escaped


def test_previews_are_not_stored() -> None:
    values = {"page": {"headline": "미공개", "section": None}, "is_preview": True}
    assert "미공개" in render_fragment("pages/_story_head.html", values)
    assert not FRAGMENTS.html


def test_instance_of_a_model_is_no_value() -> None:
    with pytest.raises(TypeError):
        render_fragment("pages/_card.html", {"card": Masthead()})


@pytest.mark.django_db
def test_pages_show_every_change_at_once() -> None:
    picked = make.live()
    article = make.live(related=[picked])
    addresses = ("/", article.get_absolute_url(), "/articles/")

    def pages() -> list[str]:
        return [Client().get(address).content.decode() for address in addresses]

    pages()
    ArticleCounts.objects.filter(article=picked.pk).update(comments=4711)
    assert all("4711" in page for page in pages())
    Masthead.objects.update_or_create(pk=1, defaults={"name": "새벽 신문", "phone": "02-123-4567"})
    assert all("새벽 신문" in page and "02-123-4567" in page for page in pages())


@pytest.mark.django_db
def test_layout_without_masthead_and_sections_is_the_default() -> None:
    assert current_layout().masthead["name"] == Masthead().name
    assert current_layout().sections == []


@pytest.mark.django_db
def test_layout_of_a_page_is_that_of_the_database(django_assert_num_queries: Any) -> None:
    make.live()
    Masthead.objects.update_or_create(pk=1, defaults={"registered_on": "2025-03-01"})
    html = Client().get("/articles/").content.decode()
    assert 'datetime="2025-03-01"' in html
    with django_assert_num_queries(1):
        layout = current_layout()
    assert [section["url"] for section in layout.sections]
