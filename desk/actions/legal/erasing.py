"""Legal erasure: the text and photos of an article are removed for good, by law or by order of a court.

What stays is a tombstone: the address answers 410 with a neutral notice, and the history keeps numbers and
times of editions without their text. Backups: docs/runbook.md.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from articles.models import Article
from audit.actions import record_audit
from comments.actions import erase_comments_of_article
from desk.actions.article_events import event_location
from desk.actions.legal.erased_rows import (
    delete_derived_rows,
    empty_draft,
    empty_editions,
    erase_agency_copy,
    erase_quotations,
    erase_unused_polls,
    photos_and_polls_of,
    unused_photos,
)
from desk.actions.locking import (
    lock_article,
    lock_bundles_of,
    lock_claims_of,
    lock_draft_or_trashed,
    require_bundles_locked,
    save_new_version,
)
from desk.actions.withdrawing import withdraw_locked
from desk.errors import EditedElsewhere, NeverPublished
from desk.errors.legal import AlreadyErased, NoErasureReason, SlugNotConfirmed
from desk.models import Draft, Erasure
from desk.permissions import may_erase
from desk.section_rights import may_withdraw_draft
from media.actions import delete_photo_files, delete_photos
from newsroom.db.expressions import database_now
from newsroom.errors import require
from newsroom.text.normalization import canonical_slug, is_blank, normalize_line
from outbox.actions import publish_event
from wire.actions.locking import lock_story_and_deliveries


@transaction.atomic
def erase_article(
    article: Article,
    *,
    by: User,
    slug: str,
    reason: str,
    reference: str,
    comments: bool = False,
    version: int | None = None,
) -> Erasure:
    """Erase the article. Nothing brings it back but a backup.

    `slug` is typed by the person, to confirm; `reference` is the number of the order.

    1. Ask for the permission and the confirmation.
    2. Lock its agency copy, its bundles, the draft, at the `version` decided on, the article, its claims.
    3. Withdraw it with a neutral notice, or replace the notice: readers get 410.
    4. Redact what quotes it; empty editions, draft, article; delete what was derived from them.
    5. Delete photos and polls that no other story has; their files are deleted by a task.
    6. Record the erasure, and publish `article.erased` so that caches and subscribers remove their copies.

    Raises NoErasureReason, SlugNotConfirmed, NeverPublished, AlreadyErased, Locked, EditedElsewhere.
    """
    require(may_erase(by))
    require_reason(reason, reference)
    article, draft = lock_erasable(article, by=by, slug=slug, version=version)
    notice, label = neutral_texts()
    location = event_location(article)
    if article.withdrawn_at is None:
        withdraw_locked(article, notice=notice, by=by)
    removed = remove_content(article, draft, notice=notice, label=label, by=by)
    order = {"reason": normalize_line(reason), "reference": normalize_line(reference)}
    erasure = Erasure.objects.create(
        article=article, erased_by=by, are_comments_pending=comments, **order, **removed.columns()
    )
    record_audit(article, verb="erased", by=by, **audit_details(erasure))
    location |= {"photos": removed.photo_keys, "at": erasure.erased_at.isoformat()}
    publish_event("article.erased", key=article.key(), **location)
    return erasure


@dataclass(frozen=True)
class RemovedContent:
    """What was removed: the number of editions, the keys of photos, the paths of their files."""

    editions: int
    photo_keys: list[str]
    files: list[str]

    def columns(self) -> dict[str, Any]:
        """The values of an Erasure."""
        return {
            "editions": self.editions,
            "photos": len(self.photo_keys),
            "pending_files": self.files,
        }


def remove_content(
    article: Article, draft: Draft | None, *, notice: str, label: str, by: User
) -> RemovedContent:
    """Steps 4 and 5 of `erase_article`, with the article and its draft locked."""
    photos, polls = photos_and_polls_of(article, draft)
    erase_quotations(article, draft, label=label)
    editions = empty_editions(article, headline=label)
    empty_article(article, notice=notice)
    if draft:
        empty_draft(draft, headline=label)
        photos |= erase_agency_copy(draft, label=label)
        draft.trashed_at = draft.trashed_at or database_now()
        draft.stage, draft.approved_by = Draft.Stage.WRITING, None
        save_new_version(draft, by=by, fields=["trashed_at", "stage", "approved_by"])
    delete_derived_rows(article)
    unused = unused_photos(photos)
    files = delete_photos(unused, label=label)
    erase_unused_polls(polls, label=label)
    return RemovedContent(editions, [photo.key for photo in unused], files)


def require_reason(reason: str, reference: str) -> None:
    """Raise NoErasureReason."""
    if is_blank(reason) or is_blank(reference):
        raise NoErasureReason


def neutral_texts() -> tuple[str, str]:
    """The notice for readers, and what stands in place of the headline; in the language of the site."""
    with override(settings.LANGUAGE_CODE):
        return _("This article was erased by law or by order of a court."), _("(erased)")


def audit_details(erasure: Erasure) -> dict[str, str | int | bool]:
    """What the audit log says of an erasure: nothing of what was erased."""
    return {
        "reason": erasure.reason,
        "reference": erasure.reference,
        "editions": erasure.editions,
        "photos": erasure.photos,
        "comments": erasure.are_comments_pending,
    }


def lock_erasable(
    article: Article, *, by: User, slug: str, version: int | None
) -> tuple[Article, Draft | None]:
    """Lock the agency copy as intake does, the bundles, on whose other releases reasons are erased, the
    draft, the article and its claims.

    Raises EditedElsewhere, SlugNotConfirmed, NeverPublished, AlreadyErased.
    """
    lock_agency_copy(article)
    bundles = lock_bundles_of(article.pk)
    draft = lock_draft_of(article, by=by, version=version)
    article = lock_article(article.pk)
    require_bundles_locked(article.pk, bundles)
    lock_claims_of(article)
    if canonical_slug(slug.strip()) != article.slug:
        raise SlugNotConfirmed
    if article.first_published_at is None:
        raise NeverPublished
    if Erasure.objects.filter(article=article).exists():
        raise AlreadyErased
    return article, draft


def lock_agency_copy(article: Article) -> None:
    """Lock the agency story that the article was begun from, with its deliveries, before its draft.

    Where the version was moved to another story before the lock, the locks are given back and taken anew.
    """
    drafts = Draft.objects.filter(article=article, wire_version__isnull=False)
    stories = drafts.values_list("wire_version__story", flat=True)
    while (story_id := stories.first()) is not None:
        with transaction.atomic():
            lock_story_and_deliveries(story_id)
            if stories.first() == story_id:
                return
            transaction.set_rollback(True)


def lock_draft_of(article: Article, *, by: User, version: int | None) -> Draft | None:
    """Lock the draft of the article, in the trash or not. Raises OtherSection, Locked, EditedElsewhere."""
    draft = Draft.objects.filter(article=article).first()
    if draft is None:
        if version is not None:
            raise EditedElsewhere
        return None
    return lock_draft_or_trashed(draft, by=by, may=may_withdraw_draft, version=version)


def empty_article(article: Article, *, notice: str) -> None:
    """Empty what the article has of text, photo and poll; its address and times stay."""
    article.notice, article.corrections = notice, []
    emptied = ["lead_photo", "social_photo", "poll", "held_at"]
    for name in emptied:
        setattr(article, name, None)
    article.save(update_fields=["notice", "corrections", *emptied])


def finish_erasures() -> int:
    """Delete the files and empty the comments of erasures that are committed; how many were finished.

    May run twice: a file that is gone counts as deleted. What fails is tried again.
    """
    return sum(finish_erasure(erasure) for erasure in Erasure.objects.unfinished().order_by("pk"))


@transaction.atomic
def finish_erasure(erasure: Erasure) -> bool:
    """Finish one erasure, unless another worker does; whether nothing is left."""
    rows = Erasure.objects.select_for_update(skip_locked=True).filter(pk=erasure.pk)
    locked = rows.first()
    if locked is None:
        return False
    if locked.are_comments_pending:
        erase_comments_of_article(locked.article)
    locked.are_comments_pending = False
    locked.pending_files = delete_photo_files(locked.pending_files)
    locked.save(update_fields=["are_comments_pending", "pending_files"])
    return not locked.pending_files
