"""A release that could not go out: why is kept on it, and when it is tried again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from desk.actions.locking import lock_all
from desk.errors import Settled
from desk.models import Release
from desk.policy import may_publish
from logbook.actions import record
from newsroom.errors import require
from newsroom.text import clean

FIRST_REST, LONGEST_REST = timedelta(seconds=5), timedelta(minutes=10)


@transaction.atomic
def note_failure(
    release_ids: Sequence[int], *, reason: str, not_before: datetime | None = None
) -> None:
    """Keep on releases that were to go out together why they did not, and when they are tried again:
    after 5 s, doubling to 10 min; at the moment before which it is known to be in vain, if that is
    later."""
    lock_all(Release.objects.filter(pk__in=release_ids).values("article"))
    now = timezone.now()
    for release in Release.objects.waiting().filter(pk__in=release_ids).order_by("pk"):
        rest = min(FIRST_REST * 2 ** min(release.attempts, 10), LONGEST_REST)
        release.state = Release.State.FAILED
        release.reason = clean(reason)[:2000]
        release.attempts += 1
        release.retry_at = max(now + rest, not_before or now)
        release.save(update_fields=["state", "reason", "attempts", "retry_at"])
        if release.attempts == 1:
            record(release, verb="failed", by=None, reason=release.reason)


@transaction.atomic
def retry(release: Release, *, by: User) -> Release:
    """Let a failed release be tried at the next round, with those of its bundle. Raises Settled where
    it has an outcome."""
    require(may_publish(by))
    together = Release.objects.filter(pk=release.pk)
    if release.bundle_id:
        together |= Release.objects.filter(bundle=release.bundle_id)
    lock_all(together.values("article"))
    release = Release.objects.get(pk=release.pk)
    if release.settled_at:
        raise Settled
    for failed in together.filter(state=Release.State.FAILED).order_by("pk"):
        failed.state, failed.retry_at = Release.State.PENDING, None
        failed.save(update_fields=["state", "retry_at"])
        record(failed, verb="asked_again", by=by)
    release.refresh_from_db(fields=["state", "retry_at"])
    return release
