"""The kept number of comments beside the comments that readers can read."""

from articles.reckoning import Drift, drift_of
from articles.reckoning import recount as recount_rows
from comments.models import Comment


def drift() -> list[Drift]:
    """The articles whose number of comments is not right."""
    return drift_of("comments", Comment.objects.visible())


def recount(found: Drift) -> None:
    recount_rows(found, rows=Comment.objects.visible())
