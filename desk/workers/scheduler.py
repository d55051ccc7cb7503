"""Scheduler pass: publish what is due, and take down what has expired. May run twice, anywhere, at once.

One release that fails never holds up the next: a batch that fails is halved until the failing release
stands alone, and the reason is recorded on it.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connection
from django.utils.translation import gettext as _

from articles.models import Article
from desk.actions import (
    defer_embargoed,
    expire,
    find_blocking_release,
    is_clock_set_back,
    publish_bundle,
    publish_due,
    publish_due_blocking,
    record_failure,
    record_heartbeat,
    reset_retries_after_clock_change,
)
from desk.errors import Embargoed
from desk.models import Bundle, Release
from newsroom.db.expressions import database_now
from newsroom.errors import Refused
from newsroom.observability.metrics import observe_publish_lag

logger = logging.getLogger(__name__)
HEARTBEAT_INTERVAL = timedelta(seconds=5)
# Releases of one transaction: readers see them when it commits, and a failure among them costs all of
# them another attempt.
PUBLISH_BATCH_SIZE = 500
# Releases under embargo that are recorded before the pass looks again for those that can be published.
MAX_DEFERRED_PER_PASS = 50
MAX_EXPIRY_SECONDS = 1.0


@dataclass
class DueResult:
    """Outcome of a pass: how many releases were published, settled otherwise or failed, and how many
    articles expired."""

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


def process_due() -> DueResult:
    """One pass.

    1. Where the clock was set back, forget retries that would be far in the future.
    2. Publish due releases outside of bundles, in batches.
    3. Publish due bundles, one after the other.
    4. Take down expired articles.
    5. Record the heartbeat.
    """
    if is_clock_set_back("publish_due"):
        reset_retries_after_clock_change()
    result = publish_unbundled() + publish_bundles() + expire_articles()
    record_heartbeat("publish_due", min_interval=HEARTBEAT_INTERVAL)
    return result


def publish_unbundled() -> DueResult:
    """Publish due releases outside of bundles, until this pass has handled each that is due.

    1. Publish in batches, skipping articles that another transaction holds.
    2. Where that handled none: record embargoes on some of those that are left.
    3. Where none is under embargo: wait for the lock of the first. It is held by another worker of the
       same burst, or by an editor; whoever holds it past the timeout has stalled, and the pass ends.
    """
    result, handled = DueResult(), set[int]()
    while due := due_release_ids(excluding=handled):
        handled_before = len(handled)
        for start in range(0, len(due), PUBLISH_BATCH_SIZE):
            batch = due[start : start + PUBLISH_BATCH_SIZE]
            result += publish_batch(batch, publish_due, handled=handled)
        if len(handled) > handled_before:
            continue
        if embargoed := defer_embargoed(due, limit=MAX_DEFERRED_PER_PASS):
            logger.warning("Releases %s are under embargo", embargoed)
            handled.update(embargoed)
            result += DueResult(failed=len(embargoed))
            continue
        blocking = publish_batch(due[:1], publish_due_blocking, handled=handled)
        handled.add(due[0])
        result += blocking
        if blocking.failed:
            break
    return result


def due_release_ids(*, excluding: set[int]) -> list[int]:
    due = Release.objects.due(database_now()).filter(bundle__isnull=True)
    return [pk for pk in due.values_list("pk", flat=True) if pk not in excluding]


def publish_batch(
    release_ids: Sequence[int],
    publish: Callable[[Sequence[int]], list[Release]],
    *,
    handled: set[int],
) -> DueResult:
    """Publish these releases together; where that fails, each half by itself, down to single releases.

    Adds the ids of those that were settled or failed to `handled`. An error that left the database
    connection unusable is raised.
    """
    try:
        releases = publish(release_ids)
    except Exception as error:
        if not connection.is_usable():
            raise
        if len(release_ids) > 1:
            middle = len(release_ids) // 2
            return publish_batch(release_ids[:middle], publish, handled=handled) + publish_batch(
                release_ids[middle:], publish, handled=handled
            )
        handled.update(release_ids)
        return handle_failure(release_ids, error)
    handled.update(release.pk for release in releases)
    return count_settled(releases)


def publish_bundles() -> DueResult:
    result = DueResult()
    due = Release.objects.due(database_now()).filter(bundle__isnull=False).order_by()
    bundle_ids = set(due.values_list("bundle_id", flat=True))
    bundles = Bundle.objects.filter(pk__in=bundle_ids).without_held_back()
    for bundle in bundles.order_by("due_at", "pk"):
        try:
            result += count_settled(publish_bundle(bundle))
        except Exception as error:
            if not connection.is_usable():
                raise
            waiting = Release.objects.waiting().filter(bundle=bundle)
            reason = bundle_failure_reason(bundle, error)
            ids = list(waiting.values_list("pk", flat=True))
            result += handle_failure(ids, error, reason=reason)
    return result


def bundle_failure_reason(bundle: Bundle, error: Exception) -> str:
    """Why a bundle was not published, with the headline of the story at fault where there is one."""
    if isinstance(error, OperationalError | InterfaceError):
        return failure_reason(error)
    blocking = find_blocking_release(bundle)
    if blocking is None:
        return failure_reason(error)
    release, own_error = blocking
    return f"“{release.edition.headline}”: {failure_reason(own_error)}"


def count_settled(releases: Sequence[Release]) -> DueResult:
    """The outcomes of these settled releases in numbers; observes the publish lag of each published."""
    now = database_now()
    published = [release for release in releases if release.state == Release.State.DONE]
    for release in published:
        observe_publish_lag((now - release.due_at).total_seconds())
    return DueResult(published=len(published), settled=len(releases) - len(published))


def handle_failure(release_ids: Sequence[int], error: Exception, *, reason: str = "") -> DueResult:
    """Record on these releases why they were not published.

    Errors of the database itself (it stopped, a deadlock, a lock timeout) are no fault of theirs: they
    stay as they are for the next pass.
    """
    logger.error("Releases %s were not published", release_ids, exc_info=error)
    if not isinstance(error, OperationalError | InterfaceError):
        not_before = error.next_check_at(database_now()) if isinstance(error, Embargoed) else None
        try:
            reason = reason or failure_reason(error)
            record_failure(release_ids, reason=reason, not_before=not_before)
        except Exception:
            # Still due as before, which must not hold up what is due after them.
            if not connection.is_usable():
                raise
            logger.exception("The failure of releases %s was not recorded", release_ids)
    return DueResult(failed=len(release_ids))


def failure_reason(error: Exception) -> str:
    """The sentence of a refusal; of a bug its type and message, for the operator."""
    if isinstance(error, Refused):
        return str(error)
    message = f"{type(error).__name__}: {error}"
    return _("A fault of the program: tell whoever runs it. (%(told)s)") % {"told": message}


def expire_articles() -> DueResult:
    """Take down expired articles, for up to MAX_EXPIRY_SECONDS: readers do not see them any more, and due
    releases must not wait."""
    result, deadline = DueResult(), time.monotonic() + MAX_EXPIRY_SECONDS
    for pk in Article.objects.expired(database_now()).values_list("pk", flat=True):
        try:
            result.expired += expire(pk)
        except Exception:
            if not connection.is_usable():
                raise
            logger.exception("Article %s was not taken down", pk)
            result.failed += 1
        if time.monotonic() > deadline:
            break
    return result
