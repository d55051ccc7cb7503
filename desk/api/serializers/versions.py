"""Serializers of versions of drafts: list, content, word diff, and the request to restore one."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from articles.api.text_fields import EditorialTextMixin
from articles.models import CommentsMode
from articles.models.editorial import EDITORIAL_FIELD_NAMES
from desk.api.serializers.drafts import DraftDetailOut
from desk.api.serializers.stories import (
    AIDisclosureIn,
    PhotoTextIn,
    PollIn,
    SourceIn,
)
from desk.models import DraftVersion, VersionMark
from desk.versions.comparison import FieldDifference
from desk.versions.content import SUMMARY_FIELDS, VERSIONED_FIELDS, Content
from desk.versions.lookup import Side
from newsroom.api.views import NoParameters, StrictSerializer
from newsroom.text.word_diff import Segment

# {field of the draft: JSON pointer in the API}, where it is not "/" and the name.
POINTERS = {
    **{name: f"/summary/{n}" for n, name in enumerate(SUMMARY_FIELDS)},
    "body": "/body_html",
    "comments_mode": "/comments",
    **{f"source_{part}": f"/source/{part}" for part in ("name", "url", "credit")},
    **{f"ai_{part}": f"/ai_disclosure/{part}" for part in ("kind", "note")},
}
SAVE_KINDS = DraftVersion.Kind.choices
OPERATIONS = ("equal", "delete", "insert")
ROW_KINDS = ("equal", "changed", "removed", "added", "folded")


def pointer_of(name: str) -> str:
    return POINTERS.get(name, f"/{name}")


def member_of(name: str) -> str:
    """The member of the API's draft that has this field of the draft."""
    return pointer_of(name).split("/")[1]


# The members of the API's draft that a version holds.
DRAFT_MEMBERS = tuple(dict.fromkeys(map(member_of, VERSIONED_FIELDS)))


def fields_of_members(members: list[str]) -> list[str]:
    """The fields of the draft that these members of the API's draft have."""
    return [name for name in VERSIONED_FIELDS if member_of(name) in members]


class DraftVersionMarkOut(serializers.Serializer[VersionMark]):
    """What was decided on this text."""

    kind = serializers.ChoiceField(choices=VersionMark.Kind.choices)
    edition = serializers.IntegerField(
        source="edition.number", default=None, allow_null=True, help_text="Of a frozen text."
    )
    at = serializers.DateTimeField(source="marked_at")


class DraftVersionOut(serializers.Serializer[DraftVersion]):
    """A save of a draft, without its content."""

    number = serializers.IntegerField(help_text="The draft's `version` of that save.")
    kind = serializers.ChoiceField(choices=SAVE_KINDS)
    saved_at = serializers.DateTimeField()
    saved_by = serializers.CharField()
    restored = serializers.IntegerField(
        source="restored_number", allow_null=True, help_text="The version that it brought back."
    )
    changed = serializers.SerializerMethodField()
    characters = serializers.IntegerField(source="char_count", help_text="Without markup.")
    marks = DraftVersionMarkOut(many=True)

    def get_changed(self, version: DraftVersion) -> list[str]:
        """The members that differ from the version before."""
        return list(dict.fromkeys(map(member_of, version.changed_fields)))


class DraftVersionContentOut(EditorialTextMixin, serializers.Serializer[Any]):
    """What a version holds, named as a draft names it. Addresses are those of when it was saved."""

    headline = serializers.CharField()
    summary = serializers.ListField(child=serializers.CharField(), min_length=3, max_length=3)
    body_html = serializers.CharField()
    section = serializers.CharField(allow_null=True)
    authors = serializers.ListField(child=serializers.CharField())
    tags = serializers.ListField(child=serializers.CharField())
    slug = serializers.CharField()
    lead_photo = serializers.IntegerField(allow_null=True)
    lead_photo_text = PhotoTextIn(allow_null=True)
    social_photo = serializers.IntegerField(allow_null=True)
    poll = PollIn(allow_null=True)
    related = serializers.ListField(child=serializers.CharField())
    source = SourceIn(allow_null=True)  # type: ignore[assignment]  # a field named like an option
    ai_disclosure = AIDisclosureIn(allow_null=True)
    comments = serializers.ChoiceField(choices=CommentsMode.choices)
    embargo_until = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    notes = serializers.CharField()


def version_content_data(content: Content) -> dict[str, Any]:
    """A stored content as `DraftVersionContentOut` describes it."""
    slugs = {name: [row["slug"] for row in content[name]] for name in ("authors", "related")}
    source = {part: content[f"source_{part}"] for part in ("name", "url", "credit")}
    poll, photo, section = content["poll"], content["lead_photo"], content["section"]
    return {
        "headline": content["headline"],
        **{name: content.get(name, "") for name in EDITORIAL_FIELD_NAMES},
        "summary": [content[name] for name in SUMMARY_FIELDS],
        "body_html": content["body"],
        "section": section and section["slug"],
        "tags": content["tags"],
        **slugs,
        "slug": content["slug"],
        "lead_photo": photo and photo["id"],
        "lead_photo_text": content["lead_photo_text"] or None,
        "social_photo": (content.get("social_photo") or {}).get("id"),
        "poll": poll and {name: value for name, value in poll.items() if name != "id"},
        "source": source if any(source.values()) else None,
        "ai_disclosure": {"kind": content["ai_kind"], "note": content["ai_note"]}
        if content["ai_kind"]
        else None,
        "comments": content["comments_mode"],
        **{name: content[name] for name in ("embargo_until", "expires_at", "notes")},
    }


class DraftVersionDetailOut(DraftVersionOut):
    """A save of a draft with its content."""

    content = serializers.SerializerMethodField()

    @extend_schema_field(DraftVersionContentOut)
    def get_content(self, version: DraftVersion) -> dict[str, Any]:
        return version_content_data(version.content)


class DiffQuery(NoParameters):
    """What to compare with."""

    to = serializers.RegexField(
        r"\A(live|[0-9]{1,9})\Z",
        required=False,
        help_text="Number of a version, or `live` for what readers have; without, the newest version.",
    )


class SegmentOut(serializers.Serializer[Segment]):
    """Words of one side."""

    op = serializers.ChoiceField(choices=OPERATIONS)
    text = serializers.CharField()
    marks = serializers.ListField(
        child=serializers.CharField(),
        help_text="Formatting: `strong`, `→` and the address of a link.",
    )


class DiffRowOut(serializers.Serializer[Any]):
    """A block on both sides, or on one alone; or equal blocks that are left out."""

    kind = serializers.ChoiceField(choices=ROW_KINDS)
    block = serializers.CharField(
        allow_blank=True, help_text="`p`, `h2`, `li` …; empty for plain text."
    )
    before = SegmentOut(many=True)
    after = SegmentOut(many=True)
    count = serializers.IntegerField(help_text="Blocks: 1, more for `folded`.")


class FieldDiffOut(serializers.Serializer[Any]):
    """A field that differs."""

    pointer = serializers.CharField(help_text="JSON pointer of the field in a draft.")
    label = serializers.CharField(help_text="The same for people.")  # type: ignore[assignment]  # a field named like an option
    rows = DiffRowOut(many=True)


class DiffSideOut(serializers.Serializer[Any]):
    """A version by its number, or the live edition by its own."""

    version = serializers.IntegerField(allow_null=True)
    edition = serializers.IntegerField(allow_null=True)


class DraftVersionDiffOut(serializers.Serializer[Any]):
    """A word diff by field; fields that are the same, and that an edition does not have, are left out."""

    before = DiffSideOut()
    after = DiffSideOut()
    fields = FieldDiffOut(many=True)  # type: ignore[assignment]  # a field named like an attribute


def side_data(side: Side) -> dict[str, int | None]:
    return {
        "version": side.version.number if side.version else None,
        "edition": side.edition.number if side.edition else None,
    }


def field_diff_data(difference: FieldDifference) -> dict[str, Any]:
    """A field's difference as `FieldDiffOut` describes it."""
    rows: list[dict[str, Any]] = []
    for passage in difference.passages():
        if passage.is_folded:
            empty: dict[str, Any] = {"block": "", "before": [], "after": []}
            rows.append({"kind": "folded", **empty, "count": len(passage.rows)})
            continue
        rows += [
            {
                "kind": row.kind,
                "block": row.after_kind or row.before_kind,
                "before": [segment._asdict() for segment in row.before],
                "after": [segment._asdict() for segment in row.after],
                "count": 1,
            }
            for row in passage.rows
        ]
    return {"pointer": pointer_of(difference.name), "label": difference.label, "rows": rows}


class RestoreIn(StrictSerializer):
    """What to bring back."""

    fields = serializers.ListField(  # type: ignore[assignment]  # a field named like an attribute
        child=serializers.ChoiceField(choices=DRAFT_MEMBERS),
        required=False,
        allow_empty=False,
        max_length=len(VERSIONED_FIELDS),
        help_text="Members of the draft, such as `body_html`. Without: all but embargo and expiry, which "
        "take effect at once.",
    )

    def validate_fields(self, members: list[str]) -> list[str]:
        return fields_of_members(members)


class RestoredOut(DraftDetailOut):
    """The draft after a restore."""

    missing = serializers.ListField(
        child=serializers.CharField(),
        help_text="What the version referred to and that does not exist any more.",
    )
