"""Registry of visibility conditions: whether a live article shows a photo or a poll.

`media` and `polls` know no articles: they filter by `is_shown_by_live_article`, for which `articles`
registers the conditions in its `AppConfig.ready()`.  They are part of every public read, so that a photo or
poll is hidden with its article's embargo or expiry, even before the scheduler updates the column `public`.
"""

from collections.abc import Callable

from django.db.models import Exists

VISIBILITY_KINDS = ("photo", "poll")
VISIBILITY_CONDITIONS: dict[str, Callable[[], Exists]] = {}


def register_visibility(kind: str, condition: Callable[[], Exists]) -> None:
    """Register the condition on rows of this kind (`OuterRef("pk")` is the row). Called at start-up."""
    VISIBILITY_CONDITIONS[kind] = condition


def is_shown_by_live_article(kind: str) -> Exists:
    """The condition, on rows of this kind, that an article readers can open now shows them."""
    return VISIBILITY_CONDITIONS[kind]()
