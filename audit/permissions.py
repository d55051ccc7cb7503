"""Who may read which lines of the audit log: those about things that the person may open."""

from typing import Any

from django.apps import apps

# What it takes to open a thing whose lines tell more than its own page, or that has no page of its own.
PERMISSION_BY_KIND = {
    "articles.article": "desk.view_draft",  # plans, holds and their reasons; readers see none of it
    "articles.edition": "desk.view_draft",
    "desk.preview": "desk.view_draft",
    "polls.vote": "polls.view_poll",
}


def may_read_entries_of(user: Any, kind: str) -> bool:
    """Whether this person may open things of this kind, named as in `Entry.kind`."""
    app, _dot, model = kind.partition(".")
    return bool(user.has_perm(PERMISSION_BY_KIND.get(kind, f"{app}.view_{model}")))


def readable_kinds(user: Any) -> list[str]:
    """The kinds of things whose lines this person may read; of models that are gone, none."""
    kinds = [model._meta.label_lower for model in apps.get_models()]
    return [kind for kind in kinds if may_read_entries_of(user, kind)]
