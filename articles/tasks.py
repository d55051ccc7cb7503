"""What the clock asks of the readers' side. May run twice, anywhere, at once."""

import time

from celery import shared_task

from articles.actions import tell_closed_polls as tell
from articles.indexing import Taken, catch_up

BUDGET = 0.6  # seconds of one tick; the rest of each second belongs to whoever publishes


@shared_task(name="articles.tasks.tell_closed_polls")
def tell_closed_polls() -> str:
    """Let the world hear of the polls that have closed."""
    return f"{tell()} polls have closed"


@shared_task(name="articles.tasks.index_words")
def index_words() -> str:
    """Let search take in what was published and let go of what was withdrawn, for part of a second.

    What is left is taken in with the next ticks: a burst must not keep the worker from the clock.
    """
    until, done = time.monotonic() + BUDGET, Taken()
    while some := catch_up():
        done += some
        if time.monotonic() > until:
            break
    return str(done)
