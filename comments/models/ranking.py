"""Rank of comments by their likes and dislikes: Wilson score lower bound, as SQL expressions."""

from django.db.models import Case, F, FloatField, IntegerField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Floor, Sqrt

Z = 1.96  # standard score of a confidence of 95 %
RANK_UNITS = (
    1_000_000  # the rank is an integer, which compares alike in cursors and on both databases
)


def comment_rank() -> Cast:
    """The rank of a comment in millionths, for the order `best`.

    The lower bound of the Wilson score interval of the share of likes, so that 1 of 1 does not come before
    99 of 100. With dislikes alone it is the negative bound of their share: a comment without reactions
    (0) stands between those that some like and those that all dislike.
    """
    bound = Case(
        When(likes=0, then=Value(0.0) - bound_of_unanimity(as_float("dislikes"))),
        default=lower_bound(as_float("likes"), as_float("dislikes")),
        output_field=FloatField(),
    )
    return Cast(Floor(bound * Value(float(RANK_UNITS))), IntegerField())


def as_float(column: str) -> Cast:
    return Cast(F(column), FloatField())


def lower_bound(ups: Cast, downs: Cast) -> Combinable:
    """(u + z²/2 − z √(u d / n + z²/4)) / (n + z²); not for n = 0."""
    spread = Sqrt(ups * downs / (ups + downs) + Value(Z * Z / 4), output_field=FloatField())
    return (ups + Value(Z * Z / 2) - Value(Z) * spread) / (ups + downs + Value(Z * Z))


def bound_of_unanimity(votes: Cast) -> Combinable:
    """The lower bound for n of n: n / (n + z²)."""
    return votes / (votes + Value(Z * Z))
