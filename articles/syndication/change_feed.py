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

from articles.models import KNOWN, NOT_TOLD, TAKEN_AWAY, Article, Change, Edition
from articles.syndication.feed_updates import CHANGE_SWEEP_LOCK
from articles.syndication.sitemap_months import count
from newsroom.db.advisory_locks import try_advisory_lock

AT_ONCE = 200  # held together, and for a moment not to be published anew
COLUMNS = ("pk", "live", "first_published_at", "published_at", "withdrawn_at", "expires_at")


@transaction.atomic
def note_changes(*, at_once: int = AT_ONCE) -> int:
    """Tell of some articles what changed last of them; how many. Those whose words are gone come first."""
    return note_taken_away(at_once=at_once) + note_shown(at_once=at_once)


@transaction.atomic
def note_taken_away(*, at_once: int = AT_ONCE) -> int:
    """Tell of some articles that were withdrawn or are over; how many."""
    return note(Article.objects.filter(NOT_TOLD, live__isnull=True), at_once)


@transaction.atomic
def note_shown(*, at_once: int = AT_ONCE) -> int:
    """Tell of some articles that readers see a new edition of; how many."""
    return note(Article.objects.live().filter(NOT_TOLD), at_once)


def untold() -> int:
    """How many articles the feed has still to speak of."""
    return Article.objects.filter(NOT_TOLD).count()


def note(articles: QuerySet[Article, Article], at_once: int) -> int:
    """Tell what readers know of these now. Articles that somebody else holds are passed over; nothing is
    told while another sweep tells, which must be over before places go on."""
    if not alone():
        return 0
    locked = articles.select_for_update(skip_locked=True, no_key=True, of=("self",))
    held = list(locked.order_by("pk").only(*COLUMNS)[:at_once])
    if not held:
        return 0
    numbers = [article.pk for article in held]
    place = Change.objects.aggregate(last=Max("place"))["last"] or 0
    news = sorted(changes_of(held), key=lambda change: (change.at, change.article_id))
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
    known.update(told=KNOWN)
    count(article.first_published_at for article in held if article.first_published_at)
    return len(held)


def alone() -> bool:
    """Whether no other sweep is telling, nor will until this transaction is over."""
    return try_advisory_lock(CHANGE_SWEEP_LOCK)


def changes_of(held: Sequence[Article]) -> list[Change]:
    """What to say of these articles. Nothing new of one that may be published again but was not: where
    its words stood, there still are none."""
    numbers = [article.pk for article in held]
    said = {change.pk: change for change in Change.objects.filter(article__in=numbers)}
    shown = [article.live_id for article in held if article.live_id]
    correcting = Edition.objects.filter(pk__in=shown).exclude(correction_kind="")
    corrected = set(correcting.values_list("article", flat=True))
    return [
        Change(article=article, kind=kind, at=moment_of(article, said.get(article.pk)))
        for article in held
        if (kind := kind_of(article, said.get(article.pk), corrects=article.pk in corrected))
    ]


def kind_of(article: Article, last: Change | None, *, corrects: bool) -> str:
    """What has become of the article; empty where it is no news after what was said last."""
    before = last.kind if last else None
    if article.live_id is None:
        if article.withdrawn_at:
            return Change.Kind.WITHDRAWN
        return "" if before is None or before in TAKEN_AWAY else Change.Kind.EXPIRED
    if before is None or before in TAKEN_AWAY:
        return Change.Kind.PUBLISHED
    return Change.Kind.CORRECTED if corrects else Change.Kind.UPDATED


def moment_of(article: Article, last: Change | None) -> datetime:
    """Since when it is so; never before what was said last."""
    if article.live_id is None:
        at = article.withdrawn_at or article.expires_at or timezone.now()
    else:
        at = article.published_at or timezone.now()
    return max(at, last.at) if last else at
