"""The clock's round: find what is due, let the action do it. May run twice, anywhere, at once."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils.translation import gettext as _

from articles.models import Article
from desk.actions import (
    defer_embargoed,
    delete_settled_notices,
    expire,
    find_blocking_release,
    is_clock_set_back,
    publish_bundle,
    publish_unlocked,
    publish_waiting_for_locks,
    record_failure,
    record_heartbeat,
    reset_retries_after_clock_change,
)
from desk.errors import Embargoed
from desk.models import Bundle, Release
from desk.nightly_backup import create_backup_if_due
from desk.notifications.email_sender import refresh_notices, send_out
from newsroom.db.expressions import database_now
from newsroom.errors import Refused
from newsroom.observability.metrics import observe_publish_lag

logger = logging.getLogger(__name__)
BEAT_INTERVAL = timedelta(seconds=1)  # how often beat fires (newsroom/celery.py)
HEARTBEAT_INTERVAL = timedelta(seconds=5)
# As many go out in one transaction: readers see them at its end, and a failure among them costs all
# of them another try.
PUBLISH_BATCH_SIZE = 500
# Releases under embargo that are noted before the clock looks again for those that can go out.
MAX_DEFERRED_PER_PASS = 50


@dataclass
class DueResult:
    """What one sweep did: numbers of releases that went out, had another end, or failed, and of
    articles that came down."""

    published: int = 0
    settled: int = 0
    failed: int = 0
    expired: int = 0

    def __add__(self, other: "DueResult") -> "DueResult":
        return DueResult(
            self.published + other.published,
            self.settled + other.settled,
            self.failed + other.failed,
            self.expired + other.expired,
        )

    def __str__(self) -> str:
        return (
            f"{self.published} published, {self.settled} settled otherwise, {self.failed} failed, "
            f"{self.expired} expired"
        )


@shared_task(name="desk.tasks.publish_due")
def publish_due() -> str:
    """Publish every release whose time has come, and take down every article whose time is over.

    One that is due before the next tick is waited for here: it goes out on its moment, not up to a
    second after it.
    """
    done = process_due()
    now = database_now()
    if moment := Release.objects.next_due_at(now, within=BEAT_INTERVAL):
        time.sleep((moment - now).total_seconds())
        done += process_due()
    return str(done)


@shared_task(name="desk.tasks.tell_people")
def tell_people() -> str:
    """Bring people's notices up to date and send the postman out; does not wait for him."""
    try:
        refresh_notices()
    finally:
        postman = send_out()
    return "the postman is on the way" if postman else "the postman is still out"


@shared_task(name="desk.tasks.delete_settled_notices")
def delete_old_notices() -> str:
    """Delete notices that were settled more than NOTICE_KEEP_DAYS ago; how many, in words."""
    return f"{delete_settled_notices(retention=timedelta(days=settings.NOTICE_KEEP_DAYS))} notices deleted"


@shared_task(name="desk.tasks.back_up")
def back_up() -> str:
    """Make the nightly backup when it is due (BACKUP_DIR, BACKUP_HOUR)."""
    return create_backup_if_due()


def process_due() -> DueResult:
    """One round over what is due; what fails never holds up the next."""
    if is_clock_set_back("publish_due"):
        reset_retries_after_clock_change()
    done = put_out_alone() + put_out_bundles() + take_down()
    record_heartbeat("publish_due", min_interval=HEARTBEAT_INTERVAL)
    return done


def put_out_alone() -> DueResult:
    """Releases that go out by themselves, many at a time.

    What somebody holds is passed over, and waited for when nothing else is left: it may be another
    worker in the same burst, or an editor changing the plan this moment. Whoever holds it for longer
    has stopped; the next round looks again.
    """
    done, finished = DueResult(), set[int]()
    while due := due_alone(without=finished):
        before = len(finished)
        for start in range(0, len(due), PUBLISH_BATCH_SIZE):
            done += attempt(
                due[start : start + PUBLISH_BATCH_SIZE], publish_unlocked, finished=finished
            )
        if len(finished) == before and (early := defer_embargoed(due, limit=MAX_DEFERRED_PER_PASS)):
            logger.warning("Releases %s are under embargo", early)
            finished.update(early)
            done += DueResult(failed=len(early))
        elif len(finished) == before:
            waited = attempt(due[:1], publish_waiting_for_locks, finished=finished)
            finished.add(due[0])
            done += waited
            if waited.failed:
                break
    return done


def due_alone(*, without: set[int]) -> list[int]:
    """The numbers of due releases outside of bundles, but those this round has finished with."""
    due = Release.objects.due(database_now()).filter(bundle__isnull=True)
    return [pk for pk in due.values_list("pk", flat=True) if pk not in without]


def attempt(
    release_ids: Sequence[int],
    act: Callable[[Sequence[int]], list[Release]],
    *,
    finished: set[int],
) -> DueResult:
    """Carry out releases together; where that fails, each half by itself, until the one stands alone
    that cannot go out."""
    try:
        releases = act(release_ids)
    except Exception as broken:
        if not connection.is_usable():
            raise
        if len(release_ids) > 1:
            middle = len(release_ids) // 2
            return attempt(release_ids[:middle], act, finished=finished) + attempt(
                release_ids[middle:], act, finished=finished
            )
        finished.update(release_ids)
        return give_up(release_ids, broken)
    finished.update(release.pk for release in releases)
    return counted(releases)


def put_out_bundles() -> DueResult:
    """Releases that go out together, one bundle after the other."""
    done = DueResult()
    due = Release.objects.due(database_now()).filter(bundle__isnull=False)
    for bundle in Bundle.objects.filter(pk__in=due.values("bundle")).order_by("due_at", "pk"):
        try:
            done += counted(publish_bundle(bundle))
        except Exception as broken:
            if not connection.is_usable():
                raise
            waiting = Release.objects.waiting().filter(bundle=bundle)
            told = because_of(bundle, broken)
            done += give_up(list(waiting.values_list("pk", flat=True)), broken, reason=told)
    return done


def because_of(bundle: Bundle, broken: Exception) -> str:
    """Why a bundle did not go out, with the headline of the story that keeps it back where one does."""
    if isinstance(broken, OperationalError | InterfaceError):
        return reason_for(broken)
    found = find_blocking_release(bundle)
    if found is None:
        return reason_for(broken)
    guilty, why = found
    return f"“{guilty.edition.headline}”: {reason_for(why)}"


def counted(releases: Sequence[Release]) -> DueResult:
    """What became of those that were settled, in numbers; how late they are is measured."""
    now = database_now()
    shown = [release for release in releases if release.state == Release.State.DONE]
    for release in shown:
        observe_publish_lag((now - release.due_at).total_seconds())
    return DueResult(published=len(shown), settled=len(releases) - len(shown))


def give_up(release_ids: Sequence[int], broken: Exception, *, reason: str = "") -> DueResult:
    """Keep on the releases why they did not go out. That the database could not (it stopped, or broke
    a deadlock) is no fault of theirs: they stay as they are for the next round."""
    logger.error("Releases %s were not published", release_ids, exc_info=broken)
    if not isinstance(broken, OperationalError | InterfaceError):
        now = database_now()
        not_before = broken.next_check_at(now) if isinstance(broken, Embargoed) else None
        try:
            told = reason or reason_for(broken)
            record_failure(release_ids, reason=told, not_before=not_before)
        except Exception:
            # Not even that could be written: due as before, it must not hold up what is due after it.
            if not connection.is_usable():
                raise
            logger.exception("Why releases %s failed could not be kept", release_ids)
    return DueResult(failed=len(release_ids))


def reason_for(broken: Exception) -> str:
    """A refusal's own sentence; of a bug that it is one, with its kind and words for whoever repairs it."""
    if isinstance(broken, Refused):
        return str(broken)
    told = f"{type(broken).__name__}: {broken}"
    return _("A fault of the program: tell whoever runs it. (%(told)s)") % {"told": told}


def take_down() -> DueResult:
    """Articles whose time is over, for a second: readers do not see them any more, whoever is due to go
    out is waited for."""
    done, until = DueResult(), time.monotonic() + BEAT_INTERVAL.total_seconds()
    for pk in Article.objects.expired(database_now()).values_list("pk", flat=True):
        try:
            done.expired += expire(pk)
        except Exception:
            if not connection.is_usable():
                raise
            logger.exception("Article %s did not come down", pk)
            done.failed += 1
        if time.monotonic() > until:
            break
    return done
