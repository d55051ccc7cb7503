"""Payloads of the outbox events about an article: where it is listed and what else changes with it.

An event names places and never holds text: id, slug and former slugs, the slugs of `sections`, `authors`
and `tags` under which the article is or was listed, and, where there are any, `polls` (ids), `photos`
(keys of files that are not public any more) and `beside` (slugs of articles that show it as a card).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from articles.models import Article, BoxedArticle, Byline, FormerSlug, Pick, RelatedArticle, Tagging
from desk.actions.list_rows import ListingSlugs
from desk.models import Release
from newsroom.db.expressions import id_array
from outbox.actions import publish_events

LISTINGS = ("sections", "authors", "tags")


@dataclass
class ArticleChange:
    """What changed with one article that goes live: the name of its event, the listings that it is or was
    in, the ids of its polls before and after, the keys of photos that are not public any more."""

    event: str
    listings: ListingSlugs = field(default_factory=lambda: {name: [] for name in LISTINGS})
    polls: set[int | None] = field(default_factory=set)
    photos: list[str] = field(default_factory=list)

    def add_listings(self, slugs: ListingSlugs) -> None:
        """Put the present listings before the former ones, each once."""
        self.listings = {
            name: list(dict.fromkeys(slugs[name] + self.listings[name])) for name in LISTINGS
        }


def live_event_name(release: Release) -> str:
    """The event of a release, read before its article goes live."""
    if release.article.first_published_at is None:
        return "article.published"
    return "article.corrected" if release.edition.correction_kind else "article.updated"


def publish_live_events(releases: Sequence[Release], changes: dict[int, ArticleChange]) -> None:
    """One event for each release; `changes` by the ids of the articles."""
    article_ids = [release.article_id for release in releases]
    former_slugs, embedding_slugs = former_slugs_of(article_ids), slugs_of_embedding(article_ids)
    events = []
    for release in releases:
        article, change = release.article, changes[release.article_id]
        published_at = article.published_at.isoformat() if article.published_at else None
        data = {
            "id": article.urn(),
            "slug": article.slug,
            "former_slugs": former_slugs[article.pk],
            "edition": release.edition.number,
            "published_at": published_at,
            **change.listings,
            **dependents(change.polls, change.photos, embedding_slugs[article.pk]),
        }
        events.append((change.event, article.key(), data))
    publish_events(events)


def event_location(article: Article) -> dict[str, Any]:
    """Where an article is found, for events about one that is withdrawn, expires or is held."""
    ids = [article.pk]
    return {
        "id": article.urn(),
        "slug": article.slug,
        "former_slugs": former_slugs_of(ids)[article.pk],
        **listings_of(ids)[article.pk],
        **dependents({article.poll_id}, [], slugs_of_embedding(ids)[article.pk]),
    }


def dependents(
    polls: set[int | None], photos: list[str], embedding_slugs: list[str]
) -> dict[str, list[int] | list[str]]:
    """`polls`, `photos` and `beside` of an event, those that are not empty."""
    values: dict[str, list[int] | list[str]] = {
        "polls": sorted(poll for poll in polls if poll),
        "photos": photos,
        "beside": embedding_slugs,
    }
    return {name: value for name, value in values.items() if value}


def listings_of(article_ids: Sequence[int]) -> dict[int, ListingSlugs]:
    """{article id: {"sections": [slug], "authors": [slug], "tags": [slug]}}, as they are listed now."""
    if not article_ids:
        return {}
    ids = id_array(article_ids)
    sections = Article.objects.filter(pk__in=ids, section__isnull=False)
    rows: dict[str, Any] = {
        "sections": sections.values_list("pk", "section__slug"),
        "authors": Byline.objects.filter(article__in=ids).values_list("article", "author__slug"),
        "tags": Tagging.objects.filter(article__in=ids).values_list("article", "tag__slug"),
    }
    listings: dict[int, ListingSlugs] = {pk: {name: [] for name in LISTINGS} for pk in article_ids}
    for name, pairs in rows.items():
        for article_id, slug in pairs:
            listings[article_id][name].append(slug)
    return listings


def former_slugs_of(article_ids: Sequence[int]) -> dict[int, list[str]]:
    slugs = defaultdict[int, list[str]](list)
    rows = FormerSlug.objects.filter(article__in=id_array(article_ids))
    for article_id, slug in rows.order_by("pk").values_list("article", "slug"):
        slugs[article_id].append(slug)
    return slugs


def slugs_of_embedding(article_ids: Sequence[int]) -> dict[int, list[str]]:
    """{article id: slugs of live articles that show it as a related card or in a related box}."""
    slugs = defaultdict[int, list[str]](list)
    pairs = [
        pair
        for rows in (
            Pick.objects.filter(related__in=id_array(article_ids)),
            RelatedArticle.objects.filter(related__in=id_array(article_ids)),
            boxes_with(article_ids),
        )
        for pair in rows.order_by("pk").values_list("related", "article")
    ]
    if not pairs:
        return slugs
    embedding = Article.objects.live().filter(pk__in=id_array({shown_by for _, shown_by in pairs}))
    live_slugs = dict(embedding.values_list("pk", "slug"))
    for article_id, shown_by in pairs:
        slug = live_slugs.get(shown_by)
        if slug and slug not in slugs[article_id]:
            slugs[article_id].append(slug)
    return slugs


def boxes_with(article_ids: Sequence[int]) -> QuerySet[Any]:
    """The rows of related boxes that name these articles, with the id of the article as `related`."""
    named = Article.objects.filter(pk__in=id_array(article_ids))
    own_id = Article.objects.filter(uid=OuterRef("related_uid")).values("pk")
    rows = BoxedArticle.objects.filter(related_uid__in=named.values("uid"))
    return rows.annotate(related=Subquery(own_id))
