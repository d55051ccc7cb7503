"""Sitemaps (sitemaps.org 0.9) and the news sitemap (Google's extension). Pure.

The general sitemaps have a month each, in as many files as needed; the news sitemap has the articles first
published within NEWS_MAX_AGE, newest first, at most MAX_NEWS_SITEMAP_URLS.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from io import StringIO
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.utils import timezone
from django.utils.xmlutils import SimplerXMLGenerator

from articles.models.read_models import ArticleCard
from newsroom.http.canonical_urls import absolute_url
from newsroom.text.normalization import xml_safe

SITEMAP_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS_SITEMAP_NAMESPACE = "http://www.google.com/schemas/sitemap-news/0.9"
NEWS_MAX_AGE = timedelta(hours=48)
MAX_NEWS_SITEMAP_URLS = 1000
MAX_SITEMAP_URLS = 20_000  # a file; the standard allows 50,000, and 50 MB


def render_sitemap_index(files: Iterable[tuple[str, datetime | None]]) -> str:
    """Sitemap index of these files: (absolute URL, last change)."""
    return render_xml_document(
        "sitemapindex",
        {"xmlns": SITEMAP_NAMESPACE},
        [("sitemap", [("loc", url), *lastmod_element(moment)]) for url, moment in files],
    )


def render_sitemap(rows: Iterable[tuple[str, datetime]]) -> str:
    """Sitemap of these articles: (slug, last published)."""
    return render_xml_document(
        "urlset",
        {"xmlns": SITEMAP_NAMESPACE},
        [("url", [("loc", article_url(slug)), *lastmod_element(moment)]) for slug, moment in rows],
    )


def render_news_sitemap(cards: Iterable[ArticleCard], *, paper: str, language: str) -> str:
    """News sitemap of these cards (rows of `as_cards()`), with their first publication."""
    publication = [("news:name", paper), ("news:language", language)]
    return render_xml_document(
        "urlset",
        {"xmlns": SITEMAP_NAMESPACE, "xmlns:news": NEWS_SITEMAP_NAMESPACE},
        [
            (
                "url",
                [
                    ("loc", article_url(card.slug)),
                    (
                        "news:news",
                        [
                            ("news:publication", publication),
                            ("news:publication_date", w3c_datetime(card.first_published_at)),
                            ("news:title", card.live.headline),
                        ],
                    ),
                ],
            )
            for card in cards
        ],
    )


def article_url(slug: str) -> str:
    return absolute_url(f"/articles/{slug}/")


def w3c_datetime(moment: datetime | None) -> str:
    """W3C date and time in the site's time zone, with its offset."""
    return timezone.localtime(moment).isoformat(timespec="seconds")


def lastmod_element(moment: datetime | None) -> list[tuple[str, Any]]:
    return [("lastmod", w3c_datetime(moment))] if moment else []


def render_xml_document(
    root: str, attributes: dict[str, str], elements: list[tuple[str, Any]]
) -> str:
    """XML document of nested elements: (name, text) or (name, list of elements)."""
    out = StringIO()
    handler = SimplerXMLGenerator(out, "utf-8")
    handler.startDocument()
    handler.startElement(root, AttributesImpl(attributes))
    for name, content in elements:
        write_xml_element(handler, name, content)
    handler.endElement(root)
    return out.getvalue()


def write_xml_element(handler: SimplerXMLGenerator, name: str, content: Any) -> None:
    if isinstance(content, str):
        handler.addQuickElement(name, xml_safe(content))
        return
    handler.startElement(name, AttributesImpl({}))
    for child_name, child_content in content:
        write_xml_element(handler, child_name, child_content)
    handler.endElement(name)
