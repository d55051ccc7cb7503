"""Review: handed in, approved, sent back. Four eyes where they are switched on."""

from django.conf import settings
from django.db import transaction

from accounts.models import User
from audit.actions import record_audit
from desk.actions.locking import lock_draft
from desk.errors import NotApproved, NotReady, WrongStage
from desk.models import Draft
from desk.permissions import may_approve, may_write
from media.representation import photo_text_of_use
from newsroom.errors import require
from newsroom.text.normalization import normalize_text


@transaction.atomic
def submit(draft: Draft, *, by: User, version: int | None = None) -> Draft:
    """Hand the story in. Raises NotReady with what is missing."""
    require(may_write(by))
    draft = lock_draft(draft, version=version)
    if draft.stage != Draft.Stage.WRITING:
        raise WrongStage
    if problems := draft.problems():
        raise NotReady(problems)
    return move(draft, Draft.Stage.SUBMITTED, by=by, verb="submitted")


@transaction.atomic
def approve(draft: Draft, *, by: User, version: int | None = None) -> Draft:
    """Approve this version. With four eyes on, the last editor cannot be the approver."""
    require(may_approve(by))
    draft = lock_draft(draft, version=version)
    if draft.stage != Draft.Stage.SUBMITTED:
        raise WrongStage
    if settings.FOUR_EYES and draft.changed_by_id == by.pk:
        raise NotApproved
    draft.approved_by = by
    draft.approved_photo_text = photo_text_of_use(draft.lead_photo, draft.lead_photo_text) or None
    return move(draft, Draft.Stage.APPROVED, by=by, verb="approved")


@transaction.atomic
def send_back(draft: Draft, *, by: User, version: int | None = None, note: str = "") -> Draft:
    """Give the story back to its writer, with a word why."""
    require(may_approve(by))
    draft = lock_draft(draft, version=version)
    if draft.stage == Draft.Stage.WRITING:
        raise WrongStage
    draft.approved_by = None
    return move(draft, Draft.Stage.WRITING, by=by, verb="sent_back", note=normalize_text(note))


def move(draft: Draft, stage: Draft.Stage, *, by: User, verb: str, **details: str) -> Draft:
    """Put a held draft at another stage. Its words and so its version stay as they are."""
    draft.stage = stage
    draft.save(update_fields=["stage", "approved_by", "approved_photo_text"])
    record_audit(draft, verb=verb, by=by, version=draft.version, **details)
    return draft
