"""Change feed: a sweep that appends the last public change of each article, in a gapless order.

Publishing writes nothing for it: pending articles are read from a partial index (`NOT_IN_CHANGE_FEED`), so
that an idle sweep costs one cheap query.  One sweep at a time assigns positions and holds the lock until
its commit: whoever can read a position can read every lower one, in whatever order publications commit
(docs/decisions/0018).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from articles.models import (
    NOT_IN_CHANGE_FEED,
    PUBLIC_STATE,
    REMOVED_KINDS,
    Article,
    Change,
    Edition,
)
from articles.syndication.feed_updates import CHANGE_SWEEP_LOCK
from articles.syndication.sitemap_months import recount_months
from newsroom.db.advisory_locks import try_advisory_lock

MAX_ARTICLES_PER_SWEEP = 200  # locked together; none of them can be published anew meanwhile
LOCKED_COLUMNS = ("pk", "live", "first_published_at", "published_at", "withdrawn_at", "expires_at")


@transaction.atomic
def append_pending_changes(*, batch_size: int = MAX_ARTICLES_PER_SWEEP) -> int:
    """Append a batch of removals, then of publications; returns how many articles were processed."""
    return append_removals(batch_size=batch_size) + append_publications(batch_size=batch_size)


@transaction.atomic
def append_removals(*, batch_size: int = MAX_ARTICLES_PER_SWEEP) -> int:
    """Append withdrawals and expiries of a batch of articles; returns how many were processed."""
    return append_changes(Article.objects.filter(NOT_IN_CHANGE_FEED, live__isnull=True), batch_size)


@transaction.atomic
def append_publications(*, batch_size: int = MAX_ARTICLES_PER_SWEEP) -> int:
    """Append publications, updates and corrections of a batch; returns how many were processed."""
    return append_changes(Article.objects.live().filter(NOT_IN_CHANGE_FEED), batch_size)


def count_pending_changes() -> int:
    """Number of articles whose last change is not in the feed yet."""
    return Article.objects.filter(NOT_IN_CHANGE_FEED).count()


def append_changes(articles: QuerySet[Article, Article], batch_size: int) -> int:
    """Append the current public state of a batch of these articles; returns how many were processed.

    1. Take the advisory lock of the sweep until the commit, or give up: positions must commit in order.
    2. Lock the articles; those locked elsewhere (being published) are skipped.
    3. Assign the next positions by time, and upsert one row an article.
    4. Record the state as published, and count the sitemap months again.
    """
    if not try_advisory_lock(CHANGE_SWEEP_LOCK):
        return 0
    locked = articles.select_for_update(skip_locked=True, no_key=True, of=("self",))
    batch = list(locked.order_by("pk").only(*LOCKED_COLUMNS)[:batch_size])
    if not batch:
        return 0
    last = Change.objects.aggregate(last=Max("position"))["last"] or 0
    changes = sorted(build_changes(batch), key=lambda change: (change.at, change.article_id))
    for position, change in enumerate(changes, start=last + 1):
        change.position = position
    Change.objects.bulk_create(
        changes,
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["position", "kind", "at"],
    )
    processed: Any = Article.objects.filter(pk__in=[article.pk for article in batch])
    processed.update(change_feed_state=PUBLIC_STATE)
    recount_months(article.first_published_at for article in batch if article.first_published_at)
    return len(batch)


def build_changes(articles: Sequence[Article]) -> list[Change]:
    """The unsaved changes of these articles, without positions.

    None for an article that is not live and was not in the feed as live either.
    """
    ids = [article.pk for article in articles]
    last_changes = {change.pk: change for change in Change.objects.filter(article__in=ids)}
    edition_ids = [article.live_id for article in articles if article.live_id]
    corrections = Edition.objects.filter(pk__in=edition_ids).exclude(correction_kind="")
    corrected = set(corrections.values_list("article", flat=True))
    return [
        Change(article=article, kind=kind, at=change_time(article, last))
        for article in articles
        for last in [last_changes.get(article.pk)]
        if (kind := change_kind(article, last, is_corrected=article.pk in corrected))
    ]


def change_kind(article: Article, last: Change | None, *, is_corrected: bool) -> str:
    """Kind of the change since the last one in the feed; empty if nothing public has changed."""
    was_live = last is not None and last.kind not in REMOVED_KINDS
    if article.live_id is None:
        if article.withdrawn_at:
            return Change.Kind.WITHDRAWN
        return Change.Kind.EXPIRED if was_live else ""
    if not was_live:
        return Change.Kind.PUBLISHED
    return Change.Kind.CORRECTED if is_corrected else Change.Kind.UPDATED


def change_time(article: Article, last: Change | None) -> datetime:
    """When the current state began; never before the last change in the feed."""
    if article.live_id is None:
        at = article.withdrawn_at or article.expires_at or timezone.now()
    else:
        at = article.published_at or timezone.now()
    return max(at, last.at) if last else at
