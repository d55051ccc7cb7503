"""The clock's round: find what is due, let the action do it. May run twice, anywhere, at once."""

import logging
import time
from dataclasses import dataclass
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from desk.actions import beat, note_failure, publish
from desk.models import Release
from newsroom.errors import Refused

logger = logging.getLogger(__name__)
TICK = timedelta(seconds=1)  # how often beat fires (newsroom/celery.py)
PULSE_EVERY = timedelta(seconds=5)


@dataclass
class Round:
    """What one sweep did: numbers of releases that went out, had another end, or failed."""

    published: int = 0
    settled: int = 0
    failed: int = 0

    def __add__(self, other: "Round") -> "Round":
        return Round(
            self.published + other.published,
            self.settled + other.settled,
            self.failed + other.failed,
        )


@shared_task(name="desk.tasks.publish_due")
def publish_due() -> str:
    """Publish every release whose time has come, each in a transaction of its own.

    One that is due before the next tick is waited for here: it goes out on its moment, not up to a
    second after it.
    """
    done = sweep()
    now = timezone.now()
    if moment := Release.objects.next_moment(now, within=TICK):
        time.sleep((moment - now).total_seconds())
        done += sweep()
    return f"{done.published} published, {done.settled} settled otherwise, {done.failed} failed"


def sweep() -> Round:
    """One round over what is due; a release that fails never holds up the next."""
    done = Round()
    for release_id in Release.objects.due(timezone.now()).values_list("pk", flat=True):
        try:
            release = publish(release_id)
        except Exception as broken:
            logger.exception("Release %s was not published", release_id)
            note_failure(release_id, reason=reason_for(broken))
            done.failed += 1
        else:
            if release.state == Release.State.DONE:
                done.published += 1
            elif release.settled_at:
                done.settled += 1
    beat("publish_due", every=PULSE_EVERY)
    return done


def reason_for(broken: Exception) -> str:
    """A refusal's own sentence; of a bug its kind and words, for whoever repairs it."""
    return str(broken) if isinstance(broken, Refused) else f"{type(broken).__name__}: {broken}"
