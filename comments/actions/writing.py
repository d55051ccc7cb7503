"""Actions of readers on their own comments: post, edit, delete."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.actions import lock_commenter
from accounts.models import User
from articles.models import Article
from comments.actions.classifying import (
    forget_screening,
    hold_for_classifier,
    request_classification,
)
from comments.actions.counting import change_comment_state, record_posted
from comments.actions.idempotency import find_comment_of_key, remember_key
from comments.actions.locking import lock_with_ancestors, lock_with_parent, share_article
from comments.actions.policy import holds_all, require_open, require_shared_open
from comments.actions.queueing import erase_revisions, record_revision
from comments.actions.quotas import require_within_quotas
from comments.actions.reporting import settle_reports
from comments.actions.screening import (
    is_holding,
    is_known_writer,
    reason_text,
    record_findings,
    screen_edit,
    screen_post,
)
from comments.actions.similarity import delete_bands, store_bands
from comments.content_filter import Finding, normalize_comment_text, text_fingerprint
from comments.errors import (
    MAX_COMMENT_CHARS,
    AccountTooNew,
    CommentTooLong,
    EmptyComment,
    NoSuchComment,
    ParentGone,
    TooLateToEdit,
)
from comments.models import Comment
from comments.recent_comments import RecentComment, recent_comments
from newsroom.text.normalization import is_blank

State = Comment.State
EDIT_WINDOW = timedelta(minutes=15)
REJECTED_STATES = {State.HIDDEN, State.BLOCKED}


@transaction.atomic
def post_comment(
    article: Article,
    *,
    by: User,
    text: str,
    parent: int | None = None,
    idempotency_key: str = "",
) -> Comment:
    """Post a comment under an article, or a reply to the comment with the id `parent`.

    The same request with the same `idempotency_key` returns its comment; the same text in the same place
    within DUPLICATE_WINDOW returns the first one, with `already_existed`.  Raises Suspended, Muted,
    NoSuchThread, EmailUnconfirmed, AccountTooNew, IdempotencyKeyReused, CommentsClosed, ParentGone,
    EmptyComment, CommentTooLong, BlockedWord, TooManyComments, SlowMode.

    1. Lock the writer; return the comment of the key. Check article, policy and text.
    2. Lock the comment answered; return the duplicate. Filter the text.
    3. Share the article and check it again, with quotas and slow mode. Create, record, count the comment.
    """
    writer = lock_commenter(by)
    request: dict[str, Any] = {"reader": writer, "article": article, "text": text, "parent": parent}
    if earlier := find_comment_of_key(idempotency_key, **request):
        return earlier
    require_waited(writer)
    require_open(article.pk)
    text = check_comment_text(text)
    answered = lock_answered_comment(article, parent) if parent is not None else None
    recent = recent_comments(writer)
    if duplicate := find_duplicate(recent, article, answered, text):
        remember_key(idempotency_key, duplicate, **request)
        return duplicate
    finding = hold_for_classifier(screen_post(writer, article, text, recent), text)
    share_article(article.pk)
    article = require_shared_open(article.pk)
    require_within_quotas(writer, article, recent)
    comment = create_comment(writer, article, text, answered=answered, finding=finding)
    remember_key(idempotency_key, comment, **request)
    record_with_findings(comment, by=writer, finding=finding)
    return comment


def record_with_findings(comment: Comment, *, by: User, finding: Finding | None) -> None:
    """Record a new comment, then what the filter found in it."""
    record_posted(comment, by=by, **finding_details(finding))
    if finding is not None:
        record_findings(comment, finding)


def finding_details(finding: Finding | None) -> dict[str, Any]:
    """A finding for the audit log, without the reader's words, which that would keep."""
    return {"rule": finding.rule, "start": finding.start, "end": finding.end} if finding else {}


def create_comment(
    writer: User,
    article: Article,
    text: str,
    *,
    answered: Comment | None,
    finding: Finding | None,
) -> Comment:
    """Insert a comment, held for a finding or under an article that holds all. Threads have one level."""
    comment = Comment.objects.create(
        article=article,
        parent_id=(answered.parent_id or answered.pk) if answered else None,
        in_reply_to=answered,
        author=writer,
        text=text,
        state=State.HELD if is_holding(finding) or holds_all(article) else State.VISIBLE,
        reason=reason_text(finding),
        fingerprint=text_fingerprint(text),
    )
    comment.was_inserted = True
    store_bands(comment)
    if finding is not None:
        request_classification(comment, finding)
    return comment


@transaction.atomic
def edit_comment(comment: Comment, *, by: User, text: str) -> Comment:
    """Change the text of one's own comment within EDIT_WINDOW; it is filtered again.

    A held comment stays held.  Raises Suspended, NoSuchComment, CommentsClosed, TooLateToEdit,
    EmptyComment, CommentTooLong.
    """
    writer = lock_commenter(by)
    text = check_comment_text(text)
    own = lock_own_comment(comment.pk, writer)
    if own.state not in {State.VISIBLE, State.HELD}:
        raise NoSuchComment
    share_article(own.article_id)
    article = require_shared_open(own.article_id)
    # By the database's clock, now that the row is locked.
    if not Comment.objects.filter(pk=own.pk, created_at__gt=Now() - EDIT_WINDOW).exists():
        raise TooLateToEdit
    if text == own.text:
        return own
    own.article = article
    finding = hold_for_classifier(screen_edit(writer, article, text, edited=own), text)
    was_held = own.state == State.HELD
    is_held = is_holding(finding) or was_held or holds_all(article)
    record_revision(own)
    change_comment_state(
        own,
        State.HELD if is_held else State.VISIBLE,
        verb="edited",
        by=writer,
        text=text,
        reason=reason_text(finding) or own.reason,
        fingerprint=text_fingerprint(text),
        edited_at=Now(),
    )
    record_findings(own, finding)
    request_classification(own, finding, was_held=was_held)
    own.refresh_from_db(fields=["text", "edited_at"])
    delete_bands(Comment.objects.filter(pk=own.pk))
    store_bands(own)
    return own


@transaction.atomic
def delete_comment(comment: Comment, *, by: User) -> None:
    """Delete one's own comment and its text for ever. Idempotent. Raises NoSuchComment."""
    own = lock_own_comment(comment.pk, by)
    if own.state != State.DELETED:
        change_comment_state(
            own, State.DELETED, verb="deleted", by=by, text="", reason="", fingerprint=""
        )
        delete_bands(Comment.objects.filter(pk=own.pk))
        erase_revisions(own)
        settle_reports(own, by=by)
        forget_screening([own.pk])


def require_waited(writer: User) -> None:
    """Raise AccountTooNew in the first NEW_ACCOUNT_WAIT_MINUTES of a reader whom moderators do not know."""
    wait = timedelta(minutes=settings.NEW_ACCOUNT_WAIT_MINUTES)
    if not wait or writer.is_staff:
        return
    until = writer.date_joined + wait
    if timezone.now() < until and not is_known_writer(writer):
        raise AccountTooNew(until)


def check_comment_text(text: str) -> str:
    """The text, normalized as it is stored. Raises EmptyComment, CommentTooLong."""
    normalized = normalize_comment_text(text)
    if is_blank(normalized):
        raise EmptyComment
    if len(normalized) > MAX_COMMENT_CHARS:
        raise CommentTooLong
    return normalized


def lock_answered_comment(article: Article, comment_id: int) -> Comment:
    """Lock the comment answered with its parent and its ancestors, so that none is hidden meanwhile.

    Raises ParentGone, alike for a comment of another article, an invisible one, a missing one, and one that
    answers, over whatever others, a comment that moderators have hidden or blocked.
    """
    locked = lock_with_ancestors(article, comment_id)
    answered = locked.get(comment_id)
    if answered is None or not all(
        locked[pk].is_visible() for pk in (comment_id, answered.parent_id or comment_id)
    ):
        raise ParentGone
    if any(ancestor.state in REJECTED_STATES for ancestor in locked.values()):
        raise ParentGone
    return answered


def find_duplicate(
    recent: Sequence[RecentComment], article: Article, answered: Comment | None, text: str
) -> Comment | None:
    """The comment that this one repeats within DUPLICATE_WINDOW: a double click."""
    place = (article.pk, answered.pk if answered else None, text)
    same = [r.pk for r in recent if r.is_new and (r.article_id, r.in_reply_to_id, r.text) == place]
    if not same:
        return None
    shown = Comment.objects.filter(pk__in=same, state__in=[State.VISIBLE, State.HELD])
    duplicate = shown.order_by("pk").first()
    if duplicate:
        duplicate.already_existed = True
    return duplicate


def lock_own_comment(comment_id: int, author: User) -> Comment:
    """Lock one's own comment. Raises NoSuchComment for anybody else's."""
    own = lock_with_parent(comment_id)
    if own is None or own.author_id != author.pk:
        raise NoSuchComment
    return own
