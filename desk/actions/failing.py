"""A release that could not go out: why is kept on it, and when it is tried again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import record_audit
from desk.actions.locking import limit_lock_wait, lock_articles
from desk.errors import Settled
from desk.models import Notice, Release
from desk.notifications.notify import notify_of_releases
from desk.permissions import may_publish
from newsroom.db.expressions import database_now
from newsroom.errors import require
from newsroom.text.normalization import normalize_text

MIN_RETRY_DELAY, MAX_RETRY_DELAY = timedelta(seconds=5), timedelta(minutes=10)
PLANNERS = ("edition", "planned_by", "bundle__planned_by")
HEAVY = ("edition__body", "edition__body_html")


@transaction.atomic
def record_failure(
    release_ids: Sequence[int], *, reason: str, not_before: datetime | None = None
) -> None:
    """Keep on releases that were to go out together why they did not, and when they are tried again:
    after 5 s, doubling to 10 min, or at the moment before which it is known to be in vain. With the first
    failure since they were planned or renewed, whoever planned them is told."""
    limit_lock_wait()
    lock_articles(Release.objects.filter(pk__in=release_ids).values("article"))
    now, first = database_now(), list[Release]()
    together = Release.objects.waiting().filter(pk__in=release_ids)
    for release in together.select_related(*PLANNERS).defer(*HEAVY).order_by("pk"):
        rest = min(MIN_RETRY_DELAY * 2 ** min(release.attempts, 10), MAX_RETRY_DELAY)
        release.state = Release.State.FAILED
        release.reason = normalize_text(reason)[:2000]
        release.attempts += 1
        release.retry_at = not_before or now + rest
        release.save(update_fields=["state", "reason", "attempts", "retry_at"])
        if release.attempts == 1:
            record_audit(release, verb="failed", by=None, reason=release.reason)
            first.append(release)
    if first and not is_told(first[0], without=release_ids):
        notify_of_releases(first, what=Notice.What.FAILED, reason=reason)


def is_told(release: Release, *, without: Sequence[int]) -> bool:
    """Whether the failure of its bundle was told already, with another story of it."""
    others = Release.objects.waiting().filter(bundle=release.bundle_id, attempts__gt=0)
    return release.bundle_id is not None and others.exclude(pk__in=without).exists()


def record_missed(releases: Sequence[Release]) -> None:
    """Keep on releases that the clock has just cancelled why, and tell whoever planned them: readers
    were to see these words, and never will. The caller holds their articles."""
    reason = _("Its time was over before it could go out.")
    for release in releases:
        release.reason = reason
        release.save(update_fields=["reason"])
        notify_of_releases([release], what=Notice.What.MISSED, reason=reason)


@transaction.atomic
def reset_retries_after_clock_change() -> int:
    """Let failed releases be tried at once that wait longer than ever given, since the clock was set
    back; how many. Those under embargo are put off again, by the new time."""
    limit_lock_wait()
    too_long = Release.objects.waiting().filter(retry_at__gt=database_now() + MAX_RETRY_DELAY)
    return too_long.update(retry_at=None)


@transaction.atomic
def retry_release(release: Release, *, by: User) -> Release:
    """Let a failed release be tried at the next round, with those of its bundle. Raises Settled where
    it has an outcome."""
    require(may_publish(by))
    together = Release.objects.filter(pk=release.pk)
    if release.bundle_id:
        together |= Release.objects.filter(bundle=release.bundle_id)
    lock_articles(together.values("article"))
    release = Release.objects.get(pk=release.pk)
    if release.settled_at:
        raise Settled
    for failed in together.filter(state=Release.State.FAILED).order_by("pk"):
        failed.state, failed.retry_at = Release.State.PENDING, None
        failed.save(update_fields=["state", "retry_at"])
        record_audit(failed, verb="asked_again", by=by)
    release.refresh_from_db(fields=["state", "retry_at"])
    return release
