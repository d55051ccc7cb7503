"""Serializers of sanctions of readers."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from accounts.models import Sanction, SanctionKind, SanctionReason, User
from desk.api.serializers.fields import LocalDateTimeField, SingleLineField
from newsroom.api.views import StrictSerializer


class SanctionIn(StrictSerializer):
    """A sanction. It takes the place of the one in force; a warning restricts nothing and has no end."""

    kind = serializers.ChoiceField(choices=SanctionKind.choices)
    until = LocalDateTimeField(
        required=False,
        help_text="Not for `warn` (400), needed for others. Without an offset, Korean time.",
    )
    reason_code = serializers.ChoiceField(
        choices=SanctionReason.choices, default=SanctionReason.OTHER
    )
    reason = SingleLineField(max_length=200, help_text="The reader is told this.")

    def validate(self, attrs: Any) -> Any:
        until = attrs.get("until")
        if attrs["kind"] == SanctionKind.WARN:
            if until is not None:
                raise ValidationError({"until": _("A warning has no end. Leave this out.")})
            attrs["until"] = None
        elif until is None:
            raise ValidationError({"until": _("Say until when.")})
        elif until <= timezone.now():
            raise ValidationError({"until": _("This time has passed. Choose a later one.")})
        return attrs


class SanctionOut(serializers.Serializer[Sanction]):
    """A sanction as moderators see it."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=SanctionKind.choices)
    reason_code = serializers.ChoiceField(choices=SanctionReason.choices)
    reason = serializers.CharField()
    starts_at = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True, help_text="Null for a warning.")
    imposed_by = serializers.SerializerMethodField(
        help_text="Null: taken over from an account that was closed."
    )
    lifted_at = serializers.DateTimeField(allow_null=True)
    lifted_by = serializers.SerializerMethodField()
    replaced_by = serializers.IntegerField(
        source="replaced_by_id", allow_null=True, help_text="The newer one that took its place."
    )
    in_force = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_imposed_by(self, row: Sanction) -> str | None:
        return name_of(row.imposed_by)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_lifted_by(self, row: Sanction) -> str | None:
        return name_of(row.lifted_by)

    def get_in_force(self, row: Sanction) -> bool:
        return row.is_in_force(timezone.now())


def name_of(user: User | None) -> str | None:
    """The name of a member of staff, as staff see it."""
    return str(user) if user else None
