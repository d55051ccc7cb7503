"""Show: the pointer moves to an edition, and all that follows from it, for one story or many at once.

Everything is asked and written for all of them together, so that ten thousand stories of one second
are out within seconds.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest

from articles.models import (
    Appearance,
    Article,
    Author,
    Byline,
    Edition,
    FormerSlug,
    Pick,
    Tag,
    Tagging,
)
from desk.actions.covering import uncover
from desk.actions.drafts import is_taken
from desk.models import Release
from dispatch.actions import announce_all

# Columns of an article that are copies of its edition's.
COPIED = ("section_id", "lead_photo_id", "poll_id", "comments_mode")


def show(releases: Sequence[Release]) -> None:
    """Let readers see the edition of each release from its `due_at` on. The only place that moves the
    pointer; the caller holds the articles and has judged that it may move forward.
    """
    before = places_of([release.article_id for release in releases])
    names = {release.pk: event_name(release) for release in releases}
    for release in releases:
        move_address(release.article, release.edition)
    tell_corrections(releases)
    point(releases)
    Appearance.objects.bulk_create(
        (
            Appearance(article=each.article, edition=each.edition, published_at=each.due_at)
            for each in releases
        ),
        ignore_conflicts=True,
    )
    copy_lists(releases)
    uncover([release.edition for release in releases])
    announce(releases, names=names, before=before)


def point(releases: Sequence[Release]) -> None:
    """Move the pointers, and copy what lists are filtered by: in one statement, then in memory."""
    own = Release.objects.filter(
        pk__in=[release.pk for release in releases], article=OuterRef("pk")
    )
    at: Any = Subquery(own.values("due_at"))
    Article.objects.filter(pk__in=[release.article_id for release in releases]).update(
        live=Subquery(own.values("edition")),
        published_at=Greatest(Coalesce(F("published_at"), at), at),
        first_published_at=Coalesce(F("first_published_at"), at),
        **{name: Subquery(own.values(f"edition__{name}")) for name in COPIED},
    )
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


def announce(
    releases: Sequence[Release], *, names: dict[int, str], before: dict[int, dict[str, list[str]]]
) -> None:
    """Tell the world where each story is and which edition, never the words."""
    articles = [release.article_id for release in releases]
    after, former = places_of(articles), former_slugs_of(articles)
    announce_all(
        (
            names[release.pk],
            release.article.key(),
            {
                "slug": release.article.slug,
                "former_slugs": former[release.article_id],
                "edition": release.edition.number,
                "published_at": told_time(release.article.published_at),
                **merged(before[release.article_id], after[release.article_id]),
            },
        )
        for release in releases
    )


def told_time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def placed(article: Article) -> dict[str, Any]:
    """Where a story is found, as an event says it that takes it away."""
    former = former_slugs_of([article.pk])[article.pk]
    return {"slug": article.slug, "former_slugs": former, **places_of([article.pk])[article.pk]}


def former_slugs_of(article_ids: Sequence[int]) -> dict[int, list[str]]:
    found = defaultdict(list)
    rows = FormerSlug.objects.filter(article__in=article_ids)
    for article, slug in rows.order_by("pk").values_list("article", "slug"):
        found[article].append(slug)
    return found


def places_of(article_ids: Sequence[int]) -> dict[int, dict[str, list[str]]]:
    """Where the stories stand now, by article: slugs of their sections, authors and tags."""
    asked: dict[str, Any] = {
        "sections": Article.objects.filter(pk__in=article_ids, section__isnull=False).values_list(
            "pk", "section__slug"
        ),
        "authors": Byline.objects.filter(article__in=article_ids).values_list(
            "article", "author__slug"
        ),
        "tags": Tagging.objects.filter(article__in=article_ids).values_list("article", "tag__slug"),
    }
    found: dict[int, dict[str, list[str]]] = {
        pk: {kind: [] for kind in asked} for pk in article_ids
    }
    for kind, rows in asked.items():
        for article, slug in rows:
            found[article][kind].append(slug)
    return found


def merged(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, list[str]]:
    """Where the story stood and stands, each place once, the present ones first."""
    return {kind: list(dict.fromkeys(after[kind] + before[kind])) for kind in after}


def move_address(article: Article, edition: Edition) -> None:
    """Give the article the edition's address, and let the former one lead there for ever.

    Taken by another story since the freeze, the old address stays: a story is never lost over it.
    """
    before = article.slug
    if edition.slug == before or is_taken(edition.slug, by_other_than=article.pk):
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
        article__in=articles, state=Release.State.OVERTAKEN
    ).values_list("edition_id", flat=True)
    noted = Edition.objects.exclude(correction_kind="").only(
        "article_id", "number", "correction_kind", "correction_note"
    )
    held = defaultdict(list)
    shown = [release.edition_id for release in releases]
    for edition in noted.filter(pk__in=[*overtaken, *shown]).order_by("number"):
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


def copy_lists(releases: Sequence[Release]) -> None:
    """Authors, tags and picks of the editions as rows beside their articles; what is gone is left
    out."""
    editions = [release.edition for release in releases]
    copy_list(Byline, Author, "author", {e.article_id: e.author_ids for e in editions})
    copy_list(Tagging, Tag, "tag", {e.article_id: e.tag_ids for e in editions})
    copy_list(Pick, Article, "related", {e.article_id: e.related_ids for e in editions})


def copy_list(row: Any, thing: Any, name: str, lists: dict[int, list[int]]) -> None:
    """Rows of one kind, `row` for each `thing`, in the order of each article's list."""
    row.objects.filter(article__in=lists).delete()
    asked = set[int]().union(*lists.values())
    known = set(thing.objects.filter(pk__in=asked).values_list("pk", flat=True)) if asked else set()
    row.objects.bulk_create(
        row(article_id=article, position=n, **{f"{name}_id": pk})
        for article, pks in lists.items()
        for n, pk in enumerate(pks)
        if pk in known
    )
