"""Serializers of bulk changes: one change for many stories, with a result for each."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from articles.models import Section
from articles.slugs import make_slug
from desk.actions.bulk_changes import (
    MAX_BULK_STORIES,
    BulkChange,
    BulkKind,
    BulkOutcome,
    BulkResult,
)
from desk.api.serializers.fields import LocalDateTimeField, SingleLineField
from desk.api.serializers.stories import unknown_names_message
from desk.models import Draft
from newsroom.api.views import StrictBooleanField, StrictIntegerField, StrictSerializer
from newsroom.text.normalization import canonical_slug

REVIEW_STAGES = [each for each in Draft.Stage.choices if each[0] != Draft.Stage.WRITING]
# {kind: the field that it needs}
REQUIRED_FIELDS = {
    BulkKind.SET_SECTION: "section",
    BulkKind.ADD_TAG: "tag",
    BulkKind.REMOVE_TAG: "tag",
    BulkKind.PUT_ON_HOLD: "reason",
    BulkKind.SET_EXPIRY: "expires_at",
}


class BulkItemIn(StrictSerializer):
    """A draft, and the version of it that was decided on; a preview may leave the version out."""

    id = StrictIntegerField(min_value=1)
    version = StrictIntegerField(min_value=1, required=False)


class BulkChangeIn(StrictSerializer):
    """The change, and the value that its kind needs."""

    kind = serializers.ChoiceField(choices=BulkKind.choices)
    section = SingleLineField(max_length=60, required=False, help_text="Its address.")
    tag = SingleLineField(max_length=40, required=False, help_text="Its name.")
    reason = SingleLineField(
        max_length=300, required=False, help_text="Of a legal hold; for the audit log alone."
    )
    expires_at = LocalDateTimeField(
        required=False, allow_null=True, help_text="When the stories come down; null for no end."
    )

    def validate_section(self, slug: str) -> Section:
        section = Section.objects.filter(slug=canonical_slug(slug)).first()
        if section is None:
            raise ValidationError(unknown_names_message([slug]))
        return section

    def validate_tag(self, name: str) -> str:
        if not make_slug(name):
            raise ValidationError(unknown_names_message([name]))
        return name

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        needed = REQUIRED_FIELDS.get(BulkKind(data["kind"]))
        if needed and needed not in data:
            message = self.fields[needed].error_messages["required"]
            raise ValidationError({needed: [message]})
        if foreign := set(data) - {"kind", needed}:
            raise ValidationError({name: [self.not_needed_message()] for name in sorted(foreign)})
        return data

    @staticmethod
    def not_needed_message() -> str:
        return unknown_names_message(["value"])


class BulkIn(StrictSerializer):
    """A change for many stories. Each is changed by itself; what is refused holds up no other."""

    items = serializers.ListField(
        child=BulkItemIn(), allow_empty=False, max_length=MAX_BULK_STORIES
    )
    change = BulkChangeIn()
    dry_run = StrictBooleanField(
        default=False, help_text="Say what would come of each, and change nothing."
    )

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if not data["dry_run"]:
            message = BulkItemIn().fields["version"].error_messages["required"]
            errors: Any = {
                number: {"version": [message]}
                for number, item in enumerate(data["items"])
                if "version" not in item
            }
            if errors:
                raise ValidationError({"items": errors})
        return data


def bulk_change_of(data: dict[str, Any]) -> BulkChange:
    """The change that a validated BulkChangeIn describes."""
    return BulkChange(**data | {"kind": BulkKind(data["kind"])})


class BulkResultOut(serializers.Serializer[Any]):
    """What became of one story. `code` and `detail` say why it was refused, as a problem document does."""

    id = serializers.IntegerField(source="draft_id")
    version = serializers.SerializerMethodField(
        help_text="The version that was decided on; of a refused story the present one; null for none."
    )
    headline = serializers.CharField()
    outcome = serializers.ChoiceField(choices=BulkOutcome.choices)
    before = serializers.CharField(help_text="The value in words.")
    after = serializers.CharField()
    ended_stage = serializers.SerializerMethodField(
        help_text="The stage of the review that the change ends; null where none."
    )
    code = serializers.SerializerMethodField()
    detail = serializers.SerializerMethodField()

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_version(self, result: BulkResult) -> int | None:
        return result.version

    @extend_schema_field(serializers.ChoiceField(choices=REVIEW_STAGES, allow_null=True))
    def get_ended_stage(self, result: BulkResult) -> str | None:
        return result.ended_stage or None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_code(self, result: BulkResult) -> str | None:
        return result.refusal.code if result.refusal else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_detail(self, result: BulkResult) -> str | None:
        return str(result.refusal) if result.refusal else None


class BulkOut(serializers.Serializer[Any]):
    """The results, in the order of the items; how many were changed, refused, and lost their approval."""

    dry_run = serializers.BooleanField()
    changed = serializers.IntegerField()
    refused = serializers.IntegerField()
    approvals_ended = serializers.IntegerField()
    results = BulkResultOut(many=True)
