"""Payloads of the outbox events about an article: where it is listed and what else changes with it.

An event names places and never holds text: id, slug and former slugs, the slugs of `sections`, `authors`
and `tags` under which the article is or was listed, and, where there are any, `polls` (ids), `photos`
(keys of files that are not public any more) and `beside` (slugs of articles that show it as a card).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from articles.models import (
    Article,
    Author,
    BoxedArticle,
    Byline,
    FormerSlug,
    Pick,
    RelatedArticle,
    Section,
    Tag,
    Tagging,
)
from desk.actions.list_rows import ListingSlugs, slugs_by_id
from desk.models import Release
from newsroom.db.expressions import IdArray
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
    ids = IdArray(article_ids)
    sections = Article.objects.filter(pk__in_array=ids, section__isnull=False)
    bylines = Byline.objects.filter(article__in_array=ids)
    taggings = Tagging.objects.filter(article__in_array=ids)
    listings: dict[int, ListingSlugs] = {pk: {name: [] for name in LISTINGS} for pk in article_ids}
    for name, model, rows in (
        ("sections", Section, sections.values_list("pk", "section_id")),
        ("authors", Author, bylines.values_list("article_id", "author_id")),
        ("tags", Tag, taggings.values_list("article_id", "tag_id")),
    ):
        pairs = list(rows)
        slugs = slugs_by_id(model, {related for _pk, related in pairs})
        for article_id, related in pairs:
            listings[article_id][name].append(slugs[related])
    return listings


def former_slugs_of(article_ids: Sequence[int]) -> dict[int, list[str]]:
    slugs = defaultdict[int, list[str]](list)
    rows = FormerSlug.objects.filter(article__in_array=IdArray(article_ids))
    for article_id, slug in rows.order_by("pk").values_list("article", "slug"):
        slugs[article_id].append(slug)
    return slugs


def slugs_of_embedding(article_ids: Sequence[int]) -> dict[int, list[str]]:
    """{article id: slugs of live articles that show it as a related card or in a related box}."""
    ids = IdArray(article_ids)
    picks = Pick.objects.filter(related__in_array=ids).order_by("pk")
    similar = RelatedArticle.objects.filter(related__in_array=ids).order_by("pk")
    pairs = [
        *picks.values_list("related_id", "article_id"),
        *similar.values_list("related_id", "article_id"),
        *boxes_with(article_ids),
    ]
    if not pairs:
        return defaultdict(list)
    embedding = {article_id for _related, article_id in pairs}
    live = Article.objects.live().filter(pk__in_array=IdArray(embedding))
    live_slugs = dict(live.values_list("pk", "slug"))
    slugs = defaultdict[int, dict[str, None]](dict)  # in their order, once each
    for related, article_id in pairs:
        if article_id in live_slugs:
            slugs[related][live_slugs[article_id]] = None
    return defaultdict(list, {related: list(names) for related, names in slugs.items()})


def boxes_with(article_ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(id of the article, id of the article that shows it) of related boxes with these articles."""
    named = Article.objects.filter(pk__in_array=IdArray(article_ids))
    own_ids = dict(named.values_list("uid", "pk"))
    rows = BoxedArticle.objects.filter(related_uid__in=list(own_ids)).order_by("pk")
    for uid, article_id in rows.values_list("related_uid", "article_id"):
        yield own_ids[uid], article_id
