"""Actions of readers on their own comments: post, edit, delete, erase all on closing the account."""

from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from accounts.actions import lock_commenter
from accounts.models import User
from articles.models import Article, CommentsMode
from audit.actions import redact_entries
from comments.actions.appeals import erase_appeals
from comments.actions.blocking import erase_objections
from comments.actions.counting import change_comment_count, change_comment_state, record_posted
from comments.actions.reacting import erase_reactions
from comments.actions.reporting import detach_reports, settle_reports
from comments.actions.screening import (
    find_writer_hold,
    is_known_writer,
    reason_text,
    screen_comment,
    screen_post,
)
from comments.content_filter import normalize_comment_text, text_fingerprint
from comments.errors import (
    MAX_COMMENT_CHARS,
    AccountTooNew,
    CommentsClosed,
    CommentTooLong,
    EmptyComment,
    NoSuchComment,
    NoSuchThread,
    ParentGone,
    TooLateToEdit,
)
from comments.models import Appeal, BlockRequest, Comment, Commenter, Reaction, Report
from newsroom.text.normalization import is_blank

State = Comment.State
DUPLICATE_WINDOW = timedelta(seconds=60)
EDIT_WINDOW = timedelta(minutes=15)


@transaction.atomic
def post_comment(article: Article, *, by: User, text: str, parent: int | None = None) -> Comment:
    """Post a comment under an article, or a reply to the comment with the id `parent`.

    The same text in the same place within DUPLICATE_WINDOW returns the first comment, with
    `already_existed`.  Raises Suspended, Muted, EmailUnconfirmed, AccountTooNew, NoSuchThread,
    CommentsClosed, ParentGone, EmptyComment, CommentTooLong.

    1. Lock the writer; check the article, its comments mode and the text; lock the comment answered.
    2. Return the duplicate, if there is one.
    3. Filter the text. A finding, or an article that holds all comments, makes the state `held`.
    4. Lock the article and check it again: it may have been withdrawn or closed meanwhile.
    5. Create the comment; write its audit entry and event, and count it.
    """
    writer = lock_commenter(by)
    require_waited(writer)
    threads = Article.objects.live().filter(pk=article.pk)
    require_open(threads)
    text = check_comment_text(text)
    answered = lock_answered_comment(article, parent) if parent is not None else None
    if duplicate := find_duplicate(writer, article, answered, text):
        return duplicate
    finding = screen_post(writer, article, text)
    article = require_open(threads.select_for_update(no_key=True))
    is_held = finding or article.comments_mode == CommentsMode.HOLD
    comment = Comment.objects.create(
        article=article,
        parent_id=(answered.parent_id or answered.pk) if answered else None,
        in_reply_to=answered,
        author=writer,
        text=text,
        state=State.HELD if is_held else State.VISIBLE,
        reason=reason_text(finding),
        fingerprint=text_fingerprint(text),
    )
    # Without the reader's words, which the audit log would keep.
    details = {"rule": finding.rule, "start": finding.start, "end": finding.end} if finding else {}
    record_posted(comment, by=writer, **details)
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
    articles = Article.objects.live().filter(pk=own.article_id)
    article = require_open(articles.select_for_update(no_key=True))
    # By the database's clock, now that the row is locked.
    if not Comment.objects.filter(pk=own.pk, created_at__gt=Now() - EDIT_WINDOW).exists():
        raise TooLateToEdit
    if text == own.text:
        return own
    finding = screen_comment(text) or find_writer_hold(writer, text)
    is_held = finding or own.state == State.HELD or article.comments_mode == CommentsMode.HOLD
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
    own.refresh_from_db(fields=["edited_at"])
    return own


@transaction.atomic
def delete_comment(comment: Comment, *, by: User) -> None:
    """Delete one's own comment and its text for ever. Idempotent. Raises NoSuchComment."""
    own = lock_own_comment(comment.pk, by)
    if own.state != State.DELETED:
        change_comment_state(
            own, State.DELETED, verb="deleted", by=by, text="", reason="", fingerprint=""
        )
        settle_reports(own, by=by)


@transaction.atomic
def erase_comments(author: User) -> int:
    """Erase the comments, reactions and reports of a reader whose account is closed.

    Returns how many comments were the reader's.  The rows of comments stay, without text and author.

    1. Lock all comments written or reacted to, in the order of their ids.
    2. Delete the reactions, detach the reports.
    3. Empty the comments, and subtract those that were visible from the counts of their articles.
    """
    reacted_to = Reaction.objects.filter(reader=author).values("comment")
    affected = Comment.objects.filter(Q(author=author) | Q(pk__in=reacted_to)).order_by("pk")
    list(affected.select_for_update(no_key=True).values_list("pk", flat=True))
    erase_reactions(author)
    detach_reports(author)
    erase_appeals(author)
    erase_objections(author)
    Commenter.objects.filter(reader=author).delete()
    own = Comment.objects.filter(author=author)
    counted = Counter(own.visible().values_list("article", flat=True))
    erased = own.update(
        state=State.DELETED,
        text="",
        reason="",
        fingerprint="",
        author=None,
        version=F("version") + 1,
    )
    for article_id in sorted(counted):
        change_comment_count(article_id, -counted[article_id])
    return erased


@transaction.atomic
def erase_comments_of_article(article: Article) -> int:
    """Empty all comments under an article that was erased by law; how many. May run twice.

    The rows stay, without text and author, as after `erase_comments`; reactions and reports go, and the
    reasons of moderators in the audit log. Locks as there: comments by id, then the counts.
    """
    comments = Comment.objects.filter(article=article).order_by("pk")
    ids = list(comments.select_for_update(no_key=True).values_list("pk", flat=True))
    Reaction.objects.filter(comment__in=ids).delete()
    Report.objects.filter(comment__in=ids).delete()
    Appeal.objects.filter(comment__in=ids).delete()
    BlockRequest.objects.filter(comment__in=ids).delete()
    rows = Comment.objects.filter(pk__in=ids)
    visible = rows.visible().count()
    rows.update(
        state=State.DELETED,
        text="",
        reason="",
        fingerprint="",
        author=None,
        likes=0,
        dislikes=0,
        version=F("version") + 1,
    )
    redact_entries("comments.comment", ids, label=None)
    change_comment_count(article.pk, -visible)
    return len(ids)


def require_waited(writer: User) -> None:
    """Raise AccountTooNew in the first NEW_ACCOUNT_WAIT_MINUTES of a reader whom moderators do not know."""
    wait = timedelta(minutes=settings.NEW_ACCOUNT_WAIT_MINUTES)
    if not wait or writer.is_staff:
        return
    until = writer.date_joined + wait
    if timezone.now() < until and not is_known_writer(writer):
        raise AccountTooNew(until)


def require_open(articles: QuerySet[Article]) -> Article:
    """The article of a queryset of at most one. Raises NoSuchThread without one, CommentsClosed."""
    article = articles.first()
    if article is None:
        raise NoSuchThread
    if article.comments_mode == CommentsMode.CLOSED:
        raise CommentsClosed
    return article


def check_comment_text(text: str) -> str:
    """The text, normalized as it is stored. Raises EmptyComment, CommentTooLong."""
    normalized = normalize_comment_text(text)
    if is_blank(normalized):
        raise EmptyComment
    if len(normalized) > MAX_COMMENT_CHARS:
        raise CommentTooLong
    return normalized


def lock_answered_comment(article: Article, comment_id: int) -> Comment:
    """Lock the comment answered, and its parent, so that neither is hidden meanwhile.

    Raises ParentGone, alike for a comment of another article, an invisible one and a missing one.
    """
    comments = Comment.objects.filter(article=article)
    parent_id = comments.filter(pk=comment_id).values_list("parent", flat=True).first()
    rows = comments.filter(pk__in=[comment_id, parent_id or comment_id]).order_by("pk")
    locked = {comment.pk: comment for comment in rows.select_for_update(no_key=True)}
    if comment_id not in locked or not all(comment.is_visible() for comment in locked.values()):
        raise ParentGone
    return locked[comment_id]


def find_duplicate(
    writer: User, article: Article, answered: Comment | None, text: str
) -> Comment | None:
    """The comment that this one repeats within DUPLICATE_WINDOW: a double click."""
    same = Comment.objects.filter(author=writer, article=article, in_reply_to=answered, text=text)
    recent = same.filter(created_at__gt=Now() - DUPLICATE_WINDOW)
    duplicate = recent.filter(state__in=[State.VISIBLE, State.HELD]).order_by("pk").first()
    if duplicate:
        duplicate.already_existed = True
    return duplicate


def lock_own_comment(comment_id: int, author: User) -> Comment:
    """Lock one's own comment. Raises NoSuchComment for anybody else's."""
    rows = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("article")
    own = rows.filter(pk=comment_id, author=author).first()
    if own is None:
        raise NoSuchComment
    return own
