"""Show: the pointer moves to an edition, and all that follows from it, for one story or many at once.

Everything is asked and written for all of them together, so that ten thousand stories of one second
are out within seconds.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from articles.models import (
    Article,
    Byline,
    Edition,
    FormerSlug,
    Pick,
    RelatedArticle,
    Tagging,
)
from articles.syndication.feed_updates import append_feed_changes
from desk.actions.drafts import is_slug_taken
from desk.actions.list_rows import ListingSlugs, delete_list_rows, insert_list_rows
from desk.actions.visibility import reveal_media
from desk.models import Release
from newsroom.db.array_params import id_array, sql_integers
from outbox.actions import publish_events

KINDS = ("sections", "authors", "tags")
# Columns of an article that are copies of its edition's.
COPIED = ("section_id", "lead_photo_id", "poll_id", "comments_mode")
# In SQL, because the ORM cannot take what it writes from rows beside it without asking for each
# column of each article: four times as long in a burst.
POINT = """
UPDATE articles_article SET live_id = e.id,
  published_at = CASE WHEN published_at > r.due_at THEN published_at ELSE r.due_at END,
  first_published_at = COALESCE(first_published_at, r.due_at),
  section_id = e.section_id, lead_photo_id = e.lead_photo_id, poll_id = e.poll_id,
  comments_mode = e.comments_mode
FROM desk_release r JOIN articles_edition e ON e.id = r.edition_id
WHERE r.article_id = articles_article.id AND r.id IN ({releases})
"""
# An edition that was shown before keeps the time of its first showing.
APPEAR = """
INSERT INTO articles_appearance (article_id, edition_id, published_at)
SELECT article_id, edition_id, due_at FROM desk_release WHERE id IN ({releases})
ON CONFLICT DO NOTHING
"""


def go_live(releases: Sequence[Release]) -> None:
    """Let readers see the edition of each release from its `due_at` on. The only place that moves the
    pointer; the caller holds the articles and has judged that it may move forward.
    """
    seen = [each for each in releases if each.article.first_published_at]
    told = {each.article_id: News(name=event_name(each)) for each in releases}
    for article, places in places_of([each.article_id for each in seen]).items():
        told[article].places = places
    for each in releases:
        told[each.article_id].polls |= {each.article.poll_id, each.edition.poll_id}
        move_address(each.article, each.edition)
    tell_corrections(seen)
    left = {each.article_id: each.article.section_id for each in releases if each.article.live_id}
    point(releases)
    append_feed_changes(
        (section, each.article.first_published_at)
        for each in releases
        for section in {each.edition.section_id, left.get(each.article_id)}
        if each.article.first_published_at
    )
    delete_list_rows([each.article_id for each in seen])
    for article, places in insert_list_rows([each.edition for each in releases]).items():
        told[article].places = merged(told[article].places, places)
    for article, photos in reveal_media([each.edition for each in releases]).items():
        told[article].photos = photos
    announce_news(releases, told=told)


@dataclass
class News:
    """What an event says of a story beside its address: where it stood and stands, its polls, photos
    that readers no longer see."""

    name: str
    places: ListingSlugs = field(default_factory=lambda: {kind: [] for kind in KINDS})
    polls: set[int | None] = field(default_factory=set)
    photos: list[str] = field(default_factory=list)


def announce_news(releases: Sequence[Release], *, told: dict[int, News]) -> None:
    """Tell the world where each story is and which edition, never the words."""
    articles = [each.article_id for each in releases]
    former, beside = former_slugs_of(articles), shown_beside(articles)
    publish_events(
        (
            told[each.article_id].name,
            each.article.key(),
            {
                "id": each.article.urn(),
                "slug": each.article.slug,
                "former_slugs": former[each.article_id],
                "edition": each.edition.number,
                "published_at": told_time(each.article.published_at),
                **told[each.article_id].places,
                **along(
                    polls=told[each.article_id].polls,
                    photos=told[each.article_id].photos,
                    beside=beside[each.article_id],
                ),
            },
        )
        for each in releases
    )


def point(releases: Sequence[Release]) -> None:
    """Move the pointers, copy what lists are filtered by, note what appeared: in the database, then in
    memory."""
    numbers = sql_integers(release.pk for release in releases)
    with connection.cursor() as cursor:
        cursor.execute(POINT.format(releases=numbers))
        cursor.execute(APPEAR.format(releases=numbers))
    for release in releases:
        article, edition = release.article, release.edition
        article.live = edition
        for name in COPIED:
            setattr(article, name, getattr(edition, name))
        article.published_at = max(release.due_at, article.published_at or release.due_at)
        article.first_published_at = article.first_published_at or release.due_at


def event_name(release: Release) -> str:
    """What the world hears, judged before the pointer moves."""
    if release.article.first_published_at is None:
        return "article.published"
    return "article.corrected" if release.edition.correction_kind else "article.updated"


def told_time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def event_location(article: Article) -> dict[str, Any]:
    """Where a story is found, as an event says it that takes it away."""
    return {
        "id": article.urn(),
        "slug": article.slug,
        "former_slugs": former_slugs_of([article.pk])[article.pk],
        **places_of([article.pk])[article.pk],
        **along(polls={article.poll_id}, photos=[], beside=shown_beside([article.pk])[article.pk]),
    }


def along(
    *, polls: set[int | None], photos: list[str], beside: list[str]
) -> dict[str, list[int] | list[str]]:
    """What else changes with a story, where there is some: its polls, photos that readers no longer
    see, the stories that show it as a card."""
    told: dict[str, list[int] | list[str]] = {
        "polls": sorted(poll for poll in polls if poll),
        "photos": photos,
        "beside": beside,
    }
    return {name: values for name, values in told.items() if values}


def shown_beside(article_ids: Sequence[int]) -> dict[int, list[str]]:
    """The slugs of live stories that show each of these beside them."""
    found = defaultdict[int, list[str]](list)
    for beside in (Pick, RelatedArticle):
        rows = beside.objects.filter(
            related__in=id_array(article_ids), article__in=Article.objects.live()
        )
        for article, slug in rows.order_by("pk").values_list("related", "article__slug"):
            if slug not in found[article]:
                found[article].append(slug)
    return found


def former_slugs_of(article_ids: Sequence[int]) -> dict[int, list[str]]:
    found = defaultdict(list)
    rows = FormerSlug.objects.filter(article__in=id_array(article_ids))
    for article, slug in rows.order_by("pk").values_list("article", "slug"):
        found[article].append(slug)
    return found


def places_of(article_ids: Sequence[int]) -> dict[int, ListingSlugs]:
    """Where the stories stand now, by article: slugs of their sections, authors and tags."""
    asked: dict[str, Any] = {
        "sections": Article.objects.filter(
            pk__in=id_array(article_ids), section__isnull=False
        ).values_list("pk", "section__slug"),
        "authors": Byline.objects.filter(article__in=id_array(article_ids)).values_list(
            "article", "author__slug"
        ),
        "tags": Tagging.objects.filter(article__in=id_array(article_ids)).values_list(
            "article", "tag__slug"
        ),
    }
    found: dict[int, ListingSlugs] = {pk: {kind: [] for kind in asked} for pk in article_ids}
    for kind, rows in asked.items():
        for article, slug in rows:
            found[article][kind].append(slug)
    return found


def merged(before: ListingSlugs, after: ListingSlugs) -> ListingSlugs:
    """Where the story stood and stands, each place once, the present ones first."""
    return {kind: list(dict.fromkeys(after[kind] + before[kind])) for kind in after}


def move_address(article: Article, edition: Edition) -> None:
    """Give the article the edition's address, and let the former one lead there for ever.

    Taken by another story since the freeze, the old address stays: a story is never lost over it.
    """
    before = article.slug
    if edition.slug == before or is_slug_taken(edition.slug, excluding=article.pk):
        return
    article.slug = edition.slug
    try:
        with transaction.atomic():
            article.save(update_fields=["slug"])
    except IntegrityError:  # taken in this very moment
        article.slug = before
        return
    if article.first_published_at:
        FormerSlug.objects.get_or_create(slug=before, defaults={"article": article})
        FormerSlug.objects.filter(slug=edition.slug, article=article).delete()


def tell_corrections(releases: Sequence[Release]) -> None:
    """Add the correction notes readers have not seen: of the editions shown, and of those that they
    overtook, whose words they hold."""
    articles = [release.article_id for release in releases]
    overtaken = Release.objects.filter(
        article__in=id_array(articles), state=Release.State.OVERTAKEN
    ).values_list("edition_id", flat=True)
    noted = Edition.objects.exclude(correction_kind="").only(
        "article_id", "number", "correction_kind", "correction_note"
    )
    held = defaultdict(list)
    shown = [release.edition_id for release in releases]
    for edition in noted.filter(pk__in=id_array([*overtaken, *shown])).order_by("number"):
        held[edition.article_id].append(edition)
    for release in releases:
        article, at = release.article, release.due_at.isoformat()
        told_already = {note["edition"] for note in article.corrections}
        fresh = [
            {"edition": e.number, "kind": e.correction_kind, "note": e.correction_note, "at": at}
            for e in held[article.pk]
            if e.number <= release.edition.number and e.number not in told_already
        ]
        if fresh:
            article.corrections = [*article.corrections, *fresh]
            article.save(update_fields=["corrections"])
