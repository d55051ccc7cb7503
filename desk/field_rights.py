"""Field-level permissions of drafts: which fields are guarded, and who may change them.

Most fields reach readers only with an edition, which takes the permission to publish: every writer may
change them.  A guarded field takes effect by itself, or is a decision that must hold until an editor
reviews the draft again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from articles.models import CommentsMode
from articles.models.editorial import EDITORIAL_FIELD_NAMES
from desk.errors import FieldGuarded, FieldSetByAnother
from desk.models import Draft, Release
from desk.section_rights import may_publish_draft


@dataclass(frozen=True)
class FieldGuard:
    """Rule of one field.

    `default`: every writer may change this value; any other only the person who set it, or a publisher.
    `publishers_only_once_public`: publishers alone, as soon as the story was published or is scheduled.
    `pointer`: JSON pointer of the field in the API.
    """

    default: Any
    publishers_only_once_public: bool
    pointer: str


GUARDED_FIELDS: dict[str, FieldGuard] = {
    "embargo_until": FieldGuard(None, True, "/embargo_until"),
    "expires_at": FieldGuard(None, True, "/expires_at"),
    "slug": FieldGuard("", True, "/slug"),
    "comments_mode": FieldGuard(CommentsMode.OPEN, False, "/comments"),
}
# Every writer may change these: they wait for the next edition, or only the desk sees them. A poll that an
# edition refers to is replaced with the next edition (`desk.actions.drafts.poll_for`).
UNGUARDED_FIELDS = (
    *(
        "headline",
        *EDITORIAL_FIELD_NAMES,
        *("summary_1", "summary_2", "summary_3"),
        "body",
        "notes",
    ),
    *("section", "authors", "tags", "related", "poll", "lead_photo", "lead_photo_text"),
    "social_photo",
    *("source_name", "source_url", "source_credit", "ai_kind", "ai_note"),
)


def guarded_values(draft: Draft) -> dict[str, Any]:
    """The values of the guarded fields, to compare with after a change."""
    return {name: getattr(draft, name) for name in GUARDED_FIELDS}


def changed_guarded_fields(draft: Draft, before: dict[str, Any]) -> list[str]:
    """The guarded fields whose values differ from those before."""
    return [name for name, value in before.items() if getattr(draft, name) != value]


def require_may_change_guarded(draft: Draft, before: dict[str, Any], *, by: User) -> None:
    """Raise FieldGuarded or FieldSetByAnother where this person may not change a field that has changed."""
    changed = changed_guarded_fields(draft, before)
    refusals = forbidden_among(draft, changed, values=before, by=by)
    for refusal in refusals.values():
        raise refusal


def forbidden_among(
    draft: Draft, names: Iterable[str], *, values: dict[str, Any], by: User
) -> dict[str, FieldGuarded]:
    """{guarded field: refusal}, of those of these names that this person may not change; `values`: what is
    in them."""
    names = list(names)
    if not names or may_publish_draft(by, draft):
        return {}
    is_public, refusals = is_public_or_scheduled(draft), dict[str, FieldGuarded]()
    for name in names:
        guard, label = GUARDED_FIELDS[name], Draft._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        if is_public and guard.publishers_only_once_public:
            refusals[name] = FieldGuarded(label, guard.pointer)
        elif values[name] != guard.default and draft.field_setters.get(name) != by.pk:
            refusals[name] = FieldSetByAnother(label, guard.pointer)
    return refusals


def is_public_or_scheduled(draft: Draft) -> bool:
    """Whether the story was ever published, or is scheduled."""
    if draft.article is None:
        return False
    was_published = draft.article.first_published_at is not None
    return was_published or Release.objects.waiting().filter(article=draft.article).exists()


def record_setters(draft: Draft, before: dict[str, Any], *, by: User) -> None:
    """Set `draft.field_setters` for the guarded fields that have changed. Not saved."""
    setters = dict(draft.field_setters)
    for name in changed_guarded_fields(draft, before):
        setters.pop(name, None)
        if getattr(draft, name) != GUARDED_FIELDS[name].default:
            setters[name] = by.pk
    draft.field_setters = setters


def forbidden_fields(by: User, draft: Draft) -> dict[str, FieldGuarded]:
    """{guarded field that this person may not change: refusal}."""
    return forbidden_among(draft, GUARDED_FIELDS, values=guarded_values(draft), by=by)
