"""Expire: take down an article whose `expires_at` has passed. Run by the scheduler."""

from django.db import transaction

from articles.syndication.feed_updates import append_feed_changes
from audit.actions import record_audit
from desk.actions.article_events import event_location
from desk.actions.locking import limit_lock_wait, lock_unlocked_articles
from desk.actions.visibility import hide_media
from newsroom.db.expressions import database_now
from outbox.actions import publish_event


@transaction.atomic
def expire(article_id: int) -> bool:
    """Take the article down; whether it was live and had expired. Safe to call twice.

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
    location = event_location(article)
    article.live = None
    article.save(update_fields=["live"])
    if photo_keys := hide_media(article):
        location["photos"] = photo_keys
    late_seconds = (now - article.expires_at).total_seconds()
    if article.first_published_at:
        append_feed_changes([(article.section_id, article.first_published_at)])
    record_audit(article, verb="expired", by=None, late_seconds=round(late_seconds, 3))
    expired_at = article.expires_at.isoformat()
    publish_event("article.expired", key=article.key(), at=expired_at, **location)
    return True
