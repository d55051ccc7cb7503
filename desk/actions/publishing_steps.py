"""Steps of publishing that lock nothing and ask for no permission, and what they refuse.

The caller holds the article (`desk.actions.locking`), which is `edition.article` or `release.article`.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max

from accounts.models import User
from articles.models import Article, Edition
from audit.actions import record_audit
from desk.actions.embargo import require_within_terms
from desk.actions.go_live import go_live
from desk.actions.locking import lock_article
from desk.errors import (
    AlreadyScheduled,
    EditedElsewhere,
    InBundle,
    NothingWaiting,
    Older,
    Settled,
    TooLate,
    Withdrawn,
)
from desk.models import Bundle, Release
from newsroom.db.expressions import database_now, id_array


def schedule_locked(
    edition: Edition,
    *,
    at: datetime,
    by: User,
    approver_id: int | None = None,
    bundle: Bundle | None = None,
) -> Release:
    """Create a release of the edition at a time to come. Raises TooLate, and as `require_publishable`."""
    require_future(at)
    require_publishable(edition.article, edition, at=at)
    release = Release.objects.create(
        article=edition.article,
        edition=edition,
        due_at=at,
        bundle=bundle,
        planned_by=by,
        approved_by_id=approver_id,
    )
    record_audit(
        release,
        verb="scheduled",
        by=by,
        edition=edition.number,
        at=at.isoformat(),
        approved_by=approver_id,
    )
    return release


def replace_locked(
    release: Release, edition: Edition, *, by: User, approver_id: int | None = None
) -> Release:
    """Point a waiting release at a newer edition. Raises Older, and as `require_publishable`."""
    if edition.number < release.edition.number:
        raise Older
    require_publishable(edition.article, edition, at=release.due_at)
    before, release.edition = release.edition.number, edition
    release.approved_by_id = approver_id or release.approved_by_id
    reset_attempts(release, fields=["edition", "approved_by"])
    record_audit(
        release,
        verb="swapped",
        by=by,
        before=before,
        after=edition.number,
        approved_by=release.approved_by_id,
    )
    return release


def reschedule_locked(
    release: Release, *, at: datetime, by: User, expected_due_at: datetime | None = None
) -> Release:
    """Move a waiting release that is in no bundle. Raises as `reschedule_release`."""
    if release.bundle_id:
        raise InBundle
    if expected_due_at and release.due_at != expected_due_at:
        raise EditedElsewhere
    require_future(at)
    require_publishable(release.article, release.edition, at=at)
    before, release.due_at = release.due_at, at
    reset_attempts(release, fields=["due_at"])
    record_audit(release, verb="moved", by=by, before=before.isoformat(), at=at.isoformat())
    return release


def cancel_locked(release: Release, *, by: User) -> Release:
    release.settle(Release.State.CANCELLED, at=database_now())
    record_audit(release, verb="cancelled", by=by, edition=release.edition.number)
    return release


def publish_locked(edition: Edition, *, by: User, approver_id: int | None = None) -> Release:
    """Settle older waiting releases as overtaken and publish. Raises as `require_publishable`."""
    article, now = edition.article, database_now()
    require_publishable(article, edition, at=now)
    for older in Release.objects.waiting().filter(article=article).select_related("edition"):
        if older.edition.number <= edition.number:
            older.settle(Release.State.OVERTAKEN, at=now)
            record_audit(older, verb="overtaken", by=by, edition=edition.number)
    release = Release.objects.create(
        article=article,
        edition=edition,
        due_at=now,
        state=Release.State.DONE,
        settled_at=now,
        planned_by=by,
        approved_by_id=approver_id,
    )
    go_live([release])
    record_audit(release, verb="published", by=by, edition=edition.number, approved_by=approver_id)
    return release


def reset_attempts(release: Release, *, fields: list[str]) -> None:
    """Save these fields of a waiting release, as one that has not been tried yet."""
    release.state, release.attempts = Release.State.PENDING, 0
    release.retry_at, release.reason = None, ""
    release.save(update_fields=[*fields, "state", "attempts", "retry_at", "reason"])


def waiting_release(article: Article | None) -> Release | None:
    """The release of this article that is scheduled, with its edition; None where there is none."""
    if article is None:
        return None
    waiting = Release.objects.waiting().filter(article=article).select_related("edition").first()
    if waiting:
        waiting.article = article
    return waiting


def lock_unsettled(release: Release) -> Release:
    """The release read again under the lock of its article. Raises Settled where it has an outcome."""
    article = lock_article(release.article_id)
    release = Release.objects.select_related("edition").get(pk=release.pk)
    if release.settled_at:
        raise Settled
    release.article = article
    return release


def require_future(at: datetime) -> None:
    if at <= database_now():
        raise TooLate


def require_unscheduled(article: Article | None) -> None:
    if article and Release.objects.waiting().filter(article=article).exists():
        raise AlreadyScheduled


def require_scheduled(article: Article | None) -> Release:
    if (release := waiting_release(article)) is None:
        raise NothingWaiting
    return release


def require_publishable(article: Article, edition: Edition, *, at: datetime) -> None:
    """Refuse an edition that readers may not get at this time: `Article.live` only moves forward, a
    withdrawn article stays away, and embargo and expiry hold.

    Raises Withdrawn, Older, Embargoed, Expired.
    """
    if article.withdrawn_at:
        raise Withdrawn
    if newest_published_numbers([article.pk]).get(article.pk, 0) > edition.number:
        raise Older
    require_within_terms(article, at=at)


def newest_published_numbers(article_ids: Iterable[int]) -> dict[int, int]:
    """{article id: highest edition number that readers have seen}, by the history of releases: what is
    live now says nothing of words that were withdrawn."""
    done = Release.objects.done().filter(article__in=id_array(article_ids)).order_by()
    return dict(done.values_list("article").annotate(Max("edition__number")))
