"""Schedule: which edition goes out when. And the two-step verbs a desk uses every day."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from articles.models import Edition
from audit.actions import record
from desk.actions.freezing import Correction, freeze
from desk.actions.locking import hold, lock
from desk.actions.publishing import publish_now, refuse_unfit
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
from newsroom.db.database_clock import database_now
from newsroom.errors import require


@transaction.atomic
def schedule(edition: Edition, *, at: datetime, by: User) -> Release:
    """Plan to publish the edition at a time to come.

    Raises TooLate, AlreadyScheduled, Withdrawn, Older, Embargoed, Expired.
    """
    require(may_publish(by))
    article = lock(edition.article_id)
    if at <= database_now():
        raise TooLate
    if Release.objects.waiting().filter(article=article).exists():
        raise AlreadyScheduled
    refuse_unfit(article, edition, at=at)
    release = Release.objects.create(article=article, edition=edition, due_at=at, planned_by=by)
    record(release, verb="scheduled", by=by, edition=edition.number, at=at.isoformat())
    return release


@transaction.atomic
def swap(release: Release, *, edition: Edition, by: User) -> Release:
    """Let a newer edition go out in a waiting slot, at the time already agreed. Raises Settled, Older."""
    require(may_publish(by))
    if edition.article_id != release.article_id:
        raise ValueError("A slot belongs to one article; this edition is another's.")
    article = lock(release.article_id)
    release = Release.objects.select_related("edition").get(pk=release.pk)
    if release.settled_at:
        raise Settled
    if edition.number < release.edition.number:
        raise Older
    refuse_unfit(article, edition, at=release.due_at)
    before = release.edition.number
    release.edition = edition
    renew(release, fields=["edition"])
    record(release, verb="swapped", by=by, before=before, after=edition.number)
    return release


@transaction.atomic
def move(release: Release, *, at: datetime, by: User, seen: datetime | None = None) -> Release:
    """Let the same edition go out at another time to come.

    `seen` is the time that somebody read before they decided.  Raises TooLate, Settled, InBundle,
    EditedElsewhere, Withdrawn, Older, Embargoed, Expired.
    """
    require(may_publish(by))
    article = lock(release.article_id)
    release = Release.objects.select_related("edition").get(pk=release.pk)
    if release.settled_at:
        raise Settled
    if release.bundle_id:
        raise InBundle
    if seen and release.due_at != seen:
        raise EditedElsewhere
    if at <= database_now():
        raise TooLate
    refuse_unfit(article, release.edition, at=at)
    before, release.due_at = release.due_at, at
    renew(release, fields=["due_at"])
    record(release, verb="moved", by=by, before=before.isoformat(), at=at.isoformat())
    return release


def renew(release: Release, *, fields: list[str]) -> None:
    """Keep what changed of a waiting plan; what failed before is history."""
    release.state, release.attempts = Release.State.PENDING, 0
    release.retry_at, release.reason = None, ""
    release.save(update_fields=[*fields, "state", "attempts", "retry_at", "reason"])


@transaction.atomic
def cancel(release: Release, *, by: User) -> Release:
    """Take a plan back before its time. Raises Settled where it has gone out already."""
    require(may_publish(by))
    lock(release.article_id)
    release = Release.objects.select_related("edition").get(pk=release.pk)
    if release.settled_at:
        raise Settled
    release.settle(Release.State.CANCELLED, at=database_now())
    record(release, verb="cancelled", by=by, edition=release.edition.number)
    return release


@transaction.atomic
def plan(
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
    draft = hold(draft, version=version)
    if draft.article_id and waiting_of(draft):
        raise AlreadyScheduled
    edition = freeze(draft, by=by, correction=correction)
    release = schedule(edition, at=at, by=by)
    keep_approver(draft, release)
    return release


@transaction.atomic
def put_out(
    draft: Draft, *, by: User, version: int | None = None, correction: Correction | None = None
) -> Release:
    """Freeze the draft as it stands and publish that edition now: both or neither."""
    edition = freeze(draft, by=by, version=version, correction=correction)
    release = publish_now(edition, by=by)
    keep_approver(draft, release)
    return release


@transaction.atomic
def replace_waiting(
    draft: Draft, *, by: User, version: int | None = None, correction: Correction | None = None
) -> Release:
    """Freeze again and keep the slot: the later words go out at the time already agreed.

    The replaced edition's correction note goes along. Raises NothingWaiting.
    """
    require(may_publish(by))
    draft = hold(draft, version=version)
    if (release := waiting_of(draft)) is None:
        raise NothingWaiting
    edition = freeze(draft, by=by, correction=correction or note_of(release.edition))
    release = swap(release, edition=edition, by=by)
    keep_approver(draft, release)
    return release


@transaction.atomic
def move_waiting(draft: Draft, *, at: datetime, by: User, version: int | None = None) -> Release:
    """Let what of this story waits go out at another time. Raises NothingWaiting, and as `move`."""
    require(may_publish(by))
    draft = hold(draft, version=version)
    if (release := waiting_of(draft)) is None:
        raise NothingWaiting
    return move(release, at=at, by=by)


@transaction.atomic
def cancel_waiting(draft: Draft, *, by: User, version: int | None = None) -> Release:
    """Take back what of this story waits to go out. Raises NothingWaiting."""
    require(may_publish(by))
    draft = hold(draft, version=version)
    if (release := waiting_of(draft)) is None:
        raise NothingWaiting
    return cancel(release, by=by)


def waiting_of(draft: Draft) -> Release | None:
    """The release of this draft's article that waits to go out, if there is one."""
    if draft.article_id is None:
        return None
    waiting = Release.objects.waiting().filter(article=draft.article_id)
    return waiting.select_related("edition").first()


def note_of(edition: Edition) -> Correction | None:
    """The correction note of an edition, to go along with the one that takes its place."""
    if not edition.correction_kind:
        return None
    return {"kind": edition.correction_kind, "note": edition.correction_note}


def keep_approver(draft: Draft, release: Release) -> None:
    approver = Draft.objects.values_list("approved_by", flat=True).get(pk=draft.pk)
    if approver:
        release.approved_by_id = approver
        release.save(update_fields=["approved_by"])
