"""Visibility of polls and photos, which depends on the articles that use them.

The apps `polls` and `media` are below `articles` and do not import it: the condition is looked up by the
name in settings.CARRIED_BY and evaluated in every query, so that an article whose time has not come or
is over hides them even before the scheduler has run.
"""

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.db.models import Exists
from django.utils.module_loading import import_string


def is_shown_by_live_article(kind: str) -> Exists:
    """The condition, on rows of this kind ("poll", "photo"), that a live article uses them."""
    return visibility_condition(kind)()


@cache
def visibility_condition(kind: str) -> Callable[[], Exists]:
    condition: Callable[[], Exists] = import_string(settings.CARRIED_BY[kind])
    return condition
