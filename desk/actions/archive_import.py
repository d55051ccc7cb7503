"""Bring in what was published elsewhere or before: the same roads, with the time it really had."""

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
from desk.actions.expiring import expire
from desk.actions.freezing import Correction, freeze
from desk.actions.go_live import go_live
from desk.actions.locking import lock_article, lock_draft
from desk.actions.publishing import require_publishable
from desk.actions.scheduling import copy_approver
from desk.actions.withdrawing import withdraw
from desk.errors import IdentifierTaken, NotPast, Older, SlugTaken
from desk.models import Draft, Release
from desk.permissions import may_publish
from newsroom.errors import require


@transaction.atomic
def publish_backdated(
    draft: Draft, *, at: datetime, by: User, corrections: Sequence[Correction] = ()
) -> Release:
    """Show the draft as it stands as an edition that readers have had since `at`.

    Each correction note is told with that time.  Raises NotPast for a time to come, Older where
    readers have seen something since, and what `freeze` refuses.
    """
    require(may_publish(by))
    if at > timezone.now():
        raise NotPast
    for note in corrections[:-1]:
        # An edition carries one note; the others belong to editions that this one overtook.
        overtaken = freeze(draft, by=by, correction=note)
        create_settled_release(overtaken.article, overtaken, Release.State.OVERTAKEN, at=at, by=by)
    edition = freeze(draft, by=by, correction=corrections[-1] if corrections else None)
    article = lock_article(edition.article_id)
    require_publishable(article, edition, at=at)
    if article.published_at and at <= article.published_at:
        raise Older
    release = create_settled_release(article, edition, Release.State.DONE, at=at, by=by)
    go_live([release])
    copy_approver(draft, release)
    record_audit(release, verb="imported", by=by, edition=edition.number, at=at.isoformat())
    return release


def create_settled_release(
    article: Article, edition: Edition, state: Release.State, *, at: datetime, by: User
) -> Release:
    """A release that never waited."""
    return Release.objects.create(
        article=article,
        edition=edition,
        due_at=at,
        state=state,
        settled_at=timezone.now(),
        planned_by=by,
    )


@transaction.atomic
def withdraw_backdated(article: Article, *, at: datetime, notice: str, by: User) -> Article:
    """Withdraw an article as of a time that has passed: it was gone where it comes from.

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
    """Whether an article has or had this address. One that is only reserved is not here."""
    return is_slug_taken(slug, excluding=None) and not reserved_articles(slug).exists()


def is_identifier_in_use(uid: uuid.UUID, *, slugs: Collection[str]) -> bool:
    """Whether the article of this permanent identifier is here, at one of these addresses.

    Raises IdentifierTaken where it is here at none of them.
    """
    known = Article.objects.filter(uid=uid).values_list("slug", flat=True).first()
    if known is not None and known not in slugs:
        raise IdentifierTaken(known)
    return known is not None


def reserved_articles(slug: str) -> QuerySet[Article]:
    """The article of this address that has no words yet, if it is one."""
    known = Exists(Edition.objects.filter(article=OuterRef("pk")))
    begun = Exists(Draft.objects.filter(article=OuterRef("pk")))
    return Article.objects.filter(~known, ~begun, slug=slug)


@transaction.atomic
def reserve_slug(slug: str, *, by: User) -> Article:
    """An article without words, for others to be set beside it before it comes in itself."""
    require(may_publish(by))
    article = Article.objects.create(slug=slug)
    ArticleCounts.objects.create(article=article)
    record_audit(article, verb="imported", by=by)
    return article


@transaction.atomic
def free_reserved_slug(slug: str, *, by: User) -> None:
    """Free an address that was reserved for something that did not come in."""
    require(may_publish(by))
    for article in reserved_articles(slug):
        record_audit(article, verb="removed", by=by)
        article.delete()


@transaction.atomic
def assign_address(draft: Draft, *, slug: str, by: User, uid: uuid.UUID | None = None) -> Draft:
    """Give a new story exactly this address, reserved or free, and the permanent identifier it had
    elsewhere; a new one without. Raises SlugTaken."""
    if is_slug_in_use(slug):
        raise SlugTaken
    draft = lock_draft(draft)
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
    """Give an article that came in the terms it really had; one whose time is over comes down."""
    require(may_publish(by))
    for draft in Draft.objects.select_for_update().filter(article=article):
        draft.embargo_until, draft.expires_at = embargo_until, expires_at
        draft.save(update_fields=[*TERM_FIELDS])
        copy_terms(draft, lock_article(article.pk))
    expire(article.pk)
    record_audit(article, verb="imported", by=by)


@transaction.atomic
def add_former_slug(article: Article, *, slug: str, by: User) -> None:
    """Let a former address lead to the article. Raises SlugTaken where it is somebody else's."""
    require(may_publish(by))
    article = lock_article(article.pk)
    if is_slug_taken(slug, excluding=article.pk):
        raise SlugTaken
    if slug != article.slug:
        _kept, made = FormerSlug.objects.get_or_create(slug=slug, defaults={"article": article})
        if made:
            record_audit(article, verb="imported", by=by, slug=slug)
