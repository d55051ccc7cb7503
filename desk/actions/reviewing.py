"""Review workflow: submit, approve, send back; with the four-eyes rule where it is switched on."""

from django.conf import settings
from django.db import transaction

from accounts.models import User
from audit.actions import record_audit
from desk.actions.locking import lock_draft
from desk.actions.versioning import mark_version
from desk.errors import NotApproved, NotReady, WrongStage
from desk.models import Draft, VersionMark
from desk.permissions import may_approve, may_write
from media.representation import photo_text_of_use
from newsroom.errors import require
from newsroom.text.normalization import normalize_text


@transaction.atomic
def submit(draft: Draft, *, by: User, version: int | None = None) -> Draft:
    """Submit the draft for review. Raises NotReady with what is missing, WrongStage, EditedElsewhere."""
    require(may_write(by))
    draft = lock_draft(draft, version=version)
    if draft.stage != Draft.Stage.WRITING:
        raise WrongStage
    if problems := draft.problems():
        raise NotReady(problems)
    return set_stage(draft, Draft.Stage.SUBMITTED, by=by, verb="submitted")


@transaction.atomic
def approve(draft: Draft, *, by: User, version: int | None = None) -> Draft:
    """Approve this version.

    Raises WrongStage, EditedElsewhere, and NotApproved for the last editor where the four-eyes rule is on.
    """
    require(may_approve(by))
    draft = lock_draft(draft, version=version)
    if draft.stage != Draft.Stage.SUBMITTED:
        raise WrongStage
    if settings.FOUR_EYES and draft.changed_by_id == by.pk:
        raise NotApproved
    draft.approved_by = by
    draft.approved_photo_text = photo_text_of_use(draft.lead_photo, draft.lead_photo_text) or None
    return set_stage(draft, Draft.Stage.APPROVED, by=by, verb="approved")


@transaction.atomic
def send_back(draft: Draft, *, by: User, version: int | None = None, note: str = "") -> Draft:
    """Send the draft back to its writer; `note` says why. Raises WrongStage, EditedElsewhere."""
    require(may_approve(by))
    draft = lock_draft(draft, version=version)
    if draft.stage == Draft.Stage.WRITING:
        raise WrongStage
    draft.approved_by = None
    return set_stage(draft, Draft.Stage.WRITING, by=by, verb="sent_back", note=normalize_text(note))


def set_stage(draft: Draft, stage: Draft.Stage, *, by: User, verb: str, **details: str) -> Draft:
    """Set the stage of a locked draft. Its text, and so its version, stays as it is."""
    draft.stage = stage
    draft.save(update_fields=["stage", "approved_by", "approved_photo_text"])
    if stage != Draft.Stage.WRITING:
        mark_version(draft, VersionMark.Kind(stage))
    record_audit(draft, verb=verb, by=by, version=draft.version, **details)
    return draft
