"""Appeals against hidden comments and sanctions: file, grant, reject; close those that leave nothing to
decide. Once for each decision.

Order of row locks: the reader, the comment, the appeal.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.actions import lift_suspension, lock_account, lock_reader
from accounts.models import Sanction, SanctionKind, User
from audit.actions import record_audit
from audit.models import Entry
from comments.actions.counting import change_comment_state
from comments.actions.locking import lock_with_parent
from comments.actions.moderating import new_decision, settle_decision
from comments.actions.queueing import last_decision
from comments.content_filter import normalize_comment_text
from comments.errors.procedures import (
    AppealDecided,
    AppealedAlready,
    AppealTooLate,
    EmptyStatement,
    NothingToAppeal,
    NotYourAppeal,
    StatementTooLong,
)
from comments.models import Appeal, BlockRequest, Comment, Decision, Report
from comments.notifications.notify import notify_appeal
from comments.permissions import may_moderate_comments
from newsroom.errors import NotAllowed, NotFound, require
from newsroom.text.normalization import is_blank

MAX_APPEAL_CHARS = 1000
MAX_ANSWER_CHARS = 500
VERBS_BY_OUTCOME = {
    Appeal.State.GRANTED: "appeal_granted",
    Appeal.State.REJECTED: "appeal_rejected",
    Appeal.State.MOOT: "appeal_moot",
}
HIDING_VERBS = ("hid", "block_made_final")


@transaction.atomic
def appeal_against_hiding(comment_id: int, *, text: str, by: User) -> Appeal:
    """Appeal against the decision that hid one's own comment; also while suspended.

    Raises NotFound, NothingToAppeal, AppealTooLate, AppealedAlready, EmptyStatement, StatementTooLong.
    """
    reader = lock_reader(by)
    text = check_statement(text, max_chars=MAX_APPEAL_CHARS)
    rows = Comment.objects.select_for_update(no_key=True).filter(pk=comment_id, author=reader)
    comment = rows.first()
    if comment is None or comment.state == Comment.State.DELETED:
        raise NotFound
    decision = hiding_entry(comment)
    if comment.state != Comment.State.HIDDEN or decision is None:
        raise NothingToAppeal
    require_in_time(decision.at)
    appeal, is_new = Appeal.objects.get_or_create(
        comment=comment,
        decision=decision.pk,
        defaults={"reader": reader, "decided_by": decider_of(decision, comment), "text": text},
    )
    if not is_new:
        raise AppealedAlready
    record_audit(
        comment, verb="appealed", by=reader, article=comment.article_id, reference=appeal.pk
    )
    return appeal


@transaction.atomic
def appeal_against_sanction(sanction_id: int, *, text: str, by: User) -> Appeal:
    """Appeal against one's own sanction; a warning too. Raises as `appeal_against_hiding` does."""
    reader = lock_reader(by)
    text = check_statement(text, max_chars=MAX_APPEAL_CHARS)
    sanction = Sanction.objects.filter(pk=sanction_id, user=reader).first()
    if sanction is None:
        raise NotFound
    is_over = sanction.until is not None and sanction.until <= timezone.now()
    if sanction.lifted_at is not None or is_over:
        raise NothingToAppeal
    require_in_time(sanction.starts_at)
    appeal, is_new = Appeal.objects.get_or_create(
        sanction=sanction,
        defaults={
            "reader": reader,
            "decision": sanction.pk,
            "decided_by": sanction.imposed_by,
            "text": text,
        },
    )
    if not is_new:
        raise AppealedAlready
    record_audit(reader, verb="appealed", by=reader, reference=appeal.pk)
    return appeal


def grant_appeal(appeal: Appeal, *, answer: str, by: User) -> Appeal:
    """Reverse the decision: show the comment, or lift the sanction. Raises as `decide_appeal` does."""
    return decide_appeal(appeal, is_granted=True, answer=answer, by=by)


def reject_appeal(appeal: Appeal, *, answer: str, by: User) -> Appeal:
    """Leave the decision as it is, with an answer. Raises as `decide_appeal` does."""
    return decide_appeal(appeal, is_granted=False, answer=answer, by=by)


@transaction.atomic
def decide_appeal(appeal: Appeal, *, is_granted: bool, answer: str, by: User) -> Appeal:
    """Decide an appeal and, if it is granted, reverse the decision in the same transaction.

    1. Lock the reader, the comment and the appeal; decided already: AppealDecided.
    2. Another moderator than the one whose decision it is, and not the reader: NotYourAppeal.
    3. A comment that is not hidden any more leaves nothing to decide (`moot`).
    4. Granted: show the comment, or lift the sanction. One that is over already: `moot` too.
    5. Notify the reader, once: of the answer instead of the decision.
    Raises also NotAllowed, EmptyStatement, StatementTooLong.
    """
    require(may_moderate_comments(by))
    answer = check_statement(answer, max_chars=MAX_ANSWER_CHARS, field="answer")
    reader = lock_account(appeal.reader_id)
    comment = lock_appealed_comment(appeal)
    locked = Appeal.objects.select_for_update(no_key=True).get(pk=appeal.pk)
    if locked.state != Appeal.State.OPEN:
        raise AppealDecided
    require_other_moderator(locked, by=by)
    state = Appeal.State.GRANTED if is_granted else Appeal.State.REJECTED
    if comment and comment.state != Comment.State.HIDDEN:
        state = Appeal.State.MOOT
    elif is_granted and comment:
        overturn_hiding(comment, by=by)
    elif is_granted and not lift_appealed_sanction(locked, reader=reader, by=by):
        state = Appeal.State.MOOT
    locked.state, locked.answer = state, answer
    locked.answered_at, locked.answered_by = timezone.now(), by
    locked.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    notify_appeal(locked, comment)
    record_audit(
        comment or reader,
        verb=VERBS_BY_OUTCOME[state],
        by=by,
        reference=locked.pk,
        decided_by=locked.decided_by_id,
        **({"article": comment.article_id} if comment else {}),
    )
    return locked


def overturn_hiding(comment: Comment, *, by: User) -> None:
    """Show a locked comment by a new decision; reports that the last one confirmed are dismissed."""
    overturned = last_decision(comment)
    decision = new_decision(comment, Decision.Kind.SHOW, by=by)
    change_comment_state(comment, Comment.State.VISIBLE, verb="showed", by=by, reason="")
    settle_decision(comment, decision, by=by, outcome=Report.Outcome.DISMISSED)
    if overturned is not None and overturned.kind == Decision.Kind.HIDE:
        confirmed = Report.objects.filter(settled_by=overturned, outcome=Report.Outcome.CONFIRMED)
        confirmed.update(outcome=Report.Outcome.DISMISSED)


def lift_appealed_sanction(appeal: Appeal, *, reader: User, by: User) -> bool:
    """Lift the sanction of an appeal, a warning too; False where it was lifted, replaced or is over."""
    sanction, now = appeal.sanction, timezone.now()
    if sanction is None:
        return False
    if sanction.is_in_force(now):
        lift_suspension(reader, by=by)
        return True
    warning = Sanction.objects.filter(pk=sanction.pk, kind=SanctionKind.WARN, lifted_at=None)
    return bool(warning.update(lifted_at=now, lifted_by=by))


def lock_appealed_comment(appeal: Appeal) -> Comment | None:
    """Lock the comment of an appeal, after the one above it; None for an appeal against a sanction."""
    if appeal.comment_id is None:
        return None
    return lock_with_parent(appeal.comment_id)


def hiding_entry(comment: Comment) -> Entry | None:
    """The entry of the audit log about the last hiding of a comment."""
    about = Entry.objects.filter(kind=Comment._meta.label_lower, subject=str(comment.pk))
    return about.filter(verb__in=HIDING_VERBS).order_by("-pk").first()


def decider_of(decision: Entry, comment: Comment) -> User | None:
    """Whose decision hid a comment: of a block that became final with its term, who blocked it."""
    if decision.by:
        return User.objects.filter(pk=decision.by).first()
    removed = BlockRequest.objects.filter(comment=comment, outcome=BlockRequest.Outcome.REMOVED)
    block = removed.select_related("decided_by").order_by("-ended_at").first()
    return block.decided_by if block and decision.verb == "block_made_final" else None


def require_in_time(decided_at: datetime) -> None:
    """Raise AppealTooLate once APPEAL_DAYS have passed since the decision."""
    until = decided_at + timedelta(days=settings.APPEAL_DAYS)
    if timezone.now() >= until:
        raise AppealTooLate


def require_other_moderator(appeal: Appeal, *, by: User) -> None:
    """Raise NotYourAppeal for the reader, and for the one who decided while another moderator could.

    Chiefs moderate too. Where nobody else does, the one who decided looks again.
    """
    if by.pk == appeal.reader_id:
        raise NotYourAppeal
    if by.pk != appeal.decided_by_id:
        return
    permissions = Permission.objects.filter(
        content_type__app_label="comments", codename="moderate_comment"
    )
    has_right = (
        Q(groups__permissions__in=permissions)
        | Q(user_permissions__in=permissions)
        | Q(is_superuser=True)
    )
    others = User.objects.filter(has_right, is_active=True, is_staff=True)
    if others.exclude(pk__in=[by.pk, appeal.reader_id]).exists():
        raise NotYourAppeal


def check_statement(text: str, *, max_chars: int, field: str = "text") -> str:
    """The text, normalized as it is stored. Raises EmptyStatement, StatementTooLong."""
    normalized = normalize_comment_text(text)
    if is_blank(normalized):
        raise EmptyStatement(field)
    if len(normalized) > max_chars:
        raise StatementTooLong(field, max_chars)
    return normalized


def erase_appeals(reader: User) -> int:
    """Delete the appeals of a reader whose account is closed; what was decided stays in the audit log."""
    return Appeal.objects.filter(reader=reader).delete()[0]


def close_moot_appeals(now: datetime) -> int:
    """Close the open appeals against sanctions that are over, each in its own transaction; how many.

    Found from the rows, since sanctions end by time too, without a job. May run twice, anywhere, at once.
    """
    due = moot_appeals(now).order_by("pk").values_list("pk", "reader")
    return sum(close_if_moot(number, reader_id=reader, now=now) for number, reader in list(due))


def moot_appeals(now: datetime) -> QuerySet[Appeal]:
    """The open appeals against sanctions that were lifted or replaced, or have ended."""
    is_over = Q(sanction__lifted_at__isnull=False) | Q(sanction__until__lte=now)
    return Appeal.objects.open().filter(is_over)


@transaction.atomic
def close_if_moot(number: int, *, reader_id: int, now: datetime) -> bool:
    """Close an appeal as `moot` under the locks of a decision; False where one has come first."""
    try:
        reader = lock_account(reader_id)
    except NotAllowed:  # the account was closed meanwhile, which erases its appeals
        return False
    locked = Appeal.objects.select_for_update(no_key=True, of=["self"]).filter(pk=number)
    appeal = locked.filter(pk__in=moot_appeals(now)).first()
    if appeal is None:
        return False
    appeal.state, appeal.answered_at = Appeal.State.MOOT, timezone.now()
    appeal.save(update_fields=["state", "answered_at"])
    details = {"reference": appeal.pk, "decided_by": appeal.decided_by_id}
    record_audit(reader, verb="appeal_moot", by=None, **details)
    return True
