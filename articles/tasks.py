"""What the clock asks of the readers' side. May run twice, anywhere, at once."""

import time
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from articles.actions import tell_closed_polls as tell
from articles.indexing import Taken, catch_up
from articles.models import Article

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


def is_bursting() -> bool:
    """Whether very many stories have just gone out, and more may be on their way."""
    fresh = Article.objects.live().published_from(timezone.now() - CALM).newest_first()
    return len(fresh.values_list("pk", flat=True)[:MANY]) == MANY
