"""Which fields of a draft are guarded, and who may change them. The table that actions and pages ask.

Most fields reach readers with an edition alone, and whoever freezes it may publish: every writer may
change them.  A guarded field takes effect by itself, or is a decision of the desk that must not be lost
before somebody looks at the story again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from articles.models import CommentsMode
from articles.models.editorial import EDITORIAL_FIELD_NAMES
from desk.errors import FieldGuarded, FieldSetByAnother
from desk.models import Draft, Release
from desk.permissions import may_publish


@dataclass(frozen=True)
class FieldGuard:
    """`unset` is the value that nobody has decided on; every other is changed by who set it, or by
    somebody who may publish.  With `once_known`, by the latter alone as soon as readers have had the
    story or a plan waits.  `pointer` is the field in the API."""

    unset: Any
    once_known: bool
    pointer: str


GUARDED_FIELDS: dict[str, FieldGuard] = {
    "embargo_until": FieldGuard(unset=None, once_known=True, pointer="/embargo_until"),
    "expires_at": FieldGuard(unset=None, once_known=True, pointer="/expires_at"),
    "slug": FieldGuard(unset="", once_known=True, pointer="/slug"),
    "comments_mode": FieldGuard(unset=CommentsMode.OPEN, once_known=False, pointer="/comments"),
}
# What every writer may change: it waits for the next edition, or only the desk sees it. A poll that an
# edition carries is replaced by another one with the next edition, and has its words once people vote.
UNGUARDED_FIELDS = (
    *(
        "headline",
        *EDITORIAL_FIELD_NAMES,
        *("summary_1", "summary_2", "summary_3"),
        "body",
        "notes",
    ),
    *("section", "authors", "tags", "related", "poll", "lead_photo", "lead_photo_text"),
    *("source_name", "source_url", "source_credit", "ai_kind", "ai_note"),
)


def guarded_values(draft: Draft) -> dict[str, Any]:
    """What the guarded fields of a draft say, to compare with later."""
    return {name: getattr(draft, name) for name in GUARDED_FIELDS}


def changed_guarded_fields(draft: Draft, before: dict[str, Any]) -> list[str]:
    """The guarded fields that differ from what they said before."""
    return [name for name, value in before.items() if getattr(draft, name) != value]


def require_may_change_guarded(draft: Draft, before: dict[str, Any], *, by: User) -> None:
    """Raise FieldGuarded or FieldSetByAnother where this person may not change what has changed."""
    changed = changed_guarded_fields(draft, before)
    refusals = forbidden_among(draft, changed, values=before, by=by)
    for refusal in refusals.values():
        raise refusal


def forbidden_among(
    draft: Draft, names: Iterable[str], *, values: dict[str, Any], by: User
) -> dict[str, FieldGuarded]:
    """Why this person may not change these guarded fields, by name; `values` are what they say."""
    names = list(names)
    if not names or may_publish(by):
        return {}
    known, closed = is_public_or_scheduled(draft), dict[str, FieldGuarded]()
    for name in names:
        guard, label = GUARDED_FIELDS[name], Draft._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        if known and guard.once_known:
            closed[name] = FieldGuarded(label, guard.pointer)
        elif values[name] != guard.unset and draft.field_setters.get(name) != by.pk:
            closed[name] = FieldSetByAnother(label, guard.pointer)
    return closed


def is_public_or_scheduled(draft: Draft) -> bool:
    """Whether readers have had the story, or a plan waits."""
    if draft.article is None:
        return False
    had = draft.article.first_published_at is not None
    return had or Release.objects.waiting().filter(article=draft.article).exists()


def record_setters(draft: Draft, before: dict[str, Any], *, by: User) -> None:
    """Keep in the draft who set the guarded fields that have changed."""
    setters = dict(draft.field_setters)
    for name in changed_guarded_fields(draft, before):
        setters.pop(name, None)
        if getattr(draft, name) != GUARDED_FIELDS[name].unset:
            setters[name] = by.pk
    draft.field_setters = setters


def forbidden_fields(by: User, draft: Draft) -> dict[str, FieldGuarded]:
    """The guarded fields of a draft that this person may not change, each with its refusal."""
    return forbidden_among(draft, GUARDED_FIELDS, values=guarded_values(draft), by=by)
