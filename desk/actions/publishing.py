"""Publishing by people: schedule a draft, replace, reschedule or unschedule what waits, publish now.

Public verbs, each one transaction:

    schedule_draft      freeze, and schedule that edition for a time to come
    replace_scheduled   freeze again, and let the newer edition take the scheduled slot
    reschedule          move what is scheduled to another time       (reschedule_release: by release)
    unschedule          cancel what is scheduled                     (cancel_release: by release)
    publish_now         freeze, and publish that edition at once

Each asks for the permission once, takes its locks in one order (draft, then article), reads again what
it decides on, and leaves the writing to a `*_locked` step (`desk.actions.publishing_steps`).
`schedule_edition`, `replace_edition` and `publish_edition` do the same with an edition that is frozen.
Releases whose time has come are published by `desk.actions.due_releases.publish_due`; what a live
edition changes for readers is `go_live`.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from articles.models import Edition
from desk.actions.freezing import Correction, correction_of, freeze_locked
from desk.actions.locking import (
    lock_article,
    lock_draft_and_article,
    lock_draft_of_article,
)
from desk.actions.publishing_steps import (
    cancel_locked,
    lock_unsettled,
    publish_locked,
    replace_locked,
    require_future,
    require_scheduled,
    require_unscheduled,
    reschedule_locked,
    schedule_locked,
)
from desk.models import Draft, Release
from desk.permissions import may_publish
from desk.section_rights import may_publish_draft
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

    Raises TooLate, EditedElsewhere, Trashed, AlreadyScheduled, Withdrawn, Older, Embargoed, Expired, and
    what `freeze` refuses.
    """
    require(may_publish(by))
    require_future(at)
    draft, article = lock_draft_and_article(draft, by=by, may=may_publish_draft, version=version)
    require_unscheduled(article)
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

    Raises NothingWaiting, EditedElsewhere, Trashed, Withdrawn, Older, Embargoed, Expired, and what `freeze`
    refuses.
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

    Raises Settled, InBundle, EditedElsewhere, TooLate, Withdrawn, Older, Embargoed, Expired.
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

    Raises EditedElsewhere, Trashed, Withdrawn, Older, Embargoed, Expired, and what `freeze` refuses.
    """
    require(may_publish(by))
    draft, article = lock_draft_and_article(draft, by=by, may=may_publish_draft, version=version)
    edition = freeze_locked(draft, article, by=by, correction=correction)
    return publish_locked(edition, by=by, approver_id=draft.approved_by_id)


# -- the same verbs for an edition that is frozen already ------------------------------------------


@transaction.atomic
def schedule_edition(edition: Edition, *, at: datetime, by: User) -> Release:
    """Schedule this edition. Raises TooLate, AlreadyScheduled, Withdrawn, Older, Embargoed, Expired."""
    require(may_publish(by))
    lock_draft_of_article(edition.article_id, by=by, may=may_publish_draft)
    edition.article = lock_article(edition.article_id)
    require_future(at)
    require_unscheduled(edition.article)
    return schedule_locked(edition, at=at, by=by)


@transaction.atomic
def replace_edition(release: Release, *, edition: Edition, by: User) -> Release:
    """Let this edition take the slot of a release. Raises Settled, Older, Withdrawn, Embargoed, Expired."""
    require(may_publish(by))
    if edition.article_id != release.article_id:
        raise ValueError("A slot belongs to one article; this edition is another's.")
    lock_draft_of_article(release.article_id, by=by, may=may_publish_draft)
    release = lock_unsettled(release)
    edition.article = release.article
    return replace_locked(release, edition, by=by)


@transaction.atomic
def publish_edition(edition: Edition, *, by: User) -> Release:
    """Publish this edition at once. Raises Withdrawn, Older, Embargoed, Expired."""
    require(may_publish(by))
    lock_draft_of_article(edition.article_id, by=by, may=may_publish_draft)
    edition.article = lock_article(edition.article_id)
    return publish_locked(edition, by=by)
