"""An article as readers get it, put together by hand: lists and pages are made of it all day, and a
chain of fields costs five times as much (docs/performance.md). The serializers say what it looks like.
Pure."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from articles.models import Article
from articles.models.site import Masthead
from articles.syndication.structured_data import seo_of
from media.representation import as_read as photo_as_read
from newsroom.http.canonical_urls import absolute
from newsroom.text.dates import told
from polls.representation import as_read as poll_as_read
from polls.representation import results_are_shown


def counts_as_read(article: Article) -> dict[str, int | None]:
    """Comments, saves, votes and views; votes are null while the results of its poll are not shown."""
    counts, poll = article.counts, article.poll
    hidden = poll is not None and not results_are_shown(poll, timezone.now())
    return {
        "comments": counts.comments,
        "saves": counts.saves,
        "votes": None if hidden else article.vote_count,
        "views": counts.views,
    }


def words_of(article: Article) -> Any:
    return article.live


CARD: dict[str, Callable[[Article], Any]] = {
    "slug": lambda article: article.slug,
    "url": lambda article: absolute(article.get_absolute_url()),
    "section": lambda article: named(article.section),
    "headline": lambda article: words_of(article).headline,
    "deck": lambda article: words_of(article).deck,
    "summary": lambda article: words_of(article).summary,
    "lead_photo": lambda article: photo_as_read(
        article.lead_photo, words_of(article).lead_photo_text
    ),
    "authors": lambda article: article.author_rows,
    "published_at": lambda article: told(article.first_published_at),
    "updated_at": lambda article: told(article.published_at),
    "counts": counts_as_read,
}


def card_as_read(article: Article, *, fields: Iterable[str] = CARD) -> dict[str, Any]:
    """The card of a row of `Article.objects.live().as_cards()`, or these fields of it, in this order."""
    return {name: CARD[name](article) for name in fields}


def page_as_read(article: Article, *, related: Iterable[Article]) -> dict[str, Any]:
    """The page of a row of `Article.objects.live().as_pages()`, with these cards beside it."""
    words = words_of(article)
    page = card_as_read(article) | {
        "tags": article.tag_rows,
        "body_html": words.body_html,
        "contact": {"email": article.tip_address or ""},
        "edition": words.number,
        "corrections": [correction_as_read(note) for note in article.corrections],
        "source": source_of(words),
        "ai_disclosure": {"kind": words.ai_kind, "note": words.ai_note} if words.ai_kind else None,
        "poll": poll_of(article),
        "related": [card_as_read(card) for card in related],
        "comments_open": article.comments_mode != "closed",
    }
    paper = article.paper or Masthead().name
    seo = seo_of(page, identifier=article.urn(), paper=paper, notice=article.rights or "")
    return page | {"seo": seo}


def named(thing: Any) -> dict[str, str] | None:
    return {"slug": thing.slug, "name": thing.name} if thing else None


def correction_as_read(note: dict[str, Any]) -> dict[str, Any]:
    at = told(datetime.fromisoformat(note["at"]))
    return {"kind": note["kind"], "note": note["note"], "at": at}


def source_of(words: Any) -> dict[str, str] | None:
    if not words.source_name:
        return None
    return {"name": words.source_name, "url": words.source_url, "credit": words.source_credit}


def poll_of(article: Article) -> dict[str, Any] | None:
    """Its poll, once readers see it."""
    own = article.poll
    if own is None or not own.public:
        return None
    poll = poll_as_read(own, article.side_rows, now=timezone.now())
    return poll | {"opens_at": told(own.opens_at), "closes_at": told(own.closes_at)}
