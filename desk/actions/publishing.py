"""Publish: the pointer moves, and never backwards."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
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
from desk.actions.drafts import is_taken
from desk.actions.locking import lock
from desk.actions.showing import uncover
from desk.errors import Older, Settled, Withdrawn
from desk.models import Release
from desk.policy import may_publish
from dispatch.actions import announce
from logbook.actions import record
from newsroom.errors import require
from newsroom.text import clean

FIRST_REST, LONGEST_REST = timedelta(seconds=5), timedelta(minutes=10)


@transaction.atomic
def publish_now(edition: Edition, *, by: User) -> Release:
    """Show the edition to readers at once, past anything older that was waiting.

    Raises Withdrawn, Older.
    """
    require(may_publish(by))
    article = lock(edition.article_id)
    refuse_unfit(article, edition)
    now = timezone.now()
    for waiting in Release.objects.waiting().filter(article=article).select_related("edition"):
        if waiting.edition.number <= edition.number:
            waiting.settle(Release.State.OVERTAKEN, at=now)
            record(waiting, verb="overtaken", by=by, edition=edition.number)
    release = Release.objects.create(
        article=article,
        edition=edition,
        due_at=now,
        state=Release.State.DONE,
        settled_at=now,
        planned_by=by,
    )
    show(article, edition, at=now)
    record(release, verb="published", by=by, edition=edition.number)
    return release


@transaction.atomic
def publish(release_id: int) -> Release:
    """Carry out a release whose time has come. The clock's own verb; safe to call twice.

    The shown time is the planned time, however late this runs.
    """
    article = lock(Release.objects.values_list("article_id", flat=True).get(pk=release_id))
    release = Release.objects.select_related("edition").get(pk=release_id)
    now = timezone.now()
    resting = release.retry_at is not None and release.retry_at > now
    if release.settled_at or release.due_at > now or resting:
        return release  # done, cancelled, moved or failed between the look and the lock
    if article.withdrawn_at:
        release.settle(Release.State.CANCELLED, at=now)
    elif seen_newer(article, release.edition):
        release.settle(Release.State.OVERTAKEN, at=now)
    else:
        show(article, release.edition, at=release.due_at)
        release.settle(Release.State.DONE, at=now, reason="")
    late = (now - release.due_at).total_seconds()
    record(
        release,
        verb="published" if release.state == Release.State.DONE else str(release.state),
        by=None,
        edition=release.edition.number,
        late_seconds=round(late, 3),
        planned_by=release.planned_by_id,
        approved_by=release.approved_by_id,
    )
    return release


@transaction.atomic
def note_failure(release_id: int, *, reason: str) -> None:
    """Keep on the release why it did not go out, and when it is tried again (5 s, doubling to 10 min)."""
    lock(Release.objects.values_list("article_id", flat=True).get(pk=release_id))
    release = Release.objects.get(pk=release_id)
    if release.settled_at:
        return
    rest = min(FIRST_REST * 2 ** min(release.attempts, 10), LONGEST_REST)
    release.state = Release.State.FAILED
    release.reason = clean(reason)[:2000]
    release.attempts += 1
    release.retry_at = timezone.now() + rest
    release.save(update_fields=["state", "reason", "attempts", "retry_at"])
    if release.attempts == 1:
        record(release, verb="failed", by=None, reason=release.reason)


@transaction.atomic
def retry(release: Release, *, by: User) -> Release:
    """Let a failed release be tried at the next round. Raises Settled where it has an outcome."""
    require(may_publish(by))
    lock(release.article_id)
    release = Release.objects.get(pk=release.pk)
    if release.settled_at:
        raise Settled
    if release.state != Release.State.FAILED:
        return release  # somebody asked already
    release.state, release.retry_at = Release.State.PENDING, None
    release.save(update_fields=["state", "retry_at"])
    record(release, verb="asked_again", by=by)
    return release


def show(article: Article, edition: Edition, *, at: datetime) -> None:
    """Move the pointer, and copy what lists are filtered by. The only place that does."""
    first = article.first_published_at is None
    move_address(article, edition)
    article.live = edition
    article.section_id = edition.section_id
    article.lead_photo_id = edition.lead_photo_id
    article.poll_id = edition.poll_id
    article.comments_mode = edition.comments_mode
    article.corrections = [*article.corrections, *notes_of(article, edition, at=at)]
    article.published_at = max(at, article.published_at or at)
    article.first_published_at = article.first_published_at or at
    article.save(
        update_fields=[
            "live",
            "section",
            "lead_photo",
            "poll",
            "comments_mode",
            "corrections",
            "published_at",
            "first_published_at",
        ]
    )
    Appearance.objects.get_or_create(
        edition=edition, defaults={"article": article, "published_at": at}
    )
    copy_lists(article, edition)
    uncover(article, edition)
    announce(event_name(edition, first=first), key=article.key(), **told(article, edition))


def event_name(edition: Edition, *, first: bool) -> str:
    if first:
        return "article.published"
    return "article.corrected" if edition.correction_kind else "article.updated"


def told(article: Article, edition: Edition) -> dict[str, Any]:
    """What an event says of an article: where it is and which edition, never the words."""
    return {
        "slug": article.slug,
        "former_slugs": list(article.former_slugs.values_list("slug", flat=True)),
        "edition": edition.number,
        "published_at": article.published_at.isoformat() if article.published_at else None,
    }


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


def notes_of(article: Article, edition: Edition, *, at: datetime) -> list[dict[str, Any]]:
    """The correction notes readers have not seen: this edition's, and those of editions that it
    overtook, whose words it holds."""
    overtaken = Release.objects.filter(
        article=article, state=Release.State.OVERTAKEN, edition__number__lt=edition.number
    ).values_list("edition_id", flat=True)
    told_already = {note["edition"] for note in article.corrections}
    held = Edition.objects.filter(pk__in=[*overtaken, edition.pk]).order_by("number")
    return [
        {
            "edition": e.number,
            "kind": e.correction_kind,
            "note": e.correction_note,
            "at": at.isoformat(),
        }
        for e in held
        if e.correction_kind and e.number not in told_already
    ]


def copy_lists(article: Article, edition: Edition) -> None:
    """Authors, tags and picks of the edition as rows beside the article; what is gone is left out."""
    Byline.objects.filter(article=article).delete()
    Tagging.objects.filter(article=article).delete()
    Pick.objects.filter(article=article).delete()
    authors = Author.objects.in_bulk(edition.author_ids)
    tags = Tag.objects.in_bulk(edition.tag_ids)
    picks = Article.objects.in_bulk(edition.related_ids)
    Byline.objects.bulk_create(
        Byline(article=article, author_id=pk, position=n)
        for n, pk in enumerate(edition.author_ids)
        if pk in authors
    )
    Tagging.objects.bulk_create(
        Tagging(article=article, tag_id=pk, position=n)
        for n, pk in enumerate(edition.tag_ids)
        if pk in tags
    )
    Pick.objects.bulk_create(
        Pick(article=article, related_id=pk, position=n)
        for n, pk in enumerate(edition.related_ids)
        if pk in picks
    )


def refuse_unfit(article: Article, edition: Edition) -> None:
    """The pointer only moves forward, and a withdrawn article stays away."""
    if article.withdrawn_at:
        raise Withdrawn
    if seen_newer(article, edition):
        raise Older


def seen_newer(article: Article, edition: Edition) -> bool:
    """Judged by the history of releases, not by what is live now: withdrawn words must not return."""
    done = Release.objects.done().filter(article=article)
    return done.filter(edition__number__gt=edition.number).exists()
