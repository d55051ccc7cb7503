"""Blocks of comments on request (임시조치, 정보통신망법 제44조의2): request, decide, object, end.

Order of row locks: the author, the comment, the request, then the article and its counts.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from accounts.actions import lock_reader
from accounts.models import User
from audit.actions import record_audit
from comments.actions.appeals import check_statement
from comments.actions.counting import change_comment_state
from comments.actions.reacting import lock_visible_comment
from comments.actions.reporting import settle_reports
from comments.errors import NoSuchComment
from comments.errors.procedures import (
    BlockDecided,
    CommentNotBlockable,
    NotBlocked,
    TooManyBlockRequests,
)
from comments.models import BlockNotice, BlockRequest, Comment
from comments.notifications.notify import notify_block
from comments.permissions import may_moderate_comments
from newsroom.errors import require
from newsroom.text.normalization import normalize_line

CommentState = Comment.State
State, Outcome = BlockRequest.State, BlockRequest.Outcome
Recipient, Kind = BlockNotice.Recipient, BlockNotice.Kind
BLOCK_TERM = timedelta(days=30)  # §44-2 ④: at most
MAX_STATEMENT_CHARS = 2000
MAX_OPEN_REQUESTS = 10  # of one comment
MAX_ENDED_AT_ONCE = 200
RESTORE, KEEP = "restore", "keep"


@transaction.atomic
def request_block(
    comment_id: int, *, name: str, email: str, basis: str, statement: str
) -> BlockRequest:
    """Record a request of the person concerned to block a visible comment; no account is needed.

    Raises NoSuchComment, EmptyStatement, StatementTooLong, TooManyBlockRequests.
    """
    statement = check_statement(statement, max_chars=MAX_STATEMENT_CHARS, field="statement")
    name = check_statement(normalize_line(name), max_chars=80, field="name")
    comment = lock_visible_comment(comment_id)
    if requests_of(comment).filter(state=State.OPEN).count() >= MAX_OPEN_REQUESTS:
        raise TooManyBlockRequests
    request = BlockRequest.objects.create(
        comment=comment,
        requester_name=name,
        requester_email=email,
        basis=basis,
        statement=statement,
    )
    # Without the requester, whom the audit log would keep.
    record_block_audit(request, comment, verb="block_requested", by=None)
    return request


@transaction.atomic
def block_comment(request: BlockRequest, *, by: User, note: str = "") -> BlockRequest:
    """Block a comment for BLOCK_TERM and notify both sides; its open requests are decided with it.

    Raises NotAllowed, BlockDecided, CommentNotBlockable.
    """
    require(may_moderate_comments(by))
    comment, locked = lock_request(request)
    if locked.state != State.OPEN:
        raise BlockDecided
    if comment.state not in {CommentState.VISIBLE, CommentState.HELD}:
        raise CommentNotBlockable
    locked.former_state, locked.blocked_until = comment.state, timezone.now() + BLOCK_TERM
    save_decision(locked, State.BLOCKED, by=by, note=note)
    change_comment_state(comment, CommentState.BLOCKED, verb="blocked", by=by, reason=str(locked))
    notify_block(comment, until=locked.blocked_until)
    settle_reports(comment, by=by)
    add_notices(locked, Kind.BLOCKED)
    return locked


@transaction.atomic
def decline_block(request: BlockRequest, *, by: User, note: str) -> BlockRequest:
    """Decline a request, with a note to the requester. Raises NotAllowed, BlockDecided."""
    require(may_moderate_comments(by))
    comment, locked = lock_request(request)
    if locked.state != State.OPEN:
        raise BlockDecided
    save_decision(locked, State.DECLINED, by=by, note=note)
    record_block_audit(locked, comment, verb="block_declined", by=by)
    add_notices(locked, Kind.DECLINED, recipients=(Recipient.REQUESTER,))
    return locked


@transaction.atomic
def object_to_block(comment_id: int, *, text: str, by: User) -> BlockRequest:
    """Object, as its author, to the block of a comment, once. A moderator decides (`end_block`).

    Raises NoSuchComment, NotBlocked, EmptyStatement, StatementTooLong.
    """
    reader = lock_reader(by)
    text = check_statement(text, max_chars=MAX_STATEMENT_CHARS)
    rows = Comment.objects.select_for_update(no_key=True).filter(pk=comment_id, author=reader)
    comment = rows.exclude(state=CommentState.DELETED).first()
    if comment is None:
        raise NoSuchComment
    blocks = requests_of(comment).select_for_update(no_key=True).filter(state=State.BLOCKED)
    locked = blocks.first()
    if locked is None or locked.objected_at is not None:
        raise NotBlocked
    locked.objection, locked.objected_at = text, timezone.now()
    locked.save(update_fields=["objection", "objected_at"])
    record_block_audit(locked, comment, verb="block_objected", by=reader)
    add_notices(locked, Kind.OBJECTED, recipients=(Recipient.REQUESTER,))
    return locked


@transaction.atomic
def end_block(request: BlockRequest, *, by: User, outcome: str, note: str = "") -> BlockRequest:
    """End a block before its term: show the comment again, or hide it for good.

    Raises NotAllowed, NotBlocked.
    """
    require(may_moderate_comments(by))
    comment, locked = lock_request(request)
    if locked.state != State.BLOCKED:
        raise NotBlocked
    finish_block(locked, comment, outcome=outcome, by=by, note=note)
    return locked


def end_due_blocks(now: datetime) -> int:
    """End the blocks whose term is over by BLOCK_END_POLICY; how many. May run twice.

    Each in its own transaction: shown again (`restore`), or hidden until a moderator decides (`keep`).
    """
    numbers = BlockRequest.objects.due(now).order_by("blocked_until")[:MAX_ENDED_AT_ONCE]
    return sum(end_due_block(number, now=now) for number in numbers.values_list("pk", flat=True))


@transaction.atomic
def end_due_block(number: int, *, now: datetime) -> bool:
    """End one block whose term is over; whether it was not ended meanwhile."""
    comment, locked = lock_request(BlockRequest.objects.get(pk=number))
    if not BlockRequest.objects.due(now).filter(pk=number).exists():
        return False
    is_kept = settings.BLOCK_END_POLICY == KEEP
    outcome = Outcome.REMOVED if is_kept else Outcome.RESTORED
    finish_block(locked, comment, outcome=outcome, by=None, note=locked.note)
    return True


def finish_block(
    locked: BlockRequest, comment: Comment, *, outcome: str, by: User | None, note: str
) -> None:
    """End a locked block; of a comment that its author deleted meanwhile nothing else changes."""
    if comment.state != CommentState.BLOCKED:
        outcome = Outcome.DELETED
    locked.state, locked.outcome, locked.ended_at = State.ENDED, outcome, timezone.now()
    locked.note = normalize_line(note)[:500]
    locked.save(update_fields=["state", "outcome", "ended_at", "note"])
    if outcome == Outcome.DELETED:
        record_block_audit(locked, comment, verb="block_ended", by=by)
        return
    is_shown = outcome == Outcome.RESTORED
    change_comment_state(
        comment,
        locked.former_state if is_shown else CommentState.HIDDEN,
        verb="block_ended" if is_shown else "block_made_final",
        by=by,
        reason="" if is_shown else str(locked),
    )
    notify_block(comment)
    add_notices(locked, Kind.RESTORED if is_shown else Kind.REMOVED)


def lock_request(request: BlockRequest) -> tuple[Comment, BlockRequest]:
    """Lock the comment of a request and then the request; both as they are now."""
    rows = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("article")
    comment = rows.get(pk=request.comment_id)
    return comment, BlockRequest.objects.select_for_update(no_key=True).get(pk=request.pk)


def save_decision(locked: BlockRequest, state: str, *, by: User, note: str) -> None:
    """Save the decision on a locked request."""
    locked.state, locked.decided_at, locked.decided_by = state, timezone.now(), by
    locked.note = normalize_line(note)[:500]
    fields = ["state", "decided_at", "decided_by", "note", "former_state", "blocked_until"]
    locked.save(update_fields=fields)


def add_notices(
    locked: BlockRequest,
    kind: str,
    *,
    recipients: tuple[str, ...] = (Recipient.REQUESTER, Recipient.AUTHOR),
) -> None:
    """Add the e-mails that a task sends to these sides (`send_block_notices`)."""
    BlockNotice.objects.bulk_create(
        BlockNotice(request=locked, recipient=recipient, kind=kind) for recipient in recipients
    )


def record_block_audit(
    locked: BlockRequest, comment: Comment, *, verb: str, by: User | None
) -> None:
    """Write the audit entry of a step that leaves the comment as it is."""
    record_audit(
        comment,
        verb=verb,
        by=by,
        article=comment.article_id,
        reference=locked.pk,
        kind=locked.basis,
    )


def requests_of(comment: Comment) -> models.QuerySet[BlockRequest]:
    """The requests to block a comment."""
    return BlockRequest.objects.filter(comment=comment)


def erase_block_contacts(now: datetime) -> int:
    """Erase who made a request, and the statements, BLOCK_CONTACT_RETENTION_DAYS after it is over."""
    over_before = now - timedelta(days=settings.BLOCK_CONTACT_RETENTION_DAYS)
    over = BlockRequest.objects.exclude(requester_name="").filter(
        models.Q(state=State.ENDED, ended_at__lt=over_before)
        | models.Q(state=State.DECLINED, decided_at__lt=over_before)
    )
    return over.update(requester_name="", requester_email="", statement="", objection="")


def erase_objections(author: User) -> int:
    """Erase the objections of a reader whose account is closed."""
    return BlockRequest.objects.filter(comment__author=author).update(objection="")
