"""Reconciliation of counts: comments of an article, reactions and visible replies of a comment."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from articles.reconciliation import CountDrift, find_count_drift, repair_count
from audit.actions import record_audit
from comments.models import Comment, Reaction

LIKED, DISLIKED = Q(value=Reaction.Value.LIKE), Q(value=Reaction.Value.DISLIKE)


@dataclass(frozen=True)
class ReactionDrift:
    """A `stored` count of reactions that differs from its rows; `slug` names article and comment."""

    comment: int
    slug: str
    count: str
    stored: int
    rows: int


@dataclass(frozen=True)
class ReplyDrift:
    """A `stored` count of visible replies that differs from its rows; `slug` names article and comment."""

    comment: int
    slug: str
    stored: int
    rows: int
    count: str = "visible_replies"


Drift = CountDrift | ReactionDrift | ReplyDrift


def drift() -> list[Drift]:
    """Wrong counts of comments, reactions and visible replies (`manage.py reconcile`)."""
    wrong_comments = find_count_drift("comments", Comment.objects.visible())
    return [*wrong_comments, *find_reaction_drift(), *find_reply_drift()]


def find_reply_drift() -> list[ReplyDrift]:
    """Comments with a wrong count of visible replies. One query."""
    visible = Comment.objects.visible().order_by().filter(parent=OuterRef("pk")).values("parent")
    counted = Comment.objects.annotate(
        counted=Coalesce(Subquery(visible.annotate(n=Count("pk")).values("n")), 0)
    )
    wrong = counted.exclude(visible_replies=F("counted")).order_by("pk")
    rows = wrong.values_list("pk", "article__slug", "visible_replies", "counted")
    return [ReplyDrift(pk, f"{slug} #{pk}", stored, counted) for pk, slug, stored, counted in rows]


def find_reaction_drift() -> list[ReactionDrift]:
    """Comments with a wrong count of likes or dislikes. One query for both."""
    own = Reaction.objects.order_by().filter(comment=OuterRef("pk")).values("comment")
    counted = Comment.objects.annotate(
        liked=Coalesce(Subquery(own.annotate(n=Count("pk", filter=LIKED)).values("n")), 0),
        disliked=Coalesce(Subquery(own.annotate(n=Count("pk", filter=DISLIKED)).values("n")), 0),
    )
    wrong = counted.exclude(likes=F("liked"), dislikes=F("disliked")).order_by("pk")
    rows = wrong.values_list("pk", "article__slug", "likes", "liked", "dislikes", "disliked")
    return [
        ReactionDrift(pk, f"{slug} #{pk}", count, stored, counted)
        for pk, slug, likes, liked, dislikes, disliked in rows
        for count, stored, counted in (("likes", likes, liked), ("dislikes", dislikes, disliked))
        if stored != counted
    ]


def recount(drift: Drift) -> None:
    """Repair a wrong count (`manage.py reconcile`)."""
    if isinstance(drift, ReactionDrift):
        repair_reaction_count(drift)
    elif isinstance(drift, ReplyDrift):
        repair_reply_count(drift)
    else:
        repair_count(drift, rows=Comment.objects.visible())


@transaction.atomic
def repair_reaction_count(drift: ReactionDrift) -> None:
    """Set a comment's count to the number of its rows, with the comment locked as reacting locks it."""
    comment = Comment.objects.select_for_update(no_key=True).get(pk=drift.comment)
    count = drift.count
    before = getattr(comment, count)
    after = comment.reactions.filter(value=count.removesuffix("s")).count()
    if before != after:
        setattr(comment, count, after)
        comment.save(update_fields=[count])
        record_audit(comment, verb="recounted", by=None, count=count, before=before, after=after)


@transaction.atomic
def repair_reply_count(drift: ReplyDrift) -> None:
    """Set a comment's count of visible replies to the number of its rows, with the comment locked as
    replying locks it."""
    comment = Comment.objects.select_for_update(no_key=True).get(pk=drift.comment)
    before, after = comment.visible_replies, comment.replies.filter(state="visible").count()
    if before != after:
        comment.visible_replies = after
        comment.save(update_fields=["visible_replies"])
        record_audit(
            comment, verb="recounted", by=None, count=drift.count, before=before, after=after
        )
