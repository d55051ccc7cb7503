"""The words of live articles in plain text, as search takes them in. Pure but for reading them.

One line each: headline, searched text fields, three of the summary, tags, authors; then the body, a
line a paragraph.
"""

import html
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from articles.models import Article, Byline, Edition, Tagging
from articles.models.editorial import SEARCHED_TEXT_NAMES

# Headline, the searched text fields, three lines of the summary, tags, authors.
HEAD_LINE_COUNT = 6 + len(SEARCHED_TEXT_NAMES)
MAX_BODY_CHARS = 15_000  # characters; PostgreSQL takes 1 MB of grams, which these never fill
BLOCK_TAG_PATTERN = re.compile(
    r"<(?:br|hr|/?(?:p|h[1-6]|li|[uo]l|blockquote|figure|figcaption|t[dhr]|table|div|pre))\b[^>]*>"
)
TAG_PATTERN = re.compile(r"<[^>]*>")
# Hundredths of a second are enough to order by, and leave room for the number below.
ARTICLE_ID_BITS = 24


@dataclass(frozen=True)
class SearchDocument:
    """What readers see of an article, with what it is filtered by."""

    article: int
    edition: int
    place: int
    text: str
    section: int | None
    authors: tuple[int, ...]
    tags: tuple[int, ...]
    published_at: datetime


def make_sort_key(moment: datetime, article_id: int = 0) -> int:
    """Where a story first published at that moment stands among all; with its number, unlike any other."""
    return (int(moment.timestamp() * 100) << ARTICLE_ID_BITS) | article_id % (1 << ARTICLE_ID_BITS)


def build_documents(articles: Iterable[Article]) -> list[SearchDocument]:
    """The words of these articles, which are live. Three queries, however many."""
    shown = {article.pk: article for article in articles}
    words = Edition.objects.in_bulk([a.live_id for a in shown.values() if a.live_id])
    tags = ids_and_names(Tagging.objects.filter(article__in=shown), "tag")
    authors = ids_and_names(Byline.objects.filter(article__in=shown), "author")
    return [
        SearchDocument(
            article=pk,
            edition=article.live_id,
            place=make_sort_key(article.first_published_at, pk),
            text=document_text(
                words[article.live_id], tags=tags[pk].values(), by=authors[pk].values()
            ),
            section=article.section_id,
            authors=tuple(authors[pk]),
            tags=tuple(tags[pk]),
            published_at=article.first_published_at,
        )
        for pk, article in shown.items()
        if article.live_id and article.first_published_at
    ]


def ids_and_names(rows: Any, what: str) -> dict[int, dict[int, str]]:
    """The numbers and names of what stands beside each article, in order."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    ordered = rows.order_by("article", "position")
    for article, pk, name in ordered.values_list("article", what, f"{what}__name"):
        found[article][pk] = name
    return found


def document_text(edition: Edition, *, tags: Iterable[str], by: Iterable[str]) -> str:
    summary = [*edition.summary, "", "", ""][:3]
    # A solidus ends a word, so that two names make none.
    texts = [getattr(edition, name) for name in SEARCHED_TEXT_NAMES]
    head = [edition.headline, *texts, *summary, " / ".join(tags), " / ".join(by)]
    return "\n".join([*map(collapse_whitespace, map(str, head)), plain_text(edition.body_html)])


def collapse_whitespace(text: str) -> str:
    return " ".join(text.split())


def plain_text(body_html: str) -> str:
    """The words of a rendered body, a line a paragraph."""
    text = html.unescape(TAG_PATTERN.sub("", BLOCK_TAG_PATTERN.sub("\n", body_html)))
    lines = (collapse_whitespace(line) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)[:MAX_BODY_CHARS]
