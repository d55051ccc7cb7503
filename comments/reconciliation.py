"""Reconciliation of counts: comments of an article, reactions and visible replies of a comment."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from articles.models import ArticleCounts
from articles.reconciliation import CountDrift, find_count_drift, repair_count
from audit.actions import record_audit
from comments.models import Comment, CountCheck, Reaction

CHECK_NAME = "counts"
# Newest rows, and articles, of one sample (`store_sampled_drift`).
SAMPLED_ROWS, SAMPLED_ARTICLES = 500, 25
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


def find_comment_count_drift(comments: QuerySet[Comment] | None = None) -> list[CommentCountDrift]:
    """Comments, of these or of all, with a wrong count of likes, dislikes or visible replies. One query."""
    own = Reaction.objects.order_by().filter(comment=OuterRef("pk")).values("comment")
    replies = Comment.objects.in_thread().order_by().filter(parent=OuterRef("pk")).values("parent")
    checked = Comment.objects.all() if comments is None else comments
    counted = checked.annotate(
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


def store_sampled_drift(now: datetime) -> int:
    """Compare a sample of stored counts with their rows, and store by how much they are wrong, for
    `/metrics`; how much that is.

    The sample: the articles and comments written and reacted to last, and others that change from time
    to time (`random_start`). Each comparison is one query, so of one snapshot; writers do not wait.
    """
    recent = Comment.objects.order_by("-pk").values_list("article", flat=True)[:SAMPLED_ROWS]
    articles = set(list(dict.fromkeys(recent))[:SAMPLED_ARTICLES])
    counts = ArticleCounts.objects.order_by("article")
    others = counts.filter(article__gte=random_start(counts, "article"))
    articles |= set(others.values_list("article", flat=True)[:SAMPLED_ARTICLES])
    wrong = sum(abs(stored - rows) for stored, rows in article_counts_and_rows(articles))
    reacted = Reaction.objects.order_by("-pk").values_list("comment", flat=True)[:SAMPLED_ROWS]
    comments = Comment.objects.order_by("pk")
    others_by_id = comments.filter(pk__gte=random_start(comments, "pk"))
    sample = {*reacted, *others_by_id.values_list("pk", flat=True)[:SAMPLED_ROWS]}
    found = find_comment_count_drift(Comment.objects.filter(pk__in=sample))
    wrong += sum(abs(one.stored - one.rows) for one in found)
    CountCheck.objects.update_or_create(
        name=CHECK_NAME, defaults={"drift": wrong, "checked_at": now}
    )
    return wrong


def article_counts_and_rows(articles: set[int]) -> list[tuple[int, int]]:
    """The stored count of comments and that of the rows, where they differ. One query."""
    own = Comment.objects.visible().filter(article=OuterRef("article")).order_by()
    rows = Subquery(own.values("article").annotate(n=Count("pk")).values("n"))
    counted = ArticleCounts.objects.filter(article__in=articles).annotate(rows=Coalesce(rows, 0))
    return list(counted.exclude(comments=F("rows")).values_list("comments", "rows"))


def random_start(rows: QuerySet[Any], column: str) -> int:
    """A number between the least and the greatest of an ordered column; 0 for an empty table."""
    values = rows.values_list(column, flat=True)
    first, last = values.first(), values.last()
    return first + secrets.randbelow(last - first + 1) if first is not None else 0


def stored_drift() -> int:
    """By how much counts of comments and reactions were wrong in the last sample."""
    drifts = CountCheck.objects.filter(name=CHECK_NAME).values_list("drift", flat=True)
    return drifts.first() or 0
