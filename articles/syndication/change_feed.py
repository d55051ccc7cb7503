"""The change feed takes in what readers may know anew, after it was published, withdrawn or over.

Who publishes writes nothing for it; what is left to tell says a partial index (`NOT_TOLD`), so that it
costs nothing to look.  Places are given by one sweep at a time, until its commit: a place that can be
read has every lower one before it, whatever order publishers commit in (docs/decisions/0018).
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

MAX_ARTICLES_PER_SWEEP = 200  # held together, and for a moment not to be published anew
LOCKED_COLUMNS = ("pk", "live", "first_published_at", "published_at", "withdrawn_at", "expires_at")


@transaction.atomic
def append_pending_changes(*, batch_size: int = MAX_ARTICLES_PER_SWEEP) -> int:
    """Tell of some articles what changed last of them; how many. Those whose words are gone come first."""
    return append_removals(batch_size=batch_size) + append_publications(batch_size=batch_size)


@transaction.atomic
def append_removals(*, batch_size: int = MAX_ARTICLES_PER_SWEEP) -> int:
    """Tell of some articles that were withdrawn or are over; how many."""
    return append_changes(Article.objects.filter(NOT_IN_CHANGE_FEED, live__isnull=True), batch_size)


@transaction.atomic
def append_publications(*, batch_size: int = MAX_ARTICLES_PER_SWEEP) -> int:
    """Tell of some articles that readers see a new edition of; how many."""
    return append_changes(Article.objects.live().filter(NOT_IN_CHANGE_FEED), batch_size)


def count_pending_changes() -> int:
    """How many articles the feed has still to speak of."""
    return Article.objects.filter(NOT_IN_CHANGE_FEED).count()


def append_changes(articles: QuerySet[Article, Article], batch_size: int) -> int:
    """Tell what readers know of these now. Articles that somebody else holds are passed over; nothing is
    told while another sweep tells, which must be over before places go on."""
    if not lock_change_sweep():
        return 0
    locked = articles.select_for_update(skip_locked=True, no_key=True, of=("self",))
    held = list(locked.order_by("pk").only(*LOCKED_COLUMNS)[:batch_size])
    if not held:
        return 0
    numbers = [article.pk for article in held]
    place = Change.objects.aggregate(last=Max("place"))["last"] or 0
    news = sorted(build_changes(held), key=lambda change: (change.at, change.article_id))
    for change in news:
        place += 1
        change.place = place
    Change.objects.bulk_create(
        news,
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["place", "kind", "at"],
    )
    known: Any = Article.objects.filter(pk__in=numbers)
    known.update(told=PUBLIC_STATE)
    recount_months(article.first_published_at for article in held if article.first_published_at)
    return len(held)


def lock_change_sweep() -> bool:
    """Whether no other sweep is telling, nor will until this transaction is over."""
    return try_advisory_lock(CHANGE_SWEEP_LOCK)


def build_changes(held: Sequence[Article]) -> list[Change]:
    """What to say of these articles. Nothing new of one that may be published again but was not: where
    its words stood, there still are none."""
    numbers = [article.pk for article in held]
    said = {change.pk: change for change in Change.objects.filter(article__in=numbers)}
    shown = [article.live_id for article in held if article.live_id]
    correcting = Edition.objects.filter(pk__in=shown).exclude(correction_kind="")
    corrected = set(correcting.values_list("article", flat=True))
    return [
        Change(article=article, kind=kind, at=change_time(article, said.get(article.pk)))
        for article in held
        if (kind := change_kind(article, said.get(article.pk), corrects=article.pk in corrected))
    ]


def change_kind(article: Article, last: Change | None, *, corrects: bool) -> str:
    """What has become of the article; empty where it is no news after what was said last."""
    before = last.kind if last else None
    if article.live_id is None:
        if article.withdrawn_at:
            return Change.Kind.WITHDRAWN
        return "" if before is None or before in REMOVED_KINDS else Change.Kind.EXPIRED
    if before is None or before in REMOVED_KINDS:
        return Change.Kind.PUBLISHED
    return Change.Kind.CORRECTED if corrects else Change.Kind.UPDATED


def change_time(article: Article, last: Change | None) -> datetime:
    """Since when it is so; never before what was said last."""
    if article.live_id is None:
        at = article.withdrawn_at or article.expires_at or timezone.now()
    else:
        at = article.published_at or timezone.now()
    return max(at, last.at) if last else at
