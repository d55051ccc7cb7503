"""Decisions on comments: show, hide, hold, leave as it is; each with its audit entry and `Decision` row."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.models import User
from audit.actions import record_audit
from comments.actions.counting import change_comment_state
from comments.actions.leasing import require_free, require_not_own
from comments.actions.locking import lock_with_parent
from comments.actions.pinning import has_room_for_pin
from comments.actions.queueing import last_decision, raise_changed
from comments.actions.reporting import settle_reports
from comments.errors import (
    AlreadyDecided,
    CommentDeleted,
    NoSuchComment,
)
from comments.errors.procedures import CommentBlocked
from comments.models import Comment, Commenter, Decision, DecisionReason, ModerationItem, Report
from comments.notifications.notify import notify_decision
from comments.permissions import may_moderate_comments
from newsroom.errors import require

State = Comment.State
Kind = Decision.Kind
Outcome = Report.Outcome
MAX_REASON_CHARS = 200


@transaction.atomic
def show_comment(
    comment: Comment, *, by: User, reason: str = "", version: int | None = None
) -> Comment:
    """Show a comment that was held or hidden, in its former place, and dismiss its reports.

    One that reports have hidden is pinned again if it was, and its article has room for the pin.
    `reason` is for moderators; `version` is the one that the moderator has read.  Raises NotAllowed,
    OwnCommentDecision, CommentDeleted, AlreadyDecided, CommentChanged, Leased.
    """
    comment = lock_for_decision(comment, by=by, version=version, unless=State.VISIBLE)
    decision = new_decision(comment, Kind.SHOW, by=by, reason=reason)
    if comment.state == State.HELD:
        count_approved(comment)
    columns: dict[str, Any] = {"reason": ""}
    if comment.state == State.HELD and decision.former_pinned_at and has_room_for_pin(comment):
        columns["pinned_at"] = decision.former_pinned_at
    details = {"reason": decision.reason}
    change_comment_state(comment, State.VISIBLE, verb="showed", by=by, details=details, **columns)
    return settle_decision(comment, decision, by=by, outcome=Outcome.DISMISSED)


@transaction.atomic
def hide_comment(
    comment: Comment,
    *,
    by: User,
    reason: str = "",
    reason_code: str = "",
    reports: str = "",
    version: int | None = None,
) -> Comment:
    """Hide a comment from readers and settle its reports as `reports` says (`Report.Outcome`).

    `reason` is for moderators; the writer reads the message of the DecisionReason `reason_code`.  Raises
    as `show_comment` does.
    """
    comment = lock_for_decision(comment, by=by, version=version, unless=State.HIDDEN)
    decision = new_decision(comment, Kind.HIDE, by=by, reason=reason, reason_code=reason_code)
    change_comment_state(
        comment,
        State.HIDDEN,
        verb="hid",
        by=by,
        reason=decision.reason,
        details={
            name: value
            for name, value in (("code", reason_code), ("reports_outcome", reports))
            if value
        },
    )
    return settle_decision(comment, decision, by=by, outcome=reports)


@transaction.atomic
def hold_comment(
    comment: Comment, *, by: User, reason: str = "", version: int | None = None
) -> Comment:
    """Hold a comment until a moderator decides. Its reports stay open. Raises as `show_comment` does."""
    comment = lock_for_decision(comment, by=by, version=version, unless=State.HELD)
    decision = new_decision(comment, Kind.HOLD, by=by, reason=reason)
    change_comment_state(comment, State.HELD, verb="held", by=by, reason=decision.reason)
    decision.version = comment.version
    decision.save()
    return comment


@transaction.atomic
def dismiss_reports(
    comment: Comment, *, by: User, reason: str = "", version: int | None = None
) -> Comment:
    """Leave a reported or flagged comment as it is and dismiss its reports.

    No report hides it from then on until its author edits it.  Raises as `show_comment` does, and
    AlreadyDecided if it is neither reported nor flagged.
    """
    comment = lock_for_decision(comment, by=by, version=version)
    item = ModerationItem.objects.filter(pk=comment.pk).first()
    if item is None or not (item.is_reported or item.is_flagged):
        raise AlreadyDecided(last_decision(comment))
    decision = new_decision(comment, Kind.KEEP, by=by, reason=reason)
    comment.version += 1
    comment.save(update_fields=["version"])
    details = {"before": comment.state, "state": comment.state, "reason": decision.reason}
    record_audit(comment, verb="kept", by=by, article=comment.article_id, **details)
    return settle_decision(comment, decision, by=by, outcome=Outcome.DISMISSED)


@transaction.atomic
def approve_writer(reader: User, *, by: User) -> None:
    """Make a reader known to moderators: neither the wait nor the hold of first comments applies.

    Raises NotAllowed.
    """
    require(may_moderate_comments(by))
    Commenter.objects.update_or_create(
        reader=reader, defaults={"approved": max(1, settings.HELD_FIRST_COMMENTS)}
    )
    record_audit(reader, verb="writer_approved", by=by)


def new_decision(
    comment: Comment, kind: Kind, *, by: User, reason: str = "", reason_code: str = ""
) -> Decision:
    """An unsaved decision on a locked comment, with the texts of its reason as they are now."""
    decision = Decision(
        comment=comment,
        by=by,
        kind=kind,
        former_state=comment.state,
        former_reason=comment.reason,
        former_pinned_at=comment.pinned_at,
        reason=reason[:MAX_REASON_CHARS],
        reason_code=reason_code,
    )
    if reason_code and (offered := DecisionReason.objects.filter(code=reason_code).first()):
        decision.reason = decision.reason or offered.label_ko
        decision.message_ko, decision.message_en = offered.message_ko, offered.message_en
    if item := ModerationItem.objects.filter(pk=comment.pk).first():
        decision.was_flagged, decision.waiting_since = item.is_flagged, item.opened_at
        decision.former_pinned_at = comment.pinned_at or item.former_pinned_at
    return decision


def settle_decision(comment: Comment, decision: Decision, *, by: User, outcome: str) -> Comment:
    """Save the decision that a comment was changed by, settle the reports, close the item.

    The writer is notified of its message (`change_comment_state` notifies of the decision).
    """
    decision.version = comment.version
    decision.save()
    if decision.message_ko or decision.message_en:
        notify_decision(comment, message=decision.message_ko, message_en=decision.message_en)
    ModerationItem.objects.filter(pk=comment.pk).update(is_flagged=False)
    settle_reports(comment, by=by, outcome=outcome, decision=decision)
    return comment


def count_approved(comment: Comment) -> None:
    """Count a held comment that is shown for its author, who becomes known (`Commenter`)."""
    if comment.author_id is None:
        return
    row, is_new = Commenter.objects.get_or_create(
        reader_id=comment.author_id, defaults={"approved": 1}
    )
    if not is_new:
        Commenter.objects.filter(pk=row.pk).update(approved=F("approved") + 1)


def lock_for_decision(
    comment: Comment, *, by: User, version: int | None, unless: str = ""
) -> Comment:
    """Lock a comment for a moderator's decision; `unless` is the state that the decision would lead to.

    A colleague's decision since `version` is named as such; an edit since then is CommentChanged, and an
    item that a colleague is deciding on Leased.
    """
    require(may_moderate_comments(by))
    locked = lock_with_parent(comment.pk)
    if locked is None:
        raise NoSuchComment
    require_not_own(locked, by)
    if locked.state == State.DELETED:
        raise CommentDeleted
    if locked.state == State.BLOCKED:
        raise CommentBlocked
    if locked.state == unless:
        raise AlreadyDecided(last_decision(locked))
    if version is not None and locked.version != version:
        raise_changed(locked)
    require_free(locked, by)
    return locked
