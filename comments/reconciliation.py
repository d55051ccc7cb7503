"""The kept numbers beside their rows: of an article's comments, and of a comment's reactions."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from articles.reconciliation import CountDrift, find_count_drift
from articles.reconciliation import repair_count as recount_rows
from audit.actions import record_audit
from comments.models import Comment, Reaction

LIKED, DISLIKED = Q(value=Reaction.Value.LIKE), Q(value=Reaction.Value.DISLIKE)


@dataclass(frozen=True)
class ReactionDrift:
    """A comment's number of likes or dislikes that is not what its rows say; `slug` says where."""

    comment: int
    slug: str
    count: str
    kept: int
    rows: int


def drift() -> list[CountDrift | ReactionDrift]:
    """The articles whose number of comments, and the comments whose reactions are not counted right."""
    return [*find_count_drift("comments", Comment.objects.visible()), *drift_of_reactions()]


def drift_of_reactions() -> list[ReactionDrift]:
    """One query, for likes and dislikes."""
    own = Reaction.objects.order_by().filter(comment=OuterRef("pk")).values("comment")
    counted = Comment.objects.annotate(
        liked=Coalesce(Subquery(own.annotate(n=Count("pk", filter=LIKED)).values("n")), 0),
        disliked=Coalesce(Subquery(own.annotate(n=Count("pk", filter=DISLIKED)).values("n")), 0),
    )
    wrong = counted.exclude(likes=F("liked"), dislikes=F("disliked")).order_by("pk")
    rows = wrong.values_list("pk", "article__slug", "likes", "liked", "dislikes", "disliked")
    return [
        ReactionDrift(pk, f"{slug} #{pk}", count, kept, counted)
        for pk, slug, likes, liked, dislikes, disliked in rows
        for count, kept, counted in (("likes", likes, liked), ("dislikes", dislikes, disliked))
        if kept != counted
    ]


def recount(found: CountDrift | ReactionDrift) -> None:
    if isinstance(found, ReactionDrift):
        recount_reactions(found)
    else:
        recount_rows(found, rows=Comment.objects.visible())


@transaction.atomic
def recount_reactions(found: ReactionDrift) -> None:
    """Set a comment's count to what its rows make; whoever reacts holds the comment first, as this does."""
    held = Comment.objects.select_for_update(no_key=True).get(pk=found.comment)
    before = getattr(held, found.count)
    after = held.reactions.filter(value=found.count.removesuffix("s")).count()
    if before != after:
        setattr(held, found.count, after)
        held.save(update_fields=[found.count])
        record_audit(held, verb="recounted", by=None, count=found.count, before=before, after=after)
