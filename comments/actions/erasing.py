"""Erasure of comments: those of a closed account, those under an article that is erased by law."""

from collections import Counter

from django.db import transaction
from django.db.models import F, Q

from accounts.models import User
from articles.models import Article
from audit.actions import redact_entries
from comments.actions.appeals import erase_appeals
from comments.actions.blocking import erase_objections
from comments.actions.classifying import forget_screening
from comments.actions.counting import change_comment_count
from comments.actions.queueing import erase_moderation
from comments.actions.reacting import erase_reactions
from comments.actions.reporting import detach_reports
from comments.actions.similarity import delete_bands
from comments.models import (
    Appeal,
    BlockRequest,
    Comment,
    Commenter,
    IdempotencyKey,
    Reaction,
    Report,
)
from comments.notifications.notify import delete_notifications_of_comments
from comments.notifications.retention import erase_notifications

State = Comment.State


@transaction.atomic
def erase_comments(author: User) -> int:
    """Erase the comments, reactions and reports of a reader whose account is closed.

    Returns how many comments were the reader's.  The rows of comments stay, without text and author.

    1. Lock all comments written, answered or reacted to, in the order of their ids.
    2. Delete the reactions and notifications, detach the reports.
    3. Empty the comments, and subtract those that were visible from the counts of their articles and of
       the comments above them.
    """
    reacted_to = Reaction.objects.filter(reader=author).values("comment")
    answered = Comment.objects.filter(author=author, parent__isnull=False).values("parent")
    affected = Comment.objects.filter(
        Q(author=author) | Q(pk__in=reacted_to) | Q(pk__in=answered)
    ).order_by("pk")
    list(affected.select_for_update(no_key=True).values_list("pk", flat=True))
    erase_rows_of_reader(author)
    own = Comment.objects.filter(author=author)
    delete_bands(own)
    forget_screening(own.values("pk"))
    erase_moderation(own)
    counted = Counter(own.visible().values_list("article", flat=True))
    parents = own.shown().filter(parent__isnull=False).values_list("parent", flat=True)
    replies = Counter(parent for parent in parents if parent is not None)
    erased = own.update(
        state=State.DELETED,
        text="",
        reason="",
        fingerprint="",
        author=None,
        pinned_at=None,
        version=F("version") + 1,
    )
    for parent_id in sorted(replies):
        parent = Comment.objects.filter(pk=parent_id)
        parent.update(visible_replies=F("visible_replies") - replies[parent_id])
    for article_id in sorted(counted):
        change_comment_count(article_id, -counted[article_id])
    return erased


def erase_rows_of_reader(reader: User) -> None:
    """Delete what a reader has besides comments, and detach the reader from the reports."""
    erase_reactions(reader)
    erase_notifications(reader)
    detach_reports(reader)
    erase_appeals(reader)
    erase_objections(reader)
    Commenter.objects.filter(reader=reader).delete()
    IdempotencyKey.objects.filter(reader=reader).delete()


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
    IdempotencyKey.objects.filter(comment__in=ids).delete()
    delete_notifications_of_comments(ids)
    rows = Comment.objects.filter(pk__in=ids)
    delete_bands(rows)
    forget_screening(ids)
    erase_moderation(comments)
    visible = rows.visible().count()
    rows.update(
        state=State.DELETED,
        text="",
        reason="",
        fingerprint="",
        author=None,
        likes=0,
        dislikes=0,
        visible_replies=0,
        pinned_at=None,
        version=F("version") + 1,
    )
    redact_entries("comments.comment", ids, label=None)
    change_comment_count(article.pk, -visible)
    return len(ids)
