"""Expire: an article whose time is over comes down, by the clock that puts stories out."""

from django.db import transaction

from articles.syndication.feed_updates import append_feed_changes
from audit.actions import record_audit
from desk.actions.go_live import event_location
from desk.actions.locking import limit_lock_wait, lock_unlocked_articles
from desk.actions.visibility import hide_media
from newsroom.db.database_clock import database_now
from outbox.actions import publish_event


@transaction.atomic
def expire(article_id: int) -> bool:
    """Take an article down whose time is over; whether it was. Safe to call twice. One that somebody
    holds is left for the next round.

    No reader has seen it since `expires_at` (articles/models/querysets.py); this takes its photos and
    its poll along, and tells caches.
    """
    limit_lock_wait()
    article = lock_unlocked_articles([article_id]).get(article_id)
    now = database_now()
    if article is None:
        return False
    if article.live_id is None or article.expires_at is None or article.expires_at > now:
        return False  # taken down, withdrawn or given more time between the look and the lock
    places = event_location(article)
    article.live = None
    article.save(update_fields=["live"])
    if hidden := hide_media(article):
        places["photos"] = hidden
    late = (now - article.expires_at).total_seconds()
    if article.first_published_at:
        append_feed_changes([(article.section_id, article.first_published_at)])
    record_audit(article, verb="expired", by=None, late_seconds=round(late, 3))
    publish_event("article.expired", key=article.key(), at=article.expires_at.isoformat(), **places)
    return True
