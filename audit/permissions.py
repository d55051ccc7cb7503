"""Permissions of the audit log: users read the entries about things that they may view. Pure."""

from typing import Any

from django.apps import apps

# For kinds whose entries show more than their own page does, or that have no page of their own.
PERMISSION_BY_KIND = {
    "articles.article": "desk.view_draft",  # schedules, holds and their reasons
    "articles.edition": "desk.view_draft",
    "desk.preview": "desk.view_draft",
    "polls.vote": "polls.view_poll",
}


def may_read_entries_of(user: Any, kind: str) -> bool:
    """Whether a user may read the entries about things of a kind (`Entry.kind`: app.model)."""
    app, _dot, model = kind.partition(".")
    return bool(user.has_perm(PERMISSION_BY_KIND.get(kind, f"{app}.view_{model}")))


def readable_kinds(user: Any) -> list[str]:
    """The kinds whose entries a user may read, without those of models that no longer exist."""
    kinds = [model._meta.label_lower for model in apps.get_models()]
    return [kind for kind in kinds if may_read_entries_of(user, kind)]
