"""An article as readers get it, put together by hand: lists and pages are made of it all day, and a
chain of fields costs five times as much (docs/performance.md). The serializers say what it looks like.
Pure."""

from collections.abc import Callable, Iterable
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.utils import timezone

from articles.models import Article
from articles.models.editorial import CARD_TEXT_NAMES, PAGE_TEXT_NAMES
from articles.models.site import Masthead
from articles.syndication.structured_data import build_seo
from media.representation import represent_photo as photo_as_read
from newsroom.http.canonical_urls import absolute_url
from newsroom.text.dates import local_isoformat
from polls.representation import are_results_public
from polls.representation import represent_poll as poll_as_read


def represent_counts(article: Article) -> dict[str, int | None]:
    """Comments, saves, votes and views; votes are null while the results of its poll are not shown."""
    counts, poll = article.counts, article.poll
    hidden = poll is not None and not are_results_public(poll, timezone.now())
    return {
        "comments": counts.comments,
        "saves": counts.saves,
        "votes": None if hidden else article.vote_count,
        "views": counts.views,
    }


def live_edition(article: Article) -> Any:
    return article.live


CARD_FIELDS: dict[str, Callable[[Article], Any]] = {
    "slug": lambda article: article.slug,
    "url": lambda article: absolute_url(article.get_absolute_url()),
    "section": lambda article: slug_and_name(article.section),
    "headline": lambda article: live_edition(article).headline,
    **{name: attrgetter(f"live.{name}") for name in CARD_TEXT_NAMES},
    "summary": lambda article: live_edition(article).summary,
    "lead_photo": lambda article: photo_as_read(
        article.lead_photo, live_edition(article).lead_photo_text
    ),
    "authors": lambda article: article.author_rows,
    "published_at": lambda article: local_isoformat(article.first_published_at),
    "updated_at": lambda article: local_isoformat(article.published_at),
    "counts": represent_counts,
}


def represent_card(article: Article, *, fields: Iterable[str] = CARD_FIELDS) -> dict[str, Any]:
    """The card of a row of `Article.objects.live().as_cards()`, or these fields of it, in this order."""
    return {name: CARD_FIELDS[name](article) for name in fields}


def represent_page(article: Article, *, related: Iterable[Article]) -> dict[str, Any]:
    """The page of a row of `Article.objects.live().as_pages()`, with these cards beside it."""
    words = live_edition(article)
    page = represent_card(article) | {
        **{name: getattr(words, name) for name in PAGE_TEXT_NAMES},
        "tags": article.tag_rows,
        "body_html": words.body_html,
        "contact": {"email": article.tip_address or ""},
        "edition": words.number,
        "corrections": [represent_correction(note) for note in article.corrections],
        "source": represent_source(words),
        "ai_disclosure": {"kind": words.ai_kind, "note": words.ai_note} if words.ai_kind else None,
        "poll": represent_public_poll(article),
        "related": [represent_card(card) for card in related],
        "comments_open": article.comments_mode != "closed",
    }
    paper = article.paper or Masthead().name
    seo = build_seo(page, identifier=article.urn(), paper=paper, notice=article.rights or "")
    return page | {"seo": seo}


def slug_and_name(thing: Any) -> dict[str, str] | None:
    return {"slug": thing.slug, "name": thing.name} if thing else None


def represent_correction(note: dict[str, Any]) -> dict[str, Any]:
    at = local_isoformat(datetime.fromisoformat(note["at"]))
    return {"kind": note["kind"], "note": note["note"], "at": at}


def represent_source(words: Any) -> dict[str, str] | None:
    if not words.source_name:
        return None
    return {"name": words.source_name, "url": words.source_url, "credit": words.source_credit}


def represent_public_poll(article: Article) -> dict[str, Any] | None:
    """Its poll, once readers see it."""
    own = article.poll
    if own is None or not own.public:
        return None
    poll = poll_as_read(own, article.side_rows, now=timezone.now())
    return poll | {
        "opens_at": local_isoformat(own.opens_at),
        "closes_at": local_isoformat(own.closes_at),
    }
