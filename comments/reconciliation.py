"""Reconciliation of counts: comments of an article, reactions and visible replies of a comment."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from articles.reconciliation import CountDrift, find_count_drift, repair_count
from audit.actions import record_audit
from comments.models import Comment, Reaction

COUNT_NAMES = ("likes", "dislikes", "visible_replies")
LIKED, DISLIKED = Q(value=Reaction.Value.LIKE), Q(value=Reaction.Value.DISLIKE)


@dataclass(frozen=True)
class CommentCountDrift:
    """A `stored` count of a comment that differs from its rows; `slug` names article and comment."""

    comment: int
    slug: str
    count: str  # likes, dislikes or visible_replies
    stored: int
    rows: int


def drift() -> list[CountDrift | CommentCountDrift]:
    """Wrong counts of comments, reactions and visible replies (`manage.py reconcile`)."""
    return [*find_count_drift("comments", Comment.objects.visible()), *find_comment_count_drift()]


def find_comment_count_drift() -> list[CommentCountDrift]:
    """Comments with a wrong count of likes, dislikes or visible replies. One query for all."""
    own = Reaction.objects.order_by().filter(comment=OuterRef("pk")).values("comment")
    replies = Comment.objects.in_thread().order_by().filter(parent=OuterRef("pk")).values("parent")
    counted = Comment.objects.annotate(
        liked=Coalesce(Subquery(own.annotate(n=Count("pk", filter=LIKED)).values("n")), 0),
        disliked=Coalesce(Subquery(own.annotate(n=Count("pk", filter=DISLIKED)).values("n")), 0),
        replied=Coalesce(Subquery(replies.annotate(n=Count("pk")).values("n")), 0),
    )
    wrong = counted.exclude(
        likes=F("liked"), dislikes=F("disliked"), visible_replies=F("replied")
    ).order_by("pk")
    rows = wrong.values_list(
        *("pk", "article__slug", "likes", "liked", "dislikes", "disliked"),
        *("visible_replies", "replied"),
    )
    return [
        CommentCountDrift(pk, f"{slug} #{pk}", name, stored, rows)
        for pk, slug, *counts in rows
        for name, stored, rows in zip(COUNT_NAMES, counts[::2], counts[1::2], strict=True)
        if stored != rows
    ]


def recount(drift: CountDrift | CommentCountDrift) -> None:
    """Repair a wrong count (`manage.py reconcile`)."""
    if isinstance(drift, CommentCountDrift):
        repair_comment_count(drift)
    else:
        repair_count(drift, rows=Comment.objects.visible())


@transaction.atomic
def repair_comment_count(drift: CommentCountDrift) -> None:
    """Set a comment's count to the number of its rows, with the comment locked as reacting and replying
    lock it."""
    comment = Comment.objects.select_for_update(no_key=True).get(pk=drift.comment)
    count = drift.count
    before, after = getattr(comment, count), count_rows(comment, count)
    if before != after:
        setattr(comment, count, after)
        comment.save(update_fields=[count])
        record_audit(comment, verb="recounted", by=None, count=count, before=before, after=after)


def count_rows(comment: Comment, count: str) -> int:
    """The number of rows that a stored count stands for."""
    if count == "visible_replies":
        return Comment.objects.in_thread().filter(parent=comment).count()
    return comment.reactions.filter(value=count.removesuffix("s")).count()
