"""Review workflow: submit, approve, send back; with the four-eyes rule (desk/approval.py)."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import record_audit
from desk.actions.locking import lock_article, lock_draft
from desk.actions.publishing import cancel_locked, waiting_release
from desk.actions.versions.versioning import mark_version
from desk.approval import needs_approval, photo_text_to_approve, require_second_person
from desk.errors import NotReady, WrongStage
from desk.models import Draft, Notice, VersionMark
from desk.notifications.notify import create_notices
from desk.permissions import may_approve, may_write
from desk.section_rights import may_approve_draft, may_write_draft
from newsroom.errors import require
from newsroom.text.normalization import normalize_text


@transaction.atomic
def submit(draft: Draft, *, by: User, version: int | None = None) -> Draft:
    """Submit the draft for review. Raises NotReady with what is missing, WrongStage, EditedElsewhere."""
    require(may_write(by))
    draft = lock_draft(draft, by=by, may=may_write_draft, version=version)
    if draft.stage != Draft.Stage.WRITING:
        raise WrongStage
    if problems := draft.problems():
        raise NotReady(problems)
    return set_stage(draft, Draft.Stage.SUBMITTED, by=by, verb="submitted")


@transaction.atomic
def approve(draft: Draft, *, by: User, version: int | None = None) -> Draft:
    """Approve this version.

    Raises WrongStage, EditedElsewhere, and NotApproved for the last editor where the four-eyes rule holds.
    """
    require(may_approve(by))
    draft = lock_draft(draft, by=by, may=may_approve_draft, version=version)
    if draft.stage != Draft.Stage.SUBMITTED:
        raise WrongStage
    require_second_person(draft, by=by)
    draft.approved_by, draft.moved_from = by, None
    draft.approved_photo_text = photo_text_to_approve(draft)
    return set_stage(draft, Draft.Stage.APPROVED, by=by, verb="approved")


@transaction.atomic
def send_back(draft: Draft, *, by: User, version: int | None = None, note: str = "") -> Draft:
    """Send the draft back to its writer; `note` says why. Raises WrongStage, EditedElsewhere.

    An approval ends with it: where the four-eyes rule holds, the scheduled edition of the approved text is
    cancelled, and its planner is notified.
    """
    require(may_approve(by))
    draft = lock_draft(draft, by=by, may=may_approve_draft, version=version)
    if draft.stage == Draft.Stage.WRITING:
        raise WrongStage
    if draft.stage == Draft.Stage.APPROVED and needs_approval(draft):
        cancel_unapproved(draft, by=by)
    draft.approved_by = draft.approved_photo_text = None
    return set_stage(draft, Draft.Stage.WRITING, by=by, verb="sent_back", note=normalize_text(note))


def cancel_unapproved(draft: Draft, *, by: User) -> None:
    """Cancel the scheduled edition of the text of a locked draft. That of an older text, which was approved
    by itself, stays."""
    if draft.article_id is None:
        return
    release = waiting_release(lock_article(draft.article_id))
    if release is None or release.edition.frozen_at < draft.changed_at:
        return
    cancel_locked(release, by=by)
    create_notices(
        release,
        what=Notice.What.MISSED,
        label=release.edition.headline,
        reason=_("%(who)s has sent the story back, and its approval has ended.") % {"who": by},
        owner=release.planned_by,
    )


def set_stage(draft: Draft, stage: Draft.Stage, *, by: User, verb: str, **details: str) -> Draft:
    """Set the stage of a locked draft. Its text, and so its version, stays as it is."""
    draft.stage = stage
    draft.save(update_fields=["stage", "approved_by", "approved_photo_text", "moved_from"])
    if stage != Draft.Stage.WRITING:
        mark_version(draft, VersionMark.Kind(stage))
    record_audit(draft, verb=verb, by=by, version=draft.version, **details)
    return draft
