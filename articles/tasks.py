"""Celery tasks of articles: index, feeds, related articles, view counts. Idempotent and safe to run twice.

Each works for part of its tick only, so that publishing keeps the rest of the worker's time; what is left
is done in the next ticks.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from celery import shared_task
from django.utils import timezone

from articles import actions
from articles.models import Article
from articles.readership.popular import refresh_popularity_ranks
from articles.readership.view_counts import count_pending_views, purge_old_views
from articles.related.linking import relate_changed_articles
from articles.search.indexer import IndexResult, sync_index
from articles.syndication.change_feed import append_publications, append_removals
from articles.syndication.feed_updates import settle_feed_changes

TICK_BUDGET_SECONDS = 0.6
# So many publications within this window are a burst: index and feeds wait until it is over.
BURST_MIN_ARTICLES, BURST_WINDOW = 300, timedelta(seconds=10)

Amount = TypeVar("Amount", int, IndexResult)


@shared_task(name="articles.tasks.publish_poll_closed_events")
def publish_poll_closed_events() -> str:
    """Publish the events of polls that have closed."""
    return f"{actions.publish_poll_closed_events()} polls have closed"


@shared_task(name="articles.tasks.update_search_index")
def update_search_index() -> str:
    """Index published articles and remove withdrawn ones, unless a burst of publications is going on."""
    if is_bursting():
        return "waits for a burst"
    return str(run_within_budget(sync_index, IndexResult()))


@shared_task(name="articles.tasks.update_change_feed")
def update_change_feed() -> str:
    """Append pending changes to the change feed: removals at once, publications once a burst is over."""
    settle_feed_changes()
    steps = [append_removals] if is_bursting() else [append_removals, append_publications]
    appended = run_within_budget(lambda: sum(step() for step in steps), 0)
    return f"{appended} changes appended"


@shared_task(name="articles.tasks.update_related_articles")
def update_related_articles() -> str:
    """Find the related articles of changed articles, unless a burst of publications is going on."""
    if is_bursting():
        return "waits for a burst"
    return f"{run_within_budget(relate_changed_articles, 0)} articles related"


@shared_task(name="articles.tasks.count_views")
def count_views() -> str:
    """Add buffered page views to the counts, and refresh the popularity ranking."""
    counted = count_pending_views()
    ranked = refresh_popularity_ranks(now=timezone.now(), counted=counted)
    return f"{counted} views counted" + (", ranked anew" if ranked else "")


@shared_task(name="articles.tasks.purge_view_records")
def purge_view_records() -> str:
    """Delete expired visitor keys, and merge view counts of old hours."""
    return f"{purge_old_views(now=timezone.now())} rows purged"


def run_within_budget(step: Callable[[], Amount], total: Amount) -> Amount:
    """Repeat a step until it returns nothing or TICK_BUDGET_SECONDS are over; the sum of its results."""
    deadline = time.monotonic() + TICK_BUDGET_SECONDS
    while done := step():
        total += done
        if time.monotonic() > deadline:
            break
    return total


def is_bursting() -> bool:
    """Whether a burst is going on: at least BURST_MIN_ARTICLES published within BURST_WINDOW."""
    fresh = Article.objects.live().published_from(timezone.now() - BURST_WINDOW).newest_first()
    return len(fresh.values_list("pk", flat=True)[:BURST_MIN_ARTICLES]) == BURST_MIN_ARTICLES
