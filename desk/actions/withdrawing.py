"""Withdraw an article from readers, with a notice in its place; restore it; take it down at its expiry."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from articles.models import Article
from articles.syndication.feed_updates import append_feed_changes
from audit.actions import record_audit
from desk.actions.article_events import event_location
from desk.actions.locking import (
    limit_lock_wait,
    lock_article,
    lock_draft_of_article,
    lock_unlocked_articles,
)
from desk.actions.visibility import hide_media
from desk.errors import NeverPublished, NoNotice, NotWithdrawn, Withdrawn
from desk.errors.legal import AlreadyErased
from desk.models import Erasure, Release
from desk.permissions import may_restore, may_withdraw
from desk.section_rights import may_restore_draft, may_withdraw_draft
from newsroom.db.expressions import database_now
from newsroom.errors import require
from newsroom.text.normalization import is_blank, normalize_text
from outbox.actions import publish_event


@transaction.atomic
def withdraw(article: Article, *, notice: str, by: User, version: int | None = None) -> Article:
    """Withdraw the article: readers get 410 with the notice.

    1. Ask for the permission; lock the draft, at the `version` decided on, and the article.
    2. Cancel its scheduled release.
    3. Clear `Article.live`, and record the change for the feeds it was in.
    4. Make photos and polls private that nothing else public uses.
    5. Publish `article.withdrawn`, with the places where the article was found before.

    Raises NoNotice, NeverPublished, Withdrawn (it already is), EditedElsewhere.
    """
    require(may_withdraw(by))
    if is_blank(notice):
        raise NoNotice
    lock_draft_of_article(article.pk, by=by, may=may_withdraw_draft, version=version)
    article = lock_article(article.pk)
    if article.withdrawn_at:
        raise Withdrawn
    if article.first_published_at is None:
        raise NeverPublished
    withdraw_locked(article, notice=normalize_text(notice), by=by)
    return article


def withdraw_locked(article: Article, *, notice: str, by: User | None) -> None:
    """Withdraw an article that the caller holds and that readers have had: steps 2 to 5 of `withdraw`.

    `by` None is the policy of the agency's source.
    """
    now = database_now()
    for release in Release.objects.waiting().filter(article=article):
        release.settle(Release.State.CANCELLED, at=now)
        record_audit(release, verb="cancelled", by=by)
    location = event_location(article)
    if article.live_id and article.first_published_at:
        append_feed_changes([(article.section_id, article.first_published_at)])
    article.live = None
    article.withdrawn_at = now
    article.notice = notice
    article.save(update_fields=["live", "withdrawn_at", "notice"])
    if photo_keys := hide_media(article):
        location["photos"] = photo_keys
    record_audit(article, verb="withdrew", by=by, notice=article.notice)
    publish_event("article.withdrawn", key=article.key(), at=now.isoformat(), **location)


@transaction.atomic
def restore(article: Article, *, by: User, version: int | None = None) -> Article:
    """Allow a withdrawn article to be published again; readers see nothing of it before that.

    Raises NotWithdrawn, AlreadyErased, EditedElsewhere.
    """
    require(may_restore(by))
    lock_draft_of_article(article.pk, by=by, may=may_restore_draft, version=version)
    article = lock_article(article.pk)
    if article.withdrawn_at is None:
        raise NotWithdrawn
    if Erasure.objects.filter(article=article).exists():
        raise AlreadyErased
    article.withdrawn_at = None
    article.notice = ""
    article.save(update_fields=["withdrawn_at", "notice"])
    record_audit(article, verb="restored", by=by)
    return article


@transaction.atomic
def expire(article_id: int) -> bool:
    """Take an article down whose `expires_at` has passed, for the scheduler; whether it was live and had
    expired. Safe to call twice.

    Readers do not see it since `expires_at` anyway (articles/models/querysets.py). This makes its photos
    and poll private and purges caches.  One that another transaction holds is left for the next pass.
    """
    limit_lock_wait()
    article = lock_unlocked_articles([article_id]).get(article_id)
    now = database_now()
    if article is None:
        return False
    if article.live_id is None or article.expires_at is None or article.expires_at > now:
        return False  # taken down, withdrawn or extended before the lock
    late_seconds = (now - article.expires_at).total_seconds()
    record_audit(article, verb="expired", by=None, late_seconds=round(late_seconds, 3))
    take_down_locked(article, event="article.expired", at=article.expires_at)
    return True


def take_down_locked(article: Article, *, event: str, at: datetime) -> None:
    """Take a live article that the caller holds away from readers, who get 404, and publish the event."""
    location = event_location(article)
    article.live = None
    article.save(update_fields=["live"])
    if photo_keys := hide_media(article):
        location["photos"] = photo_keys
    if article.first_published_at:
        append_feed_changes([(article.section_id, article.first_published_at)])
    publish_event(event, key=article.key(), at=at.isoformat(), **location)
