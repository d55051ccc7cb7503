"""Sitemaps (sitemaps.org 0.9; Google's news extension): where the stories are. Pure.

The general ones hold a month each, in as many files as it takes; the news sitemap holds what was first
published in the last 48 hours, at most 1,000 stories, newest first.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from io import StringIO
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.utils import timezone
from django.utils.xmlutils import SimplerXMLGenerator

from articles.models import Article
from newsroom.http.canonical_urls import absolute
from newsroom.text.normalization import serializable

SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
FRESH = timedelta(hours=48)
MOST_NEWS = 1000
MOST = 20_000  # addresses a file; the standard allows 50,000, and 50 MB


def as_index(files: Iterable[tuple[str, datetime | None]]) -> str:
    """A sitemap index: the absolute address of each file, and when its content last changed."""
    return document(
        "sitemapindex",
        {"xmlns": SITEMAPS},
        [("sitemap", [("loc", at), *changed(moment)]) for at, moment in files],
    )


def as_sitemap(rows: Iterable[tuple[str, datetime]]) -> str:
    """The addresses (slugs) of stories, each with the time of its last edition."""
    return document(
        "urlset",
        {"xmlns": SITEMAPS},
        [("url", [("loc", address(slug)), *changed(moment)]) for slug, moment in rows],
    )


def as_news(cards: Iterable[Article], *, paper: str, language: str) -> str:
    """The news sitemap: rows of `as_cards()`. The time is that of the first publication."""
    publication = [("news:name", paper), ("news:language", language)]
    return document(
        "urlset",
        {"xmlns": SITEMAPS, "xmlns:news": NEWS},
        [
            (
                "url",
                [
                    ("loc", address(card.slug)),
                    (
                        "news:news",
                        [
                            ("news:publication", publication),
                            ("news:publication_date", stamp(card.first_published_at)),
                            ("news:title", card.live.headline if card.live else ""),
                        ],
                    ),
                ],
            )
            for card in cards
        ],
    )


def address(slug: str) -> str:
    return absolute(f"/articles/{slug}/")


def stamp(moment: datetime | None) -> str:
    """W3C date and time, with the offset of the paper's own zone."""
    return timezone.localtime(moment).isoformat(timespec="seconds")


def changed(moment: datetime | None) -> list[tuple[str, Any]]:
    return [("lastmod", stamp(moment))] if moment else []


def document(root: str, attributes: dict[str, str], elements: list[tuple[str, Any]]) -> str:
    """An XML document; an element is a name with a text or with the elements in it."""
    out = StringIO()
    handler = SimplerXMLGenerator(out, "utf-8")
    handler.startDocument()
    handler.startElement(root, AttributesImpl(attributes))
    for name, content in elements:
        write(handler, name, content)
    handler.endElement(root)
    return out.getvalue()


def write(handler: SimplerXMLGenerator, name: str, content: Any) -> None:
    if isinstance(content, str):
        handler.addQuickElement(name, serializable(content))
        return
    handler.startElement(name, AttributesImpl({}))
    for inner, inside in content:
        write(handler, inner, inside)
    handler.endElement(name)
