"""Import: publish and withdraw articles as of the time at which that happened elsewhere."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import User
from articles.models import Article, ArticleCounts, Edition, FormerSlug
from audit.actions import record_audit
from desk.actions.drafts import is_slug_taken
from desk.actions.embargo import TERM_FIELDS, copy_terms
from desk.actions.freezing import Correction, freeze_locked
from desk.actions.go_live import go_live
from desk.actions.locking import lock_article, lock_draft, lock_draft_and_article, save_new_version
from desk.actions.publishing import require_publishable
from desk.actions.versions.versioning import record_version
from desk.actions.withdrawing import expire, withdraw
from desk.errors import IdentifierTaken, NotPast, Older, SlugTaken
from desk.models import Draft, Release
from desk.permissions import may_publish
from desk.section_rights import may_publish_draft
from newsroom.errors import require


@transaction.atomic
def publish_backdated(
    draft: Draft, *, at: datetime, by: User, corrections: Sequence[Correction] = ()
) -> Release:
    """Publish the draft as it stands as an edition that readers have had since `at`.

    1. Lock the draft and its article.
    2. Freeze one overtaken edition for each correction note but the last: an edition carries one note.
    3. Freeze the edition with the last note, and let it go live as of `at`.

    The notes are dated `at`.  Raises NotPast for a time to come, Older where readers have seen a later
    edition, and what `freeze` and `require_publishable` refuse.
    """
    require(may_publish(by))
    if at > timezone.now():
        raise NotPast
    draft, article = lock_draft_and_article(draft, by=by, may=may_publish_draft)
    for note in corrections[:-1]:
        overtaken = freeze_locked(draft, article, by=by, correction=note)
        article = overtaken.article
        create_settled_release(overtaken, Release.State.OVERTAKEN, at=at, by=by)
    last_note = corrections[-1] if corrections else None
    edition = freeze_locked(draft, article, by=by, correction=last_note)
    require_publishable(edition.article, edition, at=at)
    if edition.article.published_at and at <= edition.article.published_at:
        raise Older
    approver_id = draft.approved_by_id
    release = create_settled_release(
        edition, Release.State.DONE, at=at, by=by, approver_id=approver_id
    )
    go_live([release])
    record_audit(release, verb="imported", by=by, edition=edition.number, at=at.isoformat())
    return release


def create_settled_release(
    edition: Edition,
    state: Release.State,
    *,
    at: datetime,
    by: User,
    approver_id: int | None = None,
) -> Release:
    """A release that has its outcome from the start. `edition.article` is locked."""
    return Release.objects.create(
        article=edition.article,
        edition=edition,
        due_at=at,
        state=state,
        settled_at=timezone.now(),
        planned_by=by,
        approved_by_id=approver_id,
    )


@transaction.atomic
def withdraw_backdated(article: Article, *, at: datetime, notice: str, by: User) -> Article:
    """Withdraw an article as of a time that has passed.

    Raises NotPast, Older for a time before its last publication, and what `withdraw` refuses.
    """
    if at > timezone.now():
        raise NotPast
    article = withdraw(article, notice=notice, by=by)
    if article.published_at and at < article.published_at:
        raise Older
    article.withdrawn_at = at
    article.save(update_fields=["withdrawn_at"])
    record_audit(article, verb="imported", by=by, at=at.isoformat())
    return article


def is_slug_in_use(slug: str) -> bool:
    """Whether an article has or had this slug. One that is only reserved is not in use."""
    return is_slug_taken(slug, excluding=None) and not reserved_articles(slug).exists()


def is_identifier_in_use(uid: uuid.UUID, *, slugs: Collection[str]) -> bool:
    """Whether the article of this permanent identifier exists, at one of these slugs.

    Raises IdentifierTaken where it exists at another slug.
    """
    known = Article.objects.filter(uid=uid).values_list("slug", flat=True).first()
    if known is not None and known not in slugs:
        raise IdentifierTaken(known)
    return known is not None


def reserved_articles(slug: str) -> QuerySet[Article]:
    """The article of this slug where it is only reserved: without any edition or draft."""
    has_edition = Exists(Edition.objects.filter(article=OuterRef("pk")))
    has_draft = Exists(Draft.objects.filter(article=OuterRef("pk")))
    return Article.objects.filter(~has_edition, ~has_draft, slug=slug)


@transaction.atomic
def reserve_slug(slug: str, *, by: User) -> Article:
    """An article without text, so that others can be related to it before it is imported itself."""
    require(may_publish(by))
    article = Article.objects.create(slug=slug)
    ArticleCounts.objects.create(article=article)
    record_audit(article, verb="imported", by=by)
    return article


@transaction.atomic
def free_reserved_slug(slug: str, *, by: User) -> None:
    """Delete the article of a slug that was reserved for something that was not imported."""
    require(may_publish(by))
    for article in reserved_articles(slug):
        record_audit(article, verb="removed", by=by)
        article.delete()


@transaction.atomic
def assign_address(draft: Draft, *, slug: str, by: User, uid: uuid.UUID | None = None) -> Draft:
    """Give a new draft the article of exactly this slug, reserved or new, and the permanent identifier that
    it had elsewhere, if any. Raises SlugTaken."""
    if is_slug_in_use(slug):
        raise SlugTaken
    draft = lock_draft(draft, by=by, may=may_publish_draft)
    draft.article = reserved_articles(slug).first() or reserve_slug(slug, by=by)
    draft.save(update_fields=["article"])
    if uid:
        draft.article.uid = uid
        draft.article.save(update_fields=["uid"])
    copy_terms(draft, draft.article)
    return draft


@transaction.atomic
def set_imported_terms(
    article: Article, *, embargo_until: datetime | None, expires_at: datetime | None, by: User
) -> None:
    """Set embargo and expiry of an imported article to what they were; one that has expired comes down."""
    require(may_publish(by))
    for draft in Draft.objects.select_for_update().filter(article=article):
        draft.embargo_until, draft.expires_at = embargo_until, expires_at
        save_new_version(draft, by=by, fields=[*TERM_FIELDS])
        record_version(draft, by=by)
        copy_terms(draft, lock_article(article.pk))
    expire(article.pk)
    record_audit(article, verb="imported", by=by)


@transaction.atomic
def add_former_slug(article: Article, *, slug: str, by: User) -> None:
    """Let a former slug redirect to the article. Raises SlugTaken where it is another article's."""
    require(may_publish(by))
    article = lock_article(article.pk)
    if is_slug_taken(slug, excluding=article.pk):
        raise SlugTaken
    if slug != article.slug:
        _row, created = FormerSlug.objects.get_or_create(slug=slug, defaults={"article": article})
        if created:
            record_audit(article, verb="imported", by=by, slug=slug)
