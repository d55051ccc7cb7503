"""Archive schema: serializers of a line of the archive (docs/archive.md)."""

import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from articles.api.text_fields import AnyField, EditorialTextMixin
from articles.models import CommentsMode
from articles.models.editorial import EditorialCharField
from articles.slugs import make_slug
from desk.actions.freezing import Correction
from desk.api.serializers.fields import (
    CleanTextField,
    FractionField,
    LocalDateTimeField,
    MarkupField,
    SingleLineField,
)
from desk.api.serializers.stories import AIDisclosureIn, PhotoTextIn, PollIn, SourceIn
from desk.errors import NoTimeLeft
from desk.rendering import photo_keys_in
from newsroom.api.views import StrictSerializer

URN = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
MAX_LIST_ITEMS = 100  # authors, tags, picks of one article


class SectionIn(StrictSerializer):
    """A section; created where there is none of this slug."""

    slug = SingleLineField(max_length=60)
    name = SingleLineField(max_length=40)


class AuthorIn(StrictSerializer):
    """An author; created where there is none of this slug."""

    slug = SingleLineField(max_length=60)
    name = SingleLineField(max_length=40)
    role = SingleLineField(max_length=20, required=False)
    title = SingleLineField(max_length=40, required=False, allow_blank=True)
    bio = SingleLineField(max_length=300, required=False, allow_blank=True)


class SlugOrObject(serializers.Field[Any, Any, Any, Any]):
    """The slug of something that exists, or an object with all its fields."""

    def __init__(self, serializer: type[StrictSerializer], **options: Any) -> None:
        super().__init__(**options)
        self.serializer = serializer

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, str):
            return {"slug": SingleLineField(max_length=60).run_validation(data)}
        serializer = self.serializer(data=data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def to_representation(self, value: Any) -> Any:
        return value


class PhotoIn(StrictSerializer):
    """A photo: its file in base64, its text and focal point."""

    name = SingleLineField(max_length=200, required=False, allow_blank=True)
    alt = SingleLineField(max_length=250)
    caption = SingleLineField(max_length=300, required=False, allow_blank=True)
    credit = SingleLineField(max_length=120, required=False, allow_blank=True)
    focal_x = FractionField(required=False)
    focal_y = FractionField(required=False)
    data = serializers.CharField(help_text="The file in base64.")  # type: ignore[assignment]  # a field named like a property


class ArchiveCorrectionIn(StrictSerializer):
    """A correction note and the time at which it was published."""

    kind = SingleLineField(max_length=20)
    note = CleanTextField(max_length=2000)
    at = LocalDateTimeField()


class WithdrawalIn(StrictSerializer):
    """When an article was withdrawn, and the notice in its place."""

    at = LocalDateTimeField()
    notice = CleanTextField(max_length=2000)


class EditionIn(EditorialTextMixin, StrictSerializer):
    """The content of an edition. Photos are referred to by their keys in `photos` of the line."""

    headline = SingleLineField(max_length=200)
    summary = serializers.ListField(
        child=SingleLineField(max_length=120), min_length=3, max_length=3
    )
    body_html = MarkupField(max_length=300_000, trim_whitespace=False)
    section = SlugOrObject(SectionIn)
    authors = serializers.ListField(
        child=SlugOrObject(AuthorIn), min_length=1, max_length=MAX_LIST_ITEMS
    )
    tags = serializers.ListField(
        child=SingleLineField(max_length=40), max_length=MAX_LIST_ITEMS, default=list
    )
    lead_photo = SingleLineField(max_length=24, allow_null=True, default=None)
    lead_photo_text = PhotoTextIn(allow_null=True, default=None)
    social_photo = SingleLineField(max_length=24, allow_null=True, default=None)
    social_photo_text = PhotoTextIn(allow_null=True, default=None)
    poll = PollIn(allow_null=True, default=None)
    related = serializers.ListField(
        child=SingleLineField(max_length=120), max_length=MAX_LIST_ITEMS, default=list
    )
    source = SourceIn(allow_null=True, default=None)  # type: ignore[assignment]  # a field named like an option
    ai_disclosure = AIDisclosureIn(allow_null=True, default=None)
    comments = serializers.ChoiceField(choices=CommentsMode.choices, default=CommentsMode.OPEN)

    def build_text_field(self, field: EditorialCharField) -> AnyField:
        return SingleLineField(
            max_length=field.max_length, required=False, allow_blank=True, default=""
        )


class EarlierEditionIn(EditionIn):
    """An edition that was live before the last one."""

    published_at = LocalDateTimeField()


class ArticleIn(EditionIn):
    """One line: an article as it is live, or was before it was withdrawn."""

    id = SingleLineField(
        max_length=45, required=False, help_text="Permanent: urn:uuid: and a UUID; else a new one."
    )
    slug = SingleLineField(max_length=120)
    former_slugs = serializers.ListField(child=SingleLineField(max_length=120), default=list)
    published_at = LocalDateTimeField(help_text="The first time.")
    updated_at = LocalDateTimeField(
        required=False, help_text="The last time; without it, the first."
    )
    earlier = EarlierEditionIn(many=True, default=list)
    corrections = ArchiveCorrectionIn(many=True, default=list)
    withdrawn = WithdrawalIn(allow_null=True, default=None)
    embargo_until = LocalDateTimeField(
        allow_null=True, default=None, help_text="No reader before this time."
    )
    expires_at = LocalDateTimeField(
        allow_null=True, default=None, help_text="It comes, or came, down then."
    )
    photos = serializers.DictField(child=PhotoIn(), default=dict)

    def validate_id(self, text: str) -> uuid.UUID:
        if not URN.fullmatch(text):
            raise ValidationError(_("This is no identifier. One is urn:uuid: and a UUID."))
        return uuid.UUID(text)

    def validate_slug(self, slug: str) -> str:
        if slug != (usable := make_slug(slug, max_chars=120)):
            raise ValidationError(
                _("This is no address. A usable one: %(slug)s") % {"slug": usable or "…"}
            )
        return slug

    def validate(self, line: dict[str, Any]) -> dict[str, Any]:
        line.setdefault("updated_at", line["published_at"])
        validate_timeline(line)
        for edition in (line, *line["earlier"]):
            for name in ("lead_photo", "social_photo"):
                if edition[name] is not None and edition[name] not in line["photos"]:
                    raise ValidationError({name: _("The line does not bring this photo.")})
            if missing := photo_keys_in(edition["body_html"]) - set(line["photos"]):
                raise ValidationError(
                    {
                        "body_html": _("The line does not bring these photos: %(keys)s")
                        % {"keys": ", ".join(sorted(missing))}
                    }
                )
        return line


def validate_timeline(line: dict[str, Any]) -> None:
    """Raise ValidationError where the times of a line contradict each other."""
    first, last = line["published_at"], line["updated_at"]
    earlier = [edition["published_at"] for edition in line["earlier"]]
    if earlier and earlier[0] != first:
        raise ValidationError({"earlier": _("The first of them went out at published_at.")})
    times = [*earlier, last]
    if times != sorted(set(times)) or last < first:
        raise ValidationError({"updated_at": _("Each edition goes out later than the one before.")})
    if any(not first < note["at"] <= last for note in line["corrections"]):
        raise ValidationError(
            {
                "corrections": _(
                    "A correction comes after the first publication, at the latest with the last."
                )
            }
        )
    if last > timezone.now() or (line["withdrawn"] and line["withdrawn"]["at"] > timezone.now()):
        raise ValidationError(
            {"published_at": _("This time is still to come. Schedule the story instead.")}
        )
    if line["withdrawn"] and line["withdrawn"]["at"] < last:
        raise ValidationError({"withdrawn": _("It was withdrawn before it was last published.")})
    validate_terms(line, last=last)


def validate_terms(line: dict[str, Any], *, last: datetime) -> None:
    """Raise ValidationError where embargo and expiry contradict the times of publication."""
    embargo, expires = line["embargo_until"], line["expires_at"]
    if embargo and expires and expires <= embargo:
        raise ValidationError({"expires_at": str(NoTimeLeft.sentence)})
    if embargo and embargo > last and not line["withdrawn"]:
        raise ValidationError({"embargo_until": _("It was published before its embargo ended.")})
    if expires and expires <= last:
        raise ValidationError({"expires_at": _("It was published after it came down.")})


def edition_timeline(
    line: dict[str, Any],
) -> Iterator[tuple[datetime, dict[str, Any], list[Correction]]]:
    """(time, edition that is live from then on, its correction notes), in order of time.

    A note of another time than any edition makes an edition of its own, with unchanged content.
    """
    notes = line["corrections"]
    times = {line["published_at"], line["updated_at"], *(note["at"] for note in notes)}
    times |= {edition["published_at"] for edition in line["earlier"]}
    for at in sorted(times):
        earlier = [edition for edition in line["earlier"] if edition["published_at"] <= at]
        edition = earlier[-1] if earlier and at < line["updated_at"] else line
        corrections: list[Correction] = [
            {"kind": n["kind"], "note": n["note"]} for n in notes if n["at"] == at
        ]
        yield at, edition, corrections
