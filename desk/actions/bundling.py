"""Bundle: several stories that go out at one instant, all of them or none.

Whoever changes a bundle holds it, its drafts by number, and the articles by number, in that order. A
plan that is cancelled, overtaken or taken out goes its own way; the others still go out together.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction

from accounts.models import User
from articles.slugs import make_slug
from audit.actions import record_audit
from desk.actions.freezing import freeze
from desk.actions.locking import limit_lock_wait, lock_article, lock_articles, lock_draft
from desk.actions.publishing import require_publishable, settle_due
from desk.actions.scheduling import (
    copy_approver,
    correction_of,
    reset_attempts,
    schedule_edition,
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
    TooLate,
    refusal_of_story,
)
from desk.models import Bundle, Draft, Release
from desk.permissions import may_publish
from newsroom.db.expressions import database_now
from newsroom.errors import Refused, require
from newsroom.text.normalization import normalize_line

Versions = Mapping[int, int | None]


@transaction.atomic
def schedule_bundle(
    drafts: Sequence[Draft], *, title: str, at: datetime, by: User, versions: Versions | None = None
) -> Bundle:
    """Freeze the drafts as they stand and plan them all for one instant; or none of them.

    A story that waits by itself gives its slot up for this one. `versions` are those that somebody
    decided on, by the drafts' numbers.  Raises NothingToBundle, TooLate, InBundle, and for each story
    what `plan` refuses, with its headline and its number in `more["draft"]`.
    """
    require(may_publish(by))
    if not drafts:
        raise NothingToBundle
    if at <= database_now():
        raise TooLate
    made = Bundle.objects.create(title=normalize_line(title)[:120], due_at=at, planned_by=by)
    record_audit(made, verb="scheduled", by=by, at=at.isoformat())
    take_in(made, drafts, by=by, versions=versions or {})
    return made


@transaction.atomic
def add_to_bundle(
    bundle: Bundle,
    *,
    drafts: Sequence[Draft],
    by: User,
    version: int | None = None,
    versions: Versions | None = None,
) -> Bundle:
    """Let more stories go out with those of a bundle. `version` is the bundle's, as it was read.

    Raises BundleOver, EditedElsewhere, and what `bundle` refuses.
    """
    require(may_publish(by))
    held = hold_bundle(bundle, version=version)
    if not drafts:
        raise NothingToBundle
    if held.due_at <= database_now():
        raise TooLate
    take_in(held, drafts, by=by, versions=versions or {})
    changed(held)
    return held


@transaction.atomic
def remove_from_bundle(release: Release, *, by: User, version: int | None = None) -> Release:
    """Let a plan leave its bundle; it goes out by itself then, at the time agreed. What kept the others
    back may have been this one: they are tried again at once.

    Raises NotBundled, Settled, EditedElsewhere.
    """
    require(may_publish(by))
    home = Bundle.objects.filter(releases=release.pk).first()
    if home is None:
        raise NotBundled
    home = hold_bundle(home, version=version, over_too=True)
    members = hold_members(home)
    left = next((member for member in members if member.pk == release.pk), None)
    if left is None:
        raise Settled
    left.bundle = None
    reset_attempts(left, fields=["bundle"])
    record_audit(left, verb="unbundled", by=by, bundle=home.title)
    for member in members:
        if member.state == Release.State.FAILED:
            reset_attempts(member, fields=[])
    changed(home)
    return left


@transaction.atomic
def reschedule_bundle(
    bundle: Bundle, *, at: datetime, by: User, version: int | None = None
) -> Bundle:
    """Let all that waits in a bundle go out at another time to come.

    Raises BundleOver, TooLate, EditedElsewhere, and for each story what `move` refuses.
    """
    require(may_publish(by))
    held = hold_bundle(bundle, version=version)
    if at <= database_now():
        raise TooLate
    for member in hold_members(held):
        with naming(member.edition.headline, draft_number(member)):
            require_publishable(member.article, member.edition, at=at)
        before, member.due_at = member.due_at, at
        reset_attempts(member, fields=["due_at"])
        record_audit(member, verb="moved", by=by, before=before.isoformat(), at=at.isoformat())
    before, held.due_at = held.due_at, at
    changed(held, fields=["due_at"])
    record_audit(held, verb="moved", by=by, before=before.isoformat(), at=at.isoformat())
    return held


@transaction.atomic
def cancel_bundle(bundle: Bundle, *, by: User, version: int | None = None) -> Bundle:
    """Take back all plans of a bundle that wait. Raises BundleOver, EditedElsewhere."""
    require(may_publish(by))
    held = hold_bundle(bundle, version=version)
    now = database_now()
    for member in hold_members(held):
        member.settle(Release.State.CANCELLED, at=now)
        record_audit(member, verb="cancelled", by=by, edition=member.edition.number)
    changed(held)
    record_audit(held, verb="cancelled", by=by)
    return held


@transaction.atomic
def find_blocking_release(bundle: Bundle) -> tuple[Release, Exception] | None:
    """The story that keeps its bundle back, and why: each is tried by itself and undone again. None
    where each could go out alone.

    That the database could not is nobody's fault, and raised.
    """
    limit_lock_wait()
    Bundle.objects.select_for_update().get(pk=bundle.pk)
    for member in hold_members(bundle):
        now = database_now()
        try:
            with transaction.atomic():
                articles = {member.article_id: lock_article(member.article_id)}
                settle_due(Release.objects.filter(pk=member.pk), articles=articles, now=now)
                transaction.set_rollback(True)
        except (OperationalError, InterfaceError):
            raise
        except Exception as broken:  # noqa: BLE001  # whatever it is, it is the answer
            return member, broken
    return None


# -- steps ---------------------------------------------------------------------------------------


def hold_bundle(bundle: Bundle, *, version: int | None, over_too: bool = False) -> Bundle:
    """Hold the bundle until the transaction ends, and read it anew.

    Raises EditedElsewhere; BundleOver where nothing of it waits (`over_too`: then as well).
    """
    held = Bundle.objects.select_for_update().get(pk=bundle.pk)
    if version is not None and held.version != version:
        raise EditedElsewhere
    if not over_too and not Bundle.objects.waiting().filter(pk=held.pk).exists():
        raise BundleOver
    return held


def hold_members(bundle: Bundle) -> list[Release]:
    """What waits in a held bundle, with the articles, which are held from now on."""
    own = Release.objects.filter(bundle=bundle)
    articles = lock_articles(own.waiting().values("article"))
    members = list(own.waiting().filter(article__in=articles).select_related("edition"))
    for member in members:
        member.article = articles[member.article_id]
    return sorted(members, key=lambda member: member.pk)


def changed(bundle: Bundle, *, fields: Sequence[str] = ()) -> None:
    """Keep what changed of a held bundle, as its next version."""
    bundle.version += 1
    bundle.save(update_fields=[*fields, "version"])


def take_in(bundle: Bundle, drafts: Sequence[Draft], *, by: User, versions: Versions) -> None:
    """Freeze each draft and plan it with the bundle, which the caller holds."""
    unique = {draft.pk: draft for draft in drafts}
    held = []
    for pk in sorted(unique):
        with naming(str(unique[pk]), pk):
            held.append(lock_draft(unique[pk], version=versions.get(pk)))
    lock_articles([draft.article_id for draft in held if draft.article_id])
    # New addresses are taken in one order, whatever the drafts' numbers: two bundles that wish for
    # the same ones wait one after the other.
    for draft in sorted(held, key=lambda draft: draft.slug or make_slug(draft.headline)):
        with naming(str(draft), draft.pk):
            plan_with(bundle, draft, by=by)


def plan_with(bundle: Bundle, draft: Draft, *, by: User) -> None:
    """Freeze a held draft and plan that edition with a held bundle."""
    waiting = waiting_release(draft)
    if waiting is None:
        release = schedule_edition(freeze(draft, by=by), at=bundle.due_at, by=by)
        release.bundle = bundle
        release.save(update_fields=["bundle"])
    elif waiting.bundle_id == bundle.pk:
        raise AlreadyScheduled
    elif waiting.bundle_id:
        raise InBundle
    else:
        release = waiting
        release.edition = freeze(draft, by=by, correction=correction_of(waiting.edition))
        require_publishable(lock_article(release.article_id), release.edition, at=bundle.due_at)
        release.due_at, release.bundle = bundle.due_at, bundle
        reset_attempts(release, fields=["edition", "due_at", "bundle"])
    record_audit(release, verb="bundled", by=by, bundle=bundle.title, at=bundle.due_at.isoformat())
    copy_approver(draft, release)


@contextmanager
def naming(story: str, number: int | None) -> Iterator[None]:
    """Let a refusal say which story it is about."""
    try:
        yield
    except Refused as refusal:
        raise refusal_of_story(refusal, story=story, number=number) from None


def draft_number(release: Release) -> int | None:
    return Draft.objects.filter(article=release.article_id).values_list("pk", flat=True).first()
