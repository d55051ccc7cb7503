"""Schedule: which edition goes out when. And the two-step verbs a desk uses every day."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from articles.models import Edition
from audit.actions import record_audit
from desk.actions.freezing import Correction, freeze
from desk.actions.locking import lock_article, lock_draft
from desk.actions.publishing import publish_edition, require_publishable
from desk.errors import (
    AlreadyScheduled,
    EditedElsewhere,
    InBundle,
    NothingWaiting,
    Older,
    Settled,
    TooLate,
)
from desk.models import Draft, Release
from desk.permissions import may_publish
from newsroom.db.expressions import database_now
from newsroom.errors import require


@transaction.atomic
def schedule_edition(edition: Edition, *, at: datetime, by: User) -> Release:
    """Plan to publish the edition at a time to come.

    Raises TooLate, AlreadyScheduled, Withdrawn, Older, Embargoed, Expired.
    """
    require(may_publish(by))
    article = lock_article(edition.article_id)
    if at <= database_now():
        raise TooLate
    if Release.objects.waiting().filter(article=article).exists():
        raise AlreadyScheduled
    require_publishable(article, edition, at=at)
    release = Release.objects.create(article=article, edition=edition, due_at=at, planned_by=by)
    record_audit(release, verb="scheduled", by=by, edition=edition.number, at=at.isoformat())
    return release


@transaction.atomic
def replace_edition(release: Release, *, edition: Edition, by: User) -> Release:
    """Let a newer edition go out in a waiting slot, at the time already agreed. Raises Settled, Older."""
    require(may_publish(by))
    if edition.article_id != release.article_id:
        raise ValueError("A slot belongs to one article; this edition is another's.")
    article = lock_article(release.article_id)
    release = Release.objects.select_related("edition").get(pk=release.pk)
    if release.settled_at:
        raise Settled
    if edition.number < release.edition.number:
        raise Older
    require_publishable(article, edition, at=release.due_at)
    before = release.edition.number
    release.edition = edition
    reset_attempts(release, fields=["edition"])
    record_audit(release, verb="swapped", by=by, before=before, after=edition.number)
    return release


@transaction.atomic
def reschedule_release(
    release: Release, *, at: datetime, by: User, expected_due_at: datetime | None = None
) -> Release:
    """Let the same edition go out at another time to come.

    `seen` is the time that somebody read before they decided.  Raises TooLate, Settled, InBundle,
    EditedElsewhere, Withdrawn, Older, Embargoed, Expired.
    """
    require(may_publish(by))
    article = lock_article(release.article_id)
    release = Release.objects.select_related("edition").get(pk=release.pk)
    if release.settled_at:
        raise Settled
    if release.bundle_id:
        raise InBundle
    if expected_due_at and release.due_at != expected_due_at:
        raise EditedElsewhere
    if at <= database_now():
        raise TooLate
    require_publishable(article, release.edition, at=at)
    before, release.due_at = release.due_at, at
    reset_attempts(release, fields=["due_at"])
    record_audit(release, verb="moved", by=by, before=before.isoformat(), at=at.isoformat())
    return release


def reset_attempts(release: Release, *, fields: list[str]) -> None:
    """Keep what changed of a waiting plan; what failed before is history."""
    release.state, release.attempts = Release.State.PENDING, 0
    release.retry_at, release.reason = None, ""
    release.save(update_fields=[*fields, "state", "attempts", "retry_at", "reason"])


@transaction.atomic
def cancel_release(release: Release, *, by: User) -> Release:
    """Take a plan back before its time. Raises Settled where it has gone out already."""
    require(may_publish(by))
    lock_article(release.article_id)
    release = Release.objects.select_related("edition").get(pk=release.pk)
    if release.settled_at:
        raise Settled
    release.settle(Release.State.CANCELLED, at=database_now())
    record_audit(release, verb="cancelled", by=by, edition=release.edition.number)
    return release


@transaction.atomic
def schedule_draft(
    draft: Draft,
    *,
    at: datetime,
    by: User,
    version: int | None = None,
    correction: Correction | None = None,
) -> Release:
    """Freeze the draft as it stands and schedule that edition: both or neither."""
    require(may_publish(by))
    if at <= database_now():
        raise TooLate
    draft = lock_draft(draft, version=version)
    if draft.article_id and waiting_release(draft):
        raise AlreadyScheduled
    edition = freeze(draft, by=by, correction=correction)
    release = schedule_edition(edition, at=at, by=by)
    copy_approver(draft, release)
    return release


@transaction.atomic
def publish_now(
    draft: Draft, *, by: User, version: int | None = None, correction: Correction | None = None
) -> Release:
    """Freeze the draft as it stands and publish that edition now: both or neither."""
    edition = freeze(draft, by=by, version=version, correction=correction)
    release = publish_edition(edition, by=by)
    copy_approver(draft, release)
    return release


@transaction.atomic
def replace_scheduled(
    draft: Draft, *, by: User, version: int | None = None, correction: Correction | None = None
) -> Release:
    """Freeze again and keep the slot: the later words go out at the time already agreed.

    The replaced edition's correction note goes along. Raises NothingWaiting.
    """
    require(may_publish(by))
    draft = lock_draft(draft, version=version)
    if (release := waiting_release(draft)) is None:
        raise NothingWaiting
    edition = freeze(draft, by=by, correction=correction or correction_of(release.edition))
    release = replace_edition(release, edition=edition, by=by)
    copy_approver(draft, release)
    return release


@transaction.atomic
def reschedule(draft: Draft, *, at: datetime, by: User, version: int | None = None) -> Release:
    """Let what of this story waits go out at another time. Raises NothingWaiting, and as `move`."""
    require(may_publish(by))
    draft = lock_draft(draft, version=version)
    if (release := waiting_release(draft)) is None:
        raise NothingWaiting
    return reschedule_release(release, at=at, by=by)


@transaction.atomic
def unschedule(draft: Draft, *, by: User, version: int | None = None) -> Release:
    """Take back what of this story waits to go out. Raises NothingWaiting."""
    require(may_publish(by))
    draft = lock_draft(draft, version=version)
    if (release := waiting_release(draft)) is None:
        raise NothingWaiting
    return cancel_release(release, by=by)


def waiting_release(draft: Draft) -> Release | None:
    """The release of this draft's article that waits to go out, if there is one."""
    if draft.article_id is None:
        return None
    waiting = Release.objects.waiting().filter(article=draft.article_id)
    return waiting.select_related("edition").first()


def correction_of(edition: Edition) -> Correction | None:
    """The correction note of an edition, to go along with the one that takes its place."""
    if not edition.correction_kind:
        return None
    return {"kind": edition.correction_kind, "note": edition.correction_note}


def copy_approver(draft: Draft, release: Release) -> None:
    approver = Draft.objects.values_list("approved_by", flat=True).get(pk=draft.pk)
    if approver:
        release.approved_by_id = approver
        release.save(update_fields=["approved_by"])
