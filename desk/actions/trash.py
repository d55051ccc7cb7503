"""Trash: move drafts into it, and restore them with everything they had."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from audit.actions import record_audit
from desk.actions.locking import (
    lock_article,
    lock_draft,
    lock_draft_or_trashed,
    save_trash_state,
)
from desk.errors import StillOut
from desk.errors.legal import AlreadyErased
from desk.models import Draft, Erasure, Release
from desk.permissions import may_write
from desk.section_rights import may_write_draft
from newsroom.errors import require


@transaction.atomic
def move_to_trash(draft: Draft, *, by: User, version: int | None = None) -> None:
    """Move the draft to the trash. Raises StillOut while its article is live or scheduled."""
    require(may_write(by))
    draft = lock_draft(draft, by=by, may=may_write_draft, version=version)
    if draft.article_id:
        lock_article(draft.article_id)
        waiting = Release.objects.waiting().filter(article=draft.article_id).exists()
        if waiting or Article.objects.live().filter(pk=draft.article_id).exists():
            raise StillOut
    draft.trashed_at = timezone.now()
    save_trash_state(draft)
    record_audit(draft, verb="threw_away", by=by)


@transaction.atomic
def restore_from_trash(draft: Draft, *, by: User, version: int | None = None) -> Draft:
    """Take the draft out of the trash, with everything it had. Raises EditedElsewhere, AlreadyErased."""
    require(may_write(by))
    draft = lock_draft_or_trashed(draft, by=by, may=may_write_draft, version=version)
    if draft.trashed_at:
        if Erasure.objects.filter(article=draft.article_id).exists():
            raise AlreadyErased
        draft.trashed_at = None
        save_trash_state(draft)
        record_audit(draft, verb="took_out_of_trash", by=by)
    return draft
