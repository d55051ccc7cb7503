"""Bring in what was published elsewhere or before: the same roads, with the time it really had."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import User
from articles.models import Article, ArticleCounts, Edition, FormerSlug
from audit.actions import record
from desk.actions.drafts import is_taken
from desk.actions.embargo import TERMS, carry_terms
from desk.actions.expiring import expire
from desk.actions.freezing import Correction, freeze
from desk.actions.go_live import show
from desk.actions.locking import hold, lock
from desk.actions.publishing import refuse_unfit
from desk.actions.scheduling import keep_approver
from desk.actions.withdrawing import withdraw
from desk.errors import IdentifierTaken, NotPast, Older, SlugTaken
from desk.models import Draft, Release
from desk.permissions import may_publish
from newsroom.errors import require


@transaction.atomic
def publish_past(
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
        settled(overtaken.article, overtaken, Release.State.OVERTAKEN, at=at, by=by)
    edition = freeze(draft, by=by, correction=corrections[-1] if corrections else None)
    article = lock(edition.article_id)
    refuse_unfit(article, edition, at=at)
    if article.published_at and at <= article.published_at:
        raise Older
    release = settled(article, edition, Release.State.DONE, at=at, by=by)
    show([release])
    keep_approver(draft, release)
    record(release, verb="imported", by=by, edition=edition.number, at=at.isoformat())
    return release


def settled(
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
def withdraw_past(article: Article, *, at: datetime, notice: str, by: User) -> Article:
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
    record(article, verb="imported", by=by, at=at.isoformat())
    return article


def is_here(slug: str) -> bool:
    """Whether an article has or had this address. One that is only reserved is not here."""
    return is_taken(slug, by_other_than=None) and not reserved(slug).exists()


def is_known(uid: uuid.UUID, *, slugs: Collection[str]) -> bool:
    """Whether the article of this permanent identifier is here, at one of these addresses.

    Raises IdentifierTaken where it is here at none of them.
    """
    known = Article.objects.filter(uid=uid).values_list("slug", flat=True).first()
    if known is not None and known not in slugs:
        raise IdentifierTaken(known)
    return known is not None


def reserved(slug: str) -> QuerySet[Article]:
    """The article of this address that has no words yet, if it is one."""
    known = Exists(Edition.objects.filter(article=OuterRef("pk")))
    begun = Exists(Draft.objects.filter(article=OuterRef("pk")))
    return Article.objects.filter(~known, ~begun, slug=slug)


@transaction.atomic
def reserve(slug: str, *, by: User) -> Article:
    """An article without words, for others to be set beside it before it comes in itself."""
    require(may_publish(by))
    article = Article.objects.create(slug=slug)
    ArticleCounts.objects.create(article=article)
    record(article, verb="imported", by=by)
    return article


@transaction.atomic
def give_up(slug: str, *, by: User) -> None:
    """Free an address that was reserved for something that did not come in."""
    require(may_publish(by))
    for article in reserved(slug):
        record(article, verb="removed", by=by)
        article.delete()


@transaction.atomic
def give_address(draft: Draft, *, slug: str, by: User, uid: uuid.UUID | None = None) -> Draft:
    """Give a new story exactly this address, reserved or free, and the permanent identifier it had
    elsewhere; a new one without. Raises SlugTaken."""
    if is_here(slug):
        raise SlugTaken
    draft = hold(draft)
    draft.article = reserved(slug).first() or reserve(slug, by=by)
    draft.save(update_fields=["article"])
    if uid:
        draft.article.uid = uid
        draft.article.save(update_fields=["uid"])
    carry_terms(draft, draft.article)
    return draft


@transaction.atomic
def give_terms(
    article: Article, *, embargo_until: datetime | None, expires_at: datetime | None, by: User
) -> None:
    """Give an article that came in the terms it really had; one whose time is over comes down."""
    require(may_publish(by))
    for draft in Draft.objects.select_for_update().filter(article=article):
        draft.embargo_until, draft.expires_at = embargo_until, expires_at
        draft.save(update_fields=[*TERMS])
        carry_terms(draft, lock(article.pk))
    expire(article.pk)
    record(article, verb="imported", by=by)


@transaction.atomic
def remember_address(article: Article, *, slug: str, by: User) -> None:
    """Let a former address lead to the article. Raises SlugTaken where it is somebody else's."""
    require(may_publish(by))
    article = lock(article.pk)
    if is_taken(slug, by_other_than=article.pk):
        raise SlugTaken
    if slug != article.slug:
        _kept, made = FormerSlug.objects.get_or_create(slug=slug, defaults={"article": article})
        if made:
            record(article, verb="imported", by=by, slug=slug)
