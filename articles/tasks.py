"""What the clock asks of the readers' side. May run twice, anywhere, at once."""

import time
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from articles.actions import tell_closed_polls as tell
from articles.models import Article
from articles.readership.popular import rank_again
from articles.readership.view_counts import count_waiting, tidy
from articles.related.linking import relate_next
from articles.search.indexer import Taken, catch_up
from articles.syndication.change_feed import note_shown, note_taken_away
from articles.syndication.feed_updates import settle_feed_changes

BUDGET = 0.6  # seconds of one tick; the rest of each second belongs to whoever publishes
# With so many stories out within so short a time a burst is still going on, and the machine is its own.
MANY, CALM = 300, timedelta(seconds=10)


@shared_task(name="articles.tasks.tell_closed_polls")
def tell_closed_polls() -> str:
    """Let the world hear of the polls that have closed."""
    return f"{tell()} polls have closed"


@shared_task(name="articles.tasks.index_words")
def index_words() -> str:
    """Let search take in what was published and let go of what was withdrawn, for part of a second.

    What is left is taken in with the next ticks: a burst must not keep the worker from the clock, and
    while it lasts, search waits for it.
    """
    if is_bursting():
        return "waits for a burst"
    until, done = time.monotonic() + BUDGET, Taken()
    while some := catch_up():
        done += some
        if time.monotonic() > until:
            break
    return str(done)


@shared_task(name="articles.tasks.tell_changes")
def tell_changes() -> str:
    """Let the change feed speak of what readers may know anew, for part of a second.

    What was taken away is told at once; what was published waits until a burst is over.
    """
    until, done = time.monotonic() + BUDGET, 0
    settle_feed_changes()
    steps = [note_taken_away] if is_bursting() else [note_taken_away, note_shown]
    while some := sum(step() for step in steps):
        done += some
        if time.monotonic() > until:
            break
    return f"{done} changes told"


@shared_task(name="articles.tasks.find_neighbours")
def find_neighbours() -> str:
    """Find what stands beside the stories that have changed, for part of a second, once a burst is over."""
    if is_bursting():
        return "waits for a burst"
    until, done = time.monotonic() + BUDGET, 0
    while some := relate_next():
        done += some
        if time.monotonic() > until:
            break
    return f"{done} stories related"


@shared_task(name="articles.tasks.count_readings")
def count_readings() -> str:
    """Turn the readings that wait into numbers, and rank what is read most."""
    counted = count_waiting()
    ranked = rank_again(now=timezone.now(), counted=counted)
    return f"{counted} readings counted" + (", ranked anew" if ranked else "")


@shared_task(name="articles.tasks.tidy_readings")
def tidy_readings() -> str:
    """Forget who read what, and put old hours together."""
    return f"{tidy(now=timezone.now())} rows tidied"


def is_bursting() -> bool:
    """Whether very many stories have just gone out, and more may be on their way."""
    fresh = Article.objects.live().published_from(timezone.now() - CALM).newest_first()
    return len(fresh.values_list("pk", flat=True)[:MANY]) == MANY
