"""Search documents: the indexed plain text of live articles, with filters and sort key.

One line each: headline, searched text fields, three of the summary, tags, authors; then the body, one
line a paragraph.
"""

import html
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from articles.body_blocks import without_embed_links
from articles.models import Article, Author, Byline, Edition, Tag, Tagging
from articles.models.editorial import SEARCHED_TEXT_NAMES
from articles.models.read_models import ArticleRow
from newsroom.db.expressions import IdArray
from newsroom.search.sort_keys import make_sort_key

# Headline, the searched text fields, three lines of the summary, tags, authors.
HEAD_LINE_COUNT = 6 + len(SEARCHED_TEXT_NAMES)
MAX_BODY_CHARS = 15_000  # so that the n-grams stay far below the 1 MB of a tsvector
BLOCK_TAG_PATTERN = re.compile(
    r"<(?:br|hr|/?(?:p|h[1-6]|li|[uo]l|blockquote|figure|figcaption|t[dhr]|table|div|pre))\b[^>]*>"
)
TAG_PATTERN = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class SearchDocument:
    """The indexed text of a live article, and what searches filter and sort by. Ids are primary keys."""

    article: int
    edition: int
    sort_key: int
    text: str
    section: int | None
    authors: tuple[int, ...]
    tags: tuple[int, ...]
    published_at: datetime


def build_documents(articles: Iterable[Article | ArticleRow]) -> list[SearchDocument]:
    """The search documents of these articles, which must be live. Five queries, however many."""
    by_id = {article.pk: article for article in articles}
    editions = Edition.objects.in_bulk([a.live_id for a in by_id.values() if a.live_id])
    tags = ids_and_names(Tagging.objects.filter(article__in_array=IdArray(by_id)), "tag_id", Tag)
    bylines = Byline.objects.filter(article__in_array=IdArray(by_id))
    authors = ids_and_names(bylines, "author_id", Author)
    return [
        SearchDocument(
            article=pk,
            edition=article.live_id,
            sort_key=make_sort_key(article.first_published_at, pk),
            text=document_text(
                editions[article.live_id], tags=tags[pk].values(), authors=authors[pk].values()
            ),
            section=article.section_id,
            authors=tuple(authors[pk]),
            tags=tuple(tags[pk]),
            published_at=article.first_published_at,
        )
        for pk, article in by_id.items()
        if article.live_id and article.first_published_at
    ]


def ids_and_names(
    rows: Any, column: str, model: type[Author] | type[Tag]
) -> dict[int, dict[int, str]]:
    """{article id: {id: name}} of the tags or authors in these rows, in their order.

    Two queries: PostgreSQL plans a join for full reads in a loop, where its statistics call both empty.
    """
    pairs = list(rows.order_by("article_id", "position").values_list("article_id", column))
    named = model.objects.filter(pk__in_array=IdArray({pk for _article, pk in pairs}))
    names = dict(named.values_list("pk", "name"))
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for article_id, pk in pairs:
        found[article_id][pk] = names[pk]
    return found


def document_text(edition: Edition, *, tags: Iterable[str], authors: Iterable[str]) -> str:
    """The lines of a document, in the order of the module docstring."""
    summary = [*edition.summary, "", "", ""][:3]
    # A solidus ends a word, so that two names make no n-gram.
    texts = [getattr(edition, name) for name in SEARCHED_TEXT_NAMES]
    head = [edition.headline, *texts, *summary, " / ".join(tags), " / ".join(authors)]
    return "\n".join([*map(collapse_whitespace, map(str, head)), plain_text(edition.body_html)])


def collapse_whitespace(text: str) -> str:
    return " ".join(text.split())


def plain_text(body_html: str) -> str:
    """The text of a rendered body, one line a paragraph, at most MAX_BODY_CHARS."""
    body_html = without_embed_links(body_html)
    text = html.unescape(TAG_PATTERN.sub("", BLOCK_TAG_PATTERN.sub("\n", body_html)))
    lines = (collapse_whitespace(line) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)[:MAX_BODY_CHARS]
