"""Whether readers see what stories carry: polls, photos.

These rooms know no story. So they ask by name, at the moment of each reading, whoever knows them
(settings.CARRIED_BY): what only a story shows whose time has not come, or is over, is not shown, even
where nobody has come by yet to take it down.
"""

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.db.models import Exists
from django.utils.module_loading import import_string


def is_shown_by_live_article(kind: str) -> Exists:
    """The condition, on rows of things of this kind, that a story readers can open now shows them."""
    return visibility_condition(kind)()


@cache
def visibility_condition(kind: str) -> Callable[[], Exists]:
    found: Callable[[], Exists] = import_string(settings.CARRIED_BY[kind])
    return found
