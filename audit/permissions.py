"""Permissions of the audit log: users read the entries about things that they may view. Pure."""

from collections.abc import Callable
from typing import Any

from django.apps import apps

# For kinds whose entries show more than their own page does, or that have no page of their own.
PERMISSION_BY_KIND = {
    "articles.article": "desk.view_draft",  # schedules, holds and their reasons
    "articles.edition": "desk.view_draft",
    "desk.preview": "desk.view_draft",
    "polls.vote": "polls.view_poll",
}


# Further conditions on (user, kind), which apps register.
conditions: list[Callable[[Any, str], bool]] = []


def register_condition(condition: Callable[[Any, str], bool]) -> None:
    """Register a further condition of reading the entries of a kind. Call it in `AppConfig.ready()`."""
    if condition not in conditions:
        conditions.append(condition)


def may_read_entries_of(user: Any, kind: str) -> bool:
    """Whether a user may read the entries about things of a kind (`Entry.kind`: app.model)."""
    app, _dot, model = kind.partition(".")
    has_permission = user.has_perm(PERMISSION_BY_KIND.get(kind, f"{app}.view_{model}"))
    return bool(has_permission) and all(is_met(user, kind) for is_met in conditions)


def readable_kinds(user: Any) -> list[str]:
    """The kinds whose entries a user may read, without those of models that no longer exist."""
    kinds = [model._meta.label_lower for model in apps.get_models()]
    return [kind for kind in kinds if may_read_entries_of(user, kind)]
