"""What the clock asks of the readers' side. May run twice, anywhere, at once."""

import time
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from articles.actions import publish_poll_closed_events as tell
from articles.models import Article
from articles.readership.popular import refresh_popularity_ranks
from articles.readership.view_counts import count_pending_views, purge_old_views
from articles.related.linking import relate_changed_articles
from articles.search.indexer import IndexResult, sync_index
from articles.syndication.change_feed import append_publications, append_removals
from articles.syndication.feed_updates import settle_feed_changes

TICK_BUDGET_SECONDS = (
    0.6  # seconds of one tick; the rest of each second belongs to whoever publishes
)
# With so many stories out within so short a time a burst is still going on, and the machine is its own.
BURST_MIN_ARTICLES, BURST_WINDOW = 300, timedelta(seconds=10)


@shared_task(name="articles.tasks.publish_poll_closed_events")
def publish_poll_closed_events() -> str:
    """Let the world hear of the polls that have closed."""
    return f"{tell()} polls have closed"


@shared_task(name="articles.tasks.update_search_index")
def update_search_index() -> str:
    """Let search take in what was published and let go of what was withdrawn, for part of a second.

    What is left is taken in with the next ticks: a burst must not keep the worker from the clock, and
    while it lasts, search waits for it.
    """
    if is_bursting():
        return "waits for a burst"
    until, done = time.monotonic() + TICK_BUDGET_SECONDS, IndexResult()
    while some := sync_index():
        done += some
        if time.monotonic() > until:
            break
    return str(done)


@shared_task(name="articles.tasks.update_change_feed")
def update_change_feed() -> str:
    """Let the change feed speak of what readers may know anew, for part of a second.

    What was taken away is told at once; what was published waits until a burst is over.
    """
    until, done = time.monotonic() + TICK_BUDGET_SECONDS, 0
    settle_feed_changes()
    steps = [append_removals] if is_bursting() else [append_removals, append_publications]
    while some := sum(step() for step in steps):
        done += some
        if time.monotonic() > until:
            break
    return f"{done} changes told"


@shared_task(name="articles.tasks.update_related_articles")
def update_related_articles() -> str:
    """Find what stands beside the stories that have changed, for part of a second, once a burst is over."""
    if is_bursting():
        return "waits for a burst"
    until, done = time.monotonic() + TICK_BUDGET_SECONDS, 0
    while some := relate_changed_articles():
        done += some
        if time.monotonic() > until:
            break
    return f"{done} stories related"


@shared_task(name="articles.tasks.count_views")
def count_views() -> str:
    """Turn the readings that wait into numbers, and rank what is read most."""
    counted = count_pending_views()
    ranked = refresh_popularity_ranks(now=timezone.now(), counted=counted)
    return f"{counted} readings counted" + (", ranked anew" if ranked else "")


@shared_task(name="articles.tasks.purge_view_records")
def purge_view_records() -> str:
    """Forget who read what, and put old hours together."""
    return f"{purge_old_views(now=timezone.now())} rows tidied"


def is_bursting() -> bool:
    """Whether very many stories have just gone out, and more may be on their way."""
    fresh = Article.objects.live().published_from(timezone.now() - BURST_WINDOW).newest_first()
    return len(fresh.values_list("pk", flat=True)[:BURST_MIN_ARTICLES]) == BURST_MIN_ARTICLES
