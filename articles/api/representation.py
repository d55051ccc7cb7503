"""Representation of articles in the reader API: cards and pages as dicts. Pure.

Built by hand: a tree of serializer fields costs five times as much (docs/performance.md).  The
serializers in articles/api/serializers.py describe the same shape for OpenAPI.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.utils import timezone

from articles.body_blocks import fill_related_boxes
from articles.models import CommentsMode, Masthead
from articles.models.editorial import CARD_TEXT_NAMES, PAGE_TEXT_NAMES
from articles.models.read_models import ArticleCard, ArticlePage, CardSection, PageEdition
from articles.syndication.structured_data import build_seo
from media.representation import represent_photo
from newsroom.http.canonical_urls import absolute_url
from newsroom.text.dates import local_isoformat
from polls.representation import are_results_public, represent_poll, with_local_times


def represent_counts(article: ArticleCard) -> dict[str, int | None]:
    """Counts of comments, saves, votes and views; votes are null while the poll's results are hidden."""
    counts, poll = article.counts, article.poll
    are_votes_hidden = poll is not None and not are_results_public(poll, timezone.now())
    return {
        "comments": counts.comments,
        "saves": counts.saves,
        "votes": None if are_votes_hidden else article.vote_count,
        "views": counts.views,
    }


CARD_FIELDS: dict[str, Callable[[ArticleCard], Any]] = {
    "slug": lambda article: article.slug,
    "url": lambda article: absolute_url(article.get_absolute_url()),
    "section": lambda article: slug_and_name(article.section),
    "headline": lambda article: article.live.headline,
    **{name: attrgetter(f"live.{name}") for name in CARD_TEXT_NAMES},
    "summary": lambda article: article.live.summary,
    "lead_photo": lambda article: represent_photo(article.lead_photo, article.live.lead_photo_text),
    "authors": lambda article: article.author_rows,
    "published_at": lambda article: local_isoformat(article.first_published_at),
    "updated_at": lambda article: local_isoformat(article.published_at),
    "counts": represent_counts,
}


def represent_card(article: ArticleCard, *, fields: Iterable[str] = CARD_FIELDS) -> dict[str, Any]:
    """The card of a row of `Article.objects.live().as_cards()`, or these fields of it, in this order."""
    return {name: CARD_FIELDS[name](article) for name in fields}


def represent_page(article: ArticlePage, *, related: Iterable[ArticleCard]) -> dict[str, Any]:
    """The page of a row of `Article.objects.live().as_pages()`, with these related cards."""
    edition = article.live
    page = represent_card(article) | {
        **{name: getattr(edition, name) for name in PAGE_TEXT_NAMES},
        "tags": article.tag_rows,
        "body_html": fill_related_boxes(edition.body_html, {}),  # of what `live_page` left
        "social_photo": represent_photo(article.social_photo, edition.social_photo_text),
        "contact": {"email": article.tip_address or ""},
        "edition": edition.number,
        "corrections": [represent_correction(note) for note in article.corrections],
        "source": represent_source(edition),
        "ai_disclosure": represent_ai_disclosure(edition),
        "poll": represent_public_poll(article),
        "related": [represent_card(card) for card in related],
        "comments_open": are_comments_open(article),
    }
    paper = article.paper or Masthead().name
    seo = build_seo(page, identifier=article.urn(), paper=paper, notice=article.rights or "")
    return page | {"seo": seo}


def are_comments_open(article: ArticlePage) -> bool:
    """Whether neither the edition nor the policy of the thread has closed the comments."""
    close_at = article.comments_close_at
    is_past = close_at is not None and close_at <= timezone.now()
    return not is_past and article.comments_mode != CommentsMode.CLOSED


def slug_and_name(section: CardSection | None) -> dict[str, str] | None:
    return {"slug": section.slug, "name": section.name} if section else None


def represent_correction(note: dict[str, Any]) -> dict[str, Any]:
    at = local_isoformat(datetime.fromisoformat(note["at"]))
    return {"kind": note["kind"], "note": note["note"], "at": at}


def represent_source(edition: PageEdition) -> dict[str, str] | None:
    """The agency or paper the text is from; None for our own."""
    if not edition.source_name:
        return None
    return {
        "name": edition.source_name,
        "url": edition.source_url,
        "credit": edition.source_credit,
    }


def represent_ai_disclosure(edition: PageEdition) -> dict[str, str] | None:
    return {"kind": edition.ai_kind, "note": edition.ai_note} if edition.ai_kind else None


def represent_public_poll(article: ArticlePage) -> dict[str, Any] | None:
    """The article's poll if it is public, else None."""
    poll = article.poll
    if poll is None or not poll.public:
        return None
    return with_local_times(represent_poll(poll, article.side_rows, now=timezone.now()))
