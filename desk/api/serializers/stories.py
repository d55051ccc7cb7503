"""Input serializers of drafts, and of the actions with them."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from articles.api.text_fields import AnyField, EditorialTextMixin
from articles.models import Article, Author, CommentsMode, CorrectionKind, Section
from articles.models.editorial import EditorialCharField
from articles.slugs import make_slug
from desk.api.serializers.fields import (
    CleanTextField,
    LocalDateTimeField,
    MarkupField,
    SingleLineField,
)
from desk.models import Draft
from media.models import Photo
from newsroom.api.views import StrictIntegerField, StrictSerializer
from newsroom.text.normalization import canonical_slug, is_blank
from polls.models import Choice, Poll

MAX_LIST_ITEMS = 20  # authors, tags, picks


class SideIn(StrictSerializer):
    """One side of a poll. What is left out is the mascot's usual."""

    key = serializers.ChoiceField(choices=Choice.choices)
    label = SingleLineField(max_length=20, required=False, allow_blank=True)  # type: ignore[assignment]  # a field named like an option
    persona = SingleLineField(max_length=20, required=False, allow_blank=True)
    argument = SingleLineField(max_length=300, required=False, allow_blank=True)


class PollIn(StrictSerializer):
    """A question with two sides, pro and con."""

    title = SingleLineField(max_length=80, required=False, allow_blank=True)
    question = SingleLineField(max_length=200)
    opens_at = LocalDateTimeField(
        required=False, allow_null=True, help_text="Empty: when it is kept."
    )
    closes_at = LocalDateTimeField(required=False, allow_null=True)
    results = serializers.ChoiceField(choices=Poll.Results.choices, required=False)
    election_day = serializers.DateField(
        required=False,
        allow_null=True,
        help_text="Of a poll about an election: it is suspended from six days before (공직선거법 §108).",
    )
    sides = SideIn(many=True)

    def validate_sides(self, sides: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if sorted(side["key"] for side in sides) != sorted(Choice.values):
            raise ValidationError(_now("A poll has two sides, one pro and one con."))
        return sides

    def validate(self, poll: dict[str, Any]) -> dict[str, Any]:
        if poll.get("opens_at", 1) is None:
            del poll["opens_at"]
        closes = poll.get("closes_at")
        if closes and closes <= poll.get("opens_at", timezone.now()):
            raise ValidationError({"closes_at": [_now("A poll closes after it opens.")]})
        return poll


class SourceIn(StrictSerializer):
    """Where the story comes from, for readers."""

    name = SingleLineField(max_length=120)
    url = serializers.URLField(max_length=500, required=False, allow_blank=True)
    credit = SingleLineField(max_length=200, required=False, allow_blank=True)

    def validate_url(self, url: str) -> str:
        if url and not url.lower().startswith(("http://", "https://")):
            raise ValidationError(_now("An address starts with http:// or https://."))
        return url


class AIDisclosureIn(StrictSerializer):
    """What AI did, for readers."""

    kind = serializers.ChoiceField(choices=Draft.AIUse.choices)
    note = SingleLineField(max_length=300, required=False, allow_blank=True)


class PhotoTextIn(StrictSerializer):
    """The story's own words for its lead photo. What is left out is the library's when it is frozen."""

    alt = SingleLineField(max_length=250, required=False)
    caption = SingleLineField(max_length=300, required=False, allow_blank=True)
    credit = SingleLineField(max_length=120, required=False, allow_blank=True)


class DraftIn(EditorialTextMixin, StrictSerializer):
    """The words of a draft. What is left out stays as it is; anything may still be missing."""

    headline = SingleLineField(max_length=200, required=False, allow_blank=True)
    summary = serializers.ListField(
        child=SingleLineField(max_length=120, allow_blank=True),
        max_length=3,
        required=False,
        help_text="The three lines; those left out are empty.",
    )
    body_html = MarkupField(
        max_length=300_000,
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        help_text="HTML of any origin. It is kept in the form that the editor shows; `dropped` of the "
        "answer names what is not.",
    )
    section = SingleLineField(
        max_length=60, required=False, allow_null=True, help_text="Its address."
    )
    authors = serializers.ListField(
        child=SingleLineField(max_length=60),
        max_length=MAX_LIST_ITEMS,
        required=False,
        help_text="Their addresses.",
    )
    tags = serializers.ListField(
        child=SingleLineField(max_length=40),
        max_length=MAX_LIST_ITEMS,
        required=False,
        help_text="Their names; new ones are made.",
    )
    slug = SingleLineField(
        max_length=120, required=False, allow_blank=True, help_text="The wished address."
    )
    lead_photo = StrictIntegerField(
        min_value=1, required=False, allow_null=True, help_text="Number of a photo."
    )
    lead_photo_text = PhotoTextIn(
        required=False,
        allow_null=True,
        help_text="Another photo without words of its own gets the library's.",
    )
    social_photo = StrictIntegerField(
        min_value=1,
        required=False,
        allow_null=True,
        help_text="Number of the photo of share cards; null for the lead photo.",
    )
    poll = PollIn(required=False, allow_null=True)
    related = serializers.ListField(
        child=SingleLineField(max_length=120),
        max_length=MAX_LIST_ITEMS,
        required=False,
        help_text="Addresses of articles.",
    )
    source = SourceIn(required=False, allow_null=True)  # type: ignore[assignment]  # a field named like an option
    ai_disclosure = AIDisclosureIn(required=False, allow_null=True)
    comments = serializers.ChoiceField(choices=CommentsMode.choices, required=False)
    embargo_until = LocalDateTimeField(
        required=False,
        allow_null=True,
        help_text="No reader before this time, whatever is planned. Counts at once.",
    )
    expires_at = LocalDateTimeField(
        required=False,
        allow_null=True,
        help_text="The story comes down by itself then. Counts at once.",
    )
    notes = CleanTextField(max_length=10_000, required=False, allow_blank=True)

    def build_text_field(self, field: EditorialCharField) -> AnyField:
        return SingleLineField(max_length=field.max_length, required=False, allow_blank=True)

    def validate_section(self, slug: str | None) -> Section | None:
        if slug is None:
            return None
        section = Section.objects.filter(slug=canonical_slug(slug)).first()
        if section is None:
            raise ValidationError(unknown_names_message([slug]))
        return section

    def validate_authors(self, slugs: list[str]) -> list[Author]:
        return rows_by_slugs(Author.objects, slugs)

    def validate_related(self, slugs: list[str]) -> list[Article]:
        return rows_by_slugs(self.context["pickable"], slugs)

    def validate_tags(self, names: list[str]) -> list[str]:
        if without_slug := [name for name in names if not make_slug(name)]:
            raise ValidationError(
                _now("A tag needs a letter or a digit: %(names)s")
                % {"names": ", ".join(without_slug)}
            )
        return names

    def validate_slug(self, slug: str) -> str:
        if slug and not make_slug(slug, max_chars=120):
            raise ValidationError(_now("An address needs a letter or a digit."))
        return slug

    def validate_lead_photo(self, number: int | None) -> Photo | None:
        if number is None:
            return None
        photo = Photo.objects.filter(pk=number).first()
        if photo is None:
            raise ValidationError(unknown_names_message([str(number)]))
        return photo

    def validate_social_photo(self, number: int | None) -> Photo | None:
        return self.validate_lead_photo(number)


def unknown_names_message(names: list[str]) -> str:
    """The error message that lists names or numbers of which no row exists."""
    return _now("There is none called: %(names)s") % {"names": ", ".join(names)}


def rows_by_slugs(rows: Any, slugs: list[str]) -> list[Any]:
    """The rows with these slugs, in the same order. Raises ValidationError that lists the unknown slugs."""
    canonical = {slug: canonical_slug(slug) for slug in slugs}
    by_slug = {row.slug: row for row in rows.filter(slug__in=canonical.values())}
    found = {slug: by_slug[form] for slug, form in canonical.items() if form in by_slug}
    if missing := [slug for slug in slugs if slug not in found]:
        raise ValidationError(unknown_names_message(missing))
    return [found[slug] for slug in slugs]


def draft_fields_of(validated_data: dict[str, Any]) -> dict[str, Any]:
    """The keyword arguments of `desk.actions.start_draft` and `edit` for a validated DraftIn."""
    fields = dict(validated_data)
    if "summary" in fields:
        lines = [*fields.pop("summary"), "", "", ""]
        fields |= {"summary_1": lines[0], "summary_2": lines[1], "summary_3": lines[2]}
    if "body_html" in fields:
        fields["body"] = fields.pop("body_html")
    if "comments" in fields:
        fields["comments_mode"] = fields.pop("comments")
    for name, prefix, parts in (
        ("source", "source", ("name", "url", "credit")),
        ("ai_disclosure", "ai", ("kind", "note")),
    ):
        if name in fields:
            nested = fields.pop(name) or {}
            fields |= {f"{prefix}_{part}": nested.get(part, "") for part in parts}
    return fields


class CorrectionIn(StrictSerializer):
    """What was wrong, for readers; public, dated, kept."""

    kind = serializers.ChoiceField(choices=CorrectionKind.values)
    note = CleanTextField(max_length=2000)

    def validate_note(self, note: str) -> str:
        if is_blank(note):
            raise ValidationError(_("Tell readers what was wrong and what is right."))
        return note


class NothingIn(StrictSerializer):
    """For verbs that need no words."""


class NoteIn(StrictSerializer):
    note = CleanTextField(max_length=2000, required=False, allow_blank=True)


class PublishIn(StrictSerializer):
    correction = CorrectionIn(required=False, allow_null=True)


class ScheduleIn(PublishIn):
    at = LocalDateTimeField(help_text="When it goes out. Without an offset, Korean time.")


class MoveIn(StrictSerializer):
    at = LocalDateTimeField(help_text="When it goes out instead. Without an offset, Korean time.")


class NoticeIn(StrictSerializer):
    notice = CleanTextField(max_length=2000, help_text="What readers find in place of the article.")
