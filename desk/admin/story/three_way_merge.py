"""Three-way merge of the story form with what was saved since it was opened, field by field.

The form carries a digest of each field as it was opened (`base`). Compared with the base, a field was
changed here, there, on both sides or on neither: what only one side changed is merged, what both changed
differently is for the user to choose. Digests suffice, because text is never merged within a field.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from articles.models.editorial import EDITORIAL_FIELD_NAMES
from desk.admin.story.form_fields import POLL_FIELDS
from desk.admin.story.story_editor import from_editor_html
from desk.rendering import clean_body
from newsroom.text.normalization import normalize_text

DIGEST_CHARS = 12
# {what is chosen as one: fields of the form}
MERGED_GROUPS: dict[str, tuple[str, ...]] = {
    name: (name,)
    for name in (
        *("headline", *EDITORIAL_FIELD_NAMES, "summary_1", "summary_2", "summary_3", "body"),
        *("section", "authors", "tags", "related", "slug", "comments_mode", "notes"),
        *("source_name", "source_url", "source_credit", "ai_kind", "ai_note"),
        *("embargo_until", "expires_at"),
    )
} | {
    "lead_photo": ("lead_photo", "photo_alt", "photo_caption", "photo_credit"),
    "social_photo": ("social_photo",),
    "poll": POLL_FIELDS,
}
# {keyword argument of `desk.actions.edit`: group}, where they differ.
GROUP_BY_ARGUMENT = {"lead_photo_text": "lead_photo"}


@dataclass
class Merge:
    """The groups by the side that has changed them; `equal` were changed to the same on both."""

    mine: set[str] = field(default_factory=set)
    theirs: set[str] = field(default_factory=set)
    both: set[str] = field(default_factory=set)
    equal: set[str] = field(default_factory=set)


def digests_of(form: Any) -> dict[str, str]:
    """{group: digest of the values of the form}: as it was opened, or as it was submitted."""
    return {
        group: digest_of([comparable(name, form[name].value()) for name in names])
        for group, names in MERGED_GROUPS.items()
        if all(name in form.fields for name in names)
    }


def digest_of(values: list[str]) -> str:
    text = json.dumps(values, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_CHARS]


def comparable(name: str, value: Any) -> str:
    """A value of the form as text, the same for what is stored and for what a browser sends of it."""
    if value is None or value == []:
        return ""
    if isinstance(value, datetime):
        return local_minute(value)
    if isinstance(value, list | tuple):
        return json.dumps([str(getattr(each, "pk", each)) for each in value])
    if name == "body":
        return clean_body(from_editor_html(str(value)))
    if name == "tags":
        return ",".join(filter(None, (tag.strip() for tag in str(value).split(","))))
    return normalize_text(str(getattr(value, "pk", value)))


def local_minute(value: datetime) -> str:
    """A time of the form, which Django gives without its zone once it is local."""
    local = value if timezone.is_naive(value) else timezone.localtime(value)
    return local.strftime("%Y-%m-%dT%H:%M")


def parse_base(text: str) -> dict[str, str]:
    """The digests that the form carries; empty where it has none that can be read."""
    try:
        base = json.loads(text or "{}")
    except ValueError:
        return {}
    return base if isinstance(base, dict) else {}


def merge_of(
    *, base: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]
) -> Merge:
    """Which side has changed each group since the base."""
    merge = Merge()
    for group, opened in base.items():
        if group not in mine or group not in theirs:
            continue
        if mine[group] == theirs[group]:
            if theirs[group] != opened:
                merge.equal.add(group)
        elif theirs[group] == opened:
            merge.mine.add(group)
        elif mine[group] == opened:
            merge.theirs.add(group)
        else:
            merge.both.add(group)
    return merge


def arguments_of_groups(fields: Mapping[str, Any], groups: set[str]) -> dict[str, Any]:
    """Those of these arguments of `desk.actions.edit` that belong to one of the groups."""
    return {
        name: value for name, value in fields.items() if GROUP_BY_ARGUMENT.get(name, name) in groups
    }
