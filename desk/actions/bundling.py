"""Bundles: several stories published at one instant, all of them or none.

Every verb locks the bundle, then its drafts by id, then the articles by id. A release that is cancelled,
overtaken or removed leaves the bundle; the others are still published together.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction

from accounts.models import User
from articles.models import Article
from articles.slugs import make_slug
from audit.actions import record_audit
from desk.actions.due_releases import settle_due
from desk.actions.freezing import correction_of, freeze_locked
from desk.actions.locking import (
    limit_lock_wait,
    lock_articles,
    lock_draft,
    lock_draft_of_article,
    lock_draft_or_trashed,
)
from desk.actions.publishing import (
    require_future,
    require_publishable,
    schedule_locked,
    waiting_release,
)
from desk.errors import (
    AlreadyScheduled,
    BundleOver,
    EditedElsewhere,
    InBundle,
    NotBundled,
    NothingToBundle,
    Settled,
    refusal_of_story,
)
from desk.models import Bundle, Draft, Release
from desk.permissions import may_publish
from desk.section_rights import may_publish_draft
from newsroom.db.expressions import database_now
from newsroom.errors import Refused, require
from newsroom.text.normalization import normalize_line

Versions = Mapping[int, int | None]  # {draft id: the version decided on}


@transaction.atomic
def schedule_bundle(
    drafts: Sequence[Draft], *, title: str, at: datetime, by: User, versions: Versions | None = None
) -> Bundle:
    """Freeze the drafts as they stand and schedule all their editions for one instant; or none.

    1. Ask for the permission; refuse an empty bundle and a time that has passed.
    2. Create the bundle.
    3. Lock the drafts and articles, and add each story (`add_stories`).

    A story that is scheduled by itself moves into the bundle.  Raises NothingToBundle, TooLate, InBundle,
    and for each story what `schedule_draft` refuses, with its headline and `more["draft"]`, its id.
    """
    require(may_publish(by))
    if not drafts:
        raise NothingToBundle
    require_future(at)
    bundle = Bundle.objects.create(title=normalize_line(title)[:120], due_at=at, planned_by=by)
    record_audit(bundle, verb="scheduled", by=by, at=at.isoformat())
    add_stories(bundle, drafts, by=by, versions=versions or {})
    return bundle


@transaction.atomic
def add_to_bundle(
    bundle: Bundle,
    *,
    drafts: Sequence[Draft],
    by: User,
    version: int | None = None,
    versions: Versions | None = None,
) -> Bundle:
    """Add stories to a scheduled bundle. `version` is the bundle's, that the caller decided on.

    Raises BundleOver, EditedElsewhere, and as `schedule_bundle`.
    """
    require(may_publish(by))
    bundle = lock_waiting_bundle(bundle, version=version)
    if not drafts:
        raise NothingToBundle
    require_future(bundle.due_at)
    add_stories(bundle, drafts, by=by, versions=versions or {})
    save_bundle_version(bundle)
    return bundle


@transaction.atomic
def remove_from_bundle(release: Release, *, by: User, version: int | None = None) -> Release:
    """Take a release out of its bundle; it is published by itself then, at the time agreed.

    It may have been the one that kept the others from being published: their failed attempts are
    forgotten, and they are tried again at once.

    Raises NotBundled, Settled, EditedElsewhere.
    """
    require(may_publish(by))
    bundle = Bundle.objects.filter(releases=release.pk).first()
    if bundle is None:
        raise NotBundled
    bundle = lock_bundle(bundle, version=version)
    lock_draft_of_article(release.article_id, by=by, may=may_publish_draft)
    members = lock_members(bundle)
    removed = next((member for member in members if member.pk == release.pk), None)
    if removed is None:
        raise Settled
    removed.bundle = None
    removed.reset_attempts(["bundle"])
    record_audit(removed, verb="unbundled", by=by, bundle=bundle.title)
    for member in members:
        if member.state == Release.State.FAILED:
            member.reset_attempts([])
    save_bundle_version(bundle)
    return removed


@transaction.atomic
def reschedule_bundle(
    bundle: Bundle, *, at: datetime, by: User, version: int | None = None
) -> Bundle:
    """Move all waiting releases of a bundle to another time to come.

    Raises BundleOver, TooLate, EditedElsewhere, and for each story what `reschedule` refuses.
    """
    require(may_publish(by))
    bundle = lock_waiting_bundle(bundle, version=version)
    require_future(at)
    lock_member_drafts(bundle, by=by)
    for member in lock_members(bundle):
        with naming_story(member.edition.headline, draft_id_of(member)):
            require_publishable(member.article, member.edition, at=at)
        before, member.due_at = member.due_at, at
        member.reset_attempts(["due_at"])
        record_audit(member, verb="moved", by=by, before=before.isoformat(), at=at.isoformat())
    before, bundle.due_at = bundle.due_at, at
    save_bundle_version(bundle, fields=["due_at"])
    record_audit(bundle, verb="moved", by=by, before=before.isoformat(), at=at.isoformat())
    return bundle


@transaction.atomic
def cancel_bundle(bundle: Bundle, *, by: User, version: int | None = None) -> Bundle:
    """Cancel all waiting releases of a bundle. Raises BundleOver, EditedElsewhere."""
    require(may_publish(by))
    bundle = lock_waiting_bundle(bundle, version=version)
    now = database_now()
    lock_member_drafts(bundle, by=by)
    for member in lock_members(bundle):
        member.settle(Release.State.CANCELLED, at=now)
        record_audit(member, verb="cancelled", by=by, edition=member.edition.number)
    save_bundle_version(bundle)
    record_audit(bundle, verb="cancelled", by=by)
    return bundle


@transaction.atomic
def find_blocking_release(bundle: Bundle) -> tuple[Release, Exception] | None:
    """The release that keeps its bundle from being published, and its error: each is tried by itself in a
    savepoint, which is rolled back. None where each could be published alone.

    Errors of the database itself are raised: they belong to no story.
    """
    limit_lock_wait()
    Bundle.objects.select_for_update().get(pk=bundle.pk)
    for member in lock_members(bundle):
        due, articles = Release.objects.filter(pk=member.pk), {member.article_id: member.article}
        try:
            with transaction.atomic():
                settle_due(due, articles=articles, now=database_now())
                transaction.set_rollback(True)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the answer
            return member, error
    return None


# -- steps ---------------------------------------------------------------------------------------


def lock_bundle(bundle: Bundle, *, version: int | None) -> Bundle:
    """Lock the bundle until the transaction ends, and read it again. Raises EditedElsewhere."""
    locked = Bundle.objects.select_for_update().get(pk=bundle.pk)
    if version is not None and locked.version != version:
        raise EditedElsewhere
    return locked


def lock_waiting_bundle(bundle: Bundle, *, version: int | None) -> Bundle:
    """As `lock_bundle`; raises BundleOver where no release of it waits."""
    locked = lock_bundle(bundle, version=version)
    if not Bundle.objects.waiting().filter(pk=locked.pk).exists():
        raise BundleOver
    return locked


def lock_member_drafts(bundle: Bundle, *, by: User) -> None:
    """Lock the drafts of the waiting releases of a locked bundle by id, for a person who changes plans.

    Raises OtherSection and Locked, with the headline of the story.
    """
    articles = Release.objects.waiting().filter(bundle=bundle).values("article")
    for draft in Draft.objects.filter(article__in=articles).order_by("pk"):
        with naming_story(str(draft), draft.pk):
            lock_draft_or_trashed(draft, by=by, may=may_publish_draft)


def lock_members(bundle: Bundle) -> list[Release]:
    """Lock the articles of the waiting releases of a locked bundle; the releases by id, with article and
    edition."""
    own = Release.objects.filter(bundle=bundle)
    articles = lock_articles(own.waiting().article_ids())
    members = list(own.waiting().filter(article__in=articles).select_related("edition"))
    for member in members:
        member.article = articles[member.article_id]
    return sorted(members, key=lambda member: member.pk)


def save_bundle_version(bundle: Bundle, *, fields: Sequence[str] = ()) -> None:
    """Save these fields of a locked bundle as its next version."""
    bundle.version += 1
    bundle.save(update_fields=[*fields, "version"])


def add_stories(bundle: Bundle, drafts: Sequence[Draft], *, by: User, versions: Versions) -> None:
    """Freeze each draft and schedule its edition with a locked bundle.

    1. Lock the drafts by id, each at its version.
    2. Lock their articles by id.
    3. Freeze and schedule in the order of their slugs: two bundles that ask for the same new slugs wait
       one after the other and never for each other.
    """
    locked = []
    for draft in sorted({draft.pk: draft for draft in drafts}.values(), key=lambda each: each.pk):
        with naming_story(str(draft), draft.pk):
            version = versions.get(draft.pk)
            locked.append(lock_draft(draft, by=by, may=may_publish_draft, version=version))
    articles = lock_articles([draft.article_id for draft in locked if draft.article_id])
    for draft in sorted(locked, key=lambda draft: draft.slug or make_slug(draft.headline)):
        with naming_story(str(draft), draft.pk):
            add_story(bundle, draft, articles.get(draft.article_id or 0), by=by)


def add_story(bundle: Bundle, draft: Draft, article: Article | None, *, by: User) -> None:
    """Freeze a locked draft and schedule that edition with a locked bundle; its own release moves there."""
    at, approver_id, release = bundle.due_at, draft.approved_by_id, waiting_release(article)
    if release and release.bundle_id == bundle.pk:
        raise AlreadyScheduled
    if release and release.bundle_id:
        raise InBundle
    if release is None:
        edition = freeze_locked(draft, article, by=by)
        release = schedule_locked(edition, at=at, by=by, approver_id=approver_id, bundle=bundle)
    else:
        correction = correction_of(release.edition)
        release.edition = freeze_locked(draft, article, by=by, correction=correction)
        require_publishable(release.edition.article, release.edition, at=at)
        release.due_at, release.bundle = at, bundle
        release.approved_by_id = approver_id or release.approved_by_id
        release.reset_attempts(["edition", "due_at", "bundle", "approved_by"])
    record_audit(release, verb="bundled", by=by, bundle=bundle.title, at=at.isoformat())


@contextmanager
def naming_story(headline: str, draft_id: int | None) -> Iterator[None]:
    """Name the story in refusals that are raised inside."""
    try:
        yield
    except Refused as refusal:
        raise refusal_of_story(refusal, story=headline, number=draft_id) from None


def draft_id_of(release: Release) -> int | None:
    return Draft.objects.filter(article=release.article_id).values_list("pk", flat=True).first()
