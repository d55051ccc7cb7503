"""Publishing by people: schedule a draft, replace, reschedule or unschedule what waits, publish now.

Public verbs, each one transaction:

    schedule_draft      freeze, and schedule that edition for a time to come
    replace_scheduled   freeze again, and let the newer edition take the scheduled slot
    reschedule          move what is scheduled to another time       (reschedule_release: by release)
    unschedule          cancel what is scheduled                     (cancel_release: by release)
    publish_now         freeze, and publish that edition at once

Each asks for the permission once, takes its locks in one order (draft, then article), reads again what
it decides on, and leaves the writing to a `*_locked` step below. Releases whose time has come are
published by `desk.actions.due_releases.publish_due`; what a live edition changes for readers is `go_live`.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from articles.models import Article, Edition
from audit.actions import record_audit
from desk.actions.agency.rights import require_no_hold
from desk.actions.embargo import require_within_terms
from desk.actions.freezing import Correction, correction_of, freeze_locked
from desk.actions.go_live import go_live
from desk.actions.locking import lock_draft_and_article, lock_draft_of_article, lock_unsettled
from desk.errors import (
    AlreadyScheduled,
    InBundle,
    NothingWaiting,
    Older,
    PlanMoved,
    TooLate,
    Withdrawn,
)
from desk.models import Bundle, Draft, Release
from desk.permissions import may_publish
from desk.section_rights import may_publish_draft
from newsroom.db.expressions import database_now
from newsroom.errors import require


@transaction.atomic
def schedule_draft(
    draft: Draft,
    *,
    at: datetime,
    by: User,
    version: int | None = None,
    correction: Correction | None = None,
) -> Release:
    """Freeze the draft as it stands and schedule that edition: both or neither.

    1. Ask for the permission; refuse a time that has passed.
    2. Lock the draft, at the `version` decided on, and its article.
    3. Refuse a second scheduled release of one article.
    4. Freeze the draft.
    5. Create the release, if its time is still to come after the wait for the locks.

    Raises TooLate, EditedElsewhere, Trashed, AlreadyScheduled, HeldByWire, Withdrawn, Older, Embargoed,
    Expired, and what `freeze` refuses.
    """
    require(may_publish(by))
    require_future(at)
    draft, article = lock_draft_and_article(draft, by=by, may=may_publish_draft, version=version)
    if waiting_release(article):
        raise AlreadyScheduled
    edition = freeze_locked(draft, article, by=by, correction=correction)
    return schedule_locked(edition, at=at, by=by, approver_id=draft.approved_by_id)


@transaction.atomic
def replace_scheduled(
    draft: Draft, *, by: User, version: int | None = None, correction: Correction | None = None
) -> Release:
    """Freeze the draft again and let that edition take the scheduled slot, at the time agreed.

    1. Ask for the permission.
    2. Lock the draft, at the `version` decided on, and its article; find the scheduled release.
    3. Freeze the draft; without a `correction` the replaced edition's goes along.
    4. Point the release at the new edition and forget its failed attempts.

    Raises NothingWaiting, EditedElsewhere, Trashed, Withdrawn, Older, Embargoed, Expired, and as `freeze`.
    """
    require(may_publish(by))
    draft, article = lock_draft_and_article(draft, by=by, may=may_publish_draft, version=version)
    release = require_scheduled(article)
    correction = correction or correction_of(release.edition)
    edition = freeze_locked(draft, article, by=by, correction=correction)
    return replace_locked(release, edition, by=by, approver_id=draft.approved_by_id)


@transaction.atomic
def reschedule(draft: Draft, *, at: datetime, by: User, version: int | None = None) -> Release:
    """Move the scheduled release of this draft to another time to come.

    1. Ask for the permission.
    2. Lock the draft, at the `version` decided on, and its article; find the scheduled release.
    3. Set the new time and forget failed attempts.

    Raises NothingWaiting, EditedElsewhere, Trashed, InBundle, TooLate, Withdrawn, Older, Embargoed,
    Expired.
    """
    require(may_publish(by))
    _draft, article = lock_draft_and_article(draft, by=by, may=may_publish_draft, version=version)
    return reschedule_locked(require_scheduled(article), at=at, by=by)


@transaction.atomic
def reschedule_release(
    release: Release, *, at: datetime, by: User, expected_due_at: datetime | None = None
) -> Release:
    """The same for a release. `expected_due_at` is the time that the caller read before deciding.

    Raises Settled, InBundle, PlanMoved, TooLate, Withdrawn, Older, Embargoed, Expired.
    """
    require(may_publish(by))
    lock_draft_of_article(release.article_id, by=by, may=may_publish_draft)
    release = lock_unsettled(release)
    return reschedule_locked(release, at=at, by=by, expected_due_at=expected_due_at)


@transaction.atomic
def unschedule(draft: Draft, *, by: User, version: int | None = None) -> Release:
    """Cancel the scheduled release of this draft.

    1. Ask for the permission.
    2. Lock the draft, at the `version` decided on, and its article; find the scheduled release.
    3. Settle it as cancelled.

    Raises NothingWaiting, EditedElsewhere, Trashed.
    """
    require(may_publish(by))
    _draft, article = lock_draft_and_article(draft, by=by, may=may_publish_draft, version=version)
    return cancel_locked(require_scheduled(article), by=by)


@transaction.atomic
def cancel_release(release: Release, *, by: User) -> Release:
    """The same for a release. Raises Settled where it has an outcome already."""
    require(may_publish(by))
    lock_draft_of_article(release.article_id, by=by, may=may_publish_draft)
    return cancel_locked(lock_unsettled(release), by=by)


@transaction.atomic
def publish_now(
    draft: Draft, *, by: User, version: int | None = None, correction: Correction | None = None
) -> Release:
    """Freeze the draft as it stands and publish that edition at once: both or neither.

    1. Ask for the permission.
    2. Lock the draft, at the `version` decided on, and its article.
    3. Freeze the draft.
    4. Settle a scheduled release of an older edition as overtaken.
    5. Create a settled release and let the edition go live.

    Raises EditedElsewhere, Trashed, HeldByWire, Withdrawn, Older, Embargoed, Expired, and as `freeze`.
    """
    require(may_publish(by))
    draft, article = lock_draft_and_article(draft, by=by, may=may_publish_draft, version=version)
    edition = freeze_locked(draft, article, by=by, correction=correction)
    return publish_locked(edition, by=by, approver_id=draft.approved_by_id)


# -- steps: the caller holds the article, which is `edition.article` or `release.article` ------------


def schedule_locked(
    edition: Edition,
    *,
    at: datetime,
    by: User,
    approver_id: int | None = None,
    bundle: Bundle | None = None,
) -> Release:
    """Create a release at a time to come. Raises TooLate, HeldByWire, and as `require_publishable`."""
    require_future(at)
    require_no_hold(edition.article_id)
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
    if edition.article_id != release.article_id:
        raise ValueError("A slot belongs to one article; this edition is another's.")
    if edition.number < release.edition.number:
        raise Older
    require_publishable(release.article, edition, at=release.due_at)
    before, release.edition = release.edition.number, edition
    release.approved_by_id = approver_id or release.approved_by_id
    release.reset_attempts(["edition", "approved_by"])
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
        raise PlanMoved(release.due_at)
    require_future(at)
    require_publishable(release.article, release.edition, at=at)
    before, release.due_at = release.due_at, at
    release.reset_attempts(["due_at"])
    record_audit(release, verb="moved", by=by, before=before.isoformat(), at=at.isoformat())
    return release


def cancel_locked(release: Release, *, by: User) -> Release:
    release.settle(Release.State.CANCELLED, at=database_now())
    record_audit(release, verb="cancelled", by=by, edition=release.edition.number)
    return release


def publish_locked(edition: Edition, *, by: User, approver_id: int | None = None) -> Release:
    """Publish; older waiting ones are overtaken. Raises HeldByWire, and as `require_publishable`."""
    article, now = edition.article, database_now()
    require_no_hold(article.pk)
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


def waiting_release(article: Article | None) -> Release | None:
    """The release of this article that is scheduled, with its edition; None where there is none."""
    if article is None:
        return None
    waiting = Release.objects.waiting().filter(article=article).select_related("edition").first()
    if waiting:
        waiting.article = article
    return waiting


def require_future(at: datetime) -> None:
    if at <= database_now():
        raise TooLate


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
    if Release.objects.newest_numbers([article.pk]).get(article.pk, 0) > edition.number:
        raise Older
    require_within_terms(article, at=at)
