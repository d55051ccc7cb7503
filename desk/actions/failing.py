"""Failed releases: the reason is recorded on the release, with the time of the next attempt."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import record_audit
from desk.actions.locking import limit_lock_wait, lock_articles, lock_draft_or_trashed
from desk.errors import Settled
from desk.models import Draft, Notice, Release
from desk.notifications.notify import notify_of_releases
from desk.permissions import may_publish
from desk.section_rights import may_publish_draft
from newsroom.db.expressions import database_now
from newsroom.errors import require
from newsroom.text.normalization import normalize_text

MIN_RETRY_DELAY, MAX_RETRY_DELAY = timedelta(seconds=5), timedelta(minutes=10)
PLANNERS = ("edition", "planned_by", "bundle__planned_by")
HEAVY_COLUMNS = ("edition__body", "edition__body_html")


@transaction.atomic
def record_failure(
    release_ids: Sequence[int], *, reason: str, not_before: datetime | None = None
) -> None:
    """Record why these releases, one or those of a bundle, were not published.

    1. Lock their articles, and read those that still wait.
    2. Save the reason and the next attempt: after 5 s, doubling to 10 min, or at `not_before`.
    3. With the first failure since a release was scheduled or changed, write an audit entry and notify
       the planner, once for a bundle.
    """
    limit_lock_wait()
    lock_articles(Release.objects.filter(pk__in=release_ids).article_ids())
    now, newly_failed = database_now(), list[Release]()
    waiting = Release.objects.waiting().filter(pk__in=release_ids)
    for release in waiting.select_related(*PLANNERS).defer(*HEAVY_COLUMNS).order_by("pk"):
        delay = min(MIN_RETRY_DELAY * 2 ** min(release.attempts, 10), MAX_RETRY_DELAY)
        release.state = Release.State.FAILED
        release.reason = normalize_text(reason)[:2000]
        release.attempts += 1
        release.retry_at = not_before or now + delay
        release.save(update_fields=["state", "reason", "attempts", "retry_at"])
        if release.attempts == 1:
            record_audit(release, verb="failed", by=None, reason=release.reason)
            newly_failed.append(release)
    if newly_failed and not has_bundle_failed_before(newly_failed[0], excluding=release_ids):
        notify_of_releases(newly_failed, what=Notice.What.FAILED, reason=reason)


def has_bundle_failed_before(release: Release, *, excluding: Sequence[int]) -> bool:
    """Whether another release of its bundle has failed, of which the planner was notified."""
    failed = Release.objects.waiting().filter(bundle=release.bundle_id, attempts__gt=0)
    return release.bundle_id is not None and failed.exclude(pk__in=excluding).exists()


def record_missed(releases: Sequence[Release]) -> None:
    """Record on releases that were cancelled because their article had expired that this was the reason,
    and notify their planners. The caller holds their articles."""
    reason = _("Its time was over before it could go out.")
    for release in releases:
        release.reason = reason
        release.save(update_fields=["reason"])
        notify_of_releases([release], what=Notice.What.MISSED, reason=reason)


@transaction.atomic
def reset_retries_after_clock_change() -> int:
    """Reset the retry times of failed releases after the system clock was set back; their number.

    Those whose retry is further away than the longest delay are due at once; those under embargo are
    deferred again, by the new time.
    """
    limit_lock_wait()
    latest = database_now() + MAX_RETRY_DELAY
    return Release.objects.waiting().filter(retry_at__gt=latest).update(retry_at=None)


@transaction.atomic
def retry_release(release: Release, *, by: User) -> Release:
    """Let a failed release, with the others of its bundle, be tried again in the next pass.

    Raises Settled where it has an outcome, Locked and OtherSection for any of its stories.
    """
    require(may_publish(by))
    together = Release.objects.filter(pk=release.pk)
    if release.bundle_id:
        together |= Release.objects.waiting().filter(bundle=release.bundle_id)
    drafts = Draft.objects.filter(article__in=together.values("article"))
    for draft in drafts.order_by("pk"):
        lock_draft_or_trashed(draft, by=by, may=may_publish_draft)
    lock_articles(together.article_ids())
    release = Release.objects.get(pk=release.pk)
    if release.settled_at:
        raise Settled
    for failed in together.filter(state=Release.State.FAILED).order_by("pk"):
        failed.state, failed.retry_at = Release.State.PENDING, None
        failed.save(update_fields=["state", "retry_at"])
        record_audit(failed, verb="asked_again", by=by)
    release.refresh_from_db(fields=["state", "retry_at"])
    return release
