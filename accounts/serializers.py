"""Serializers of one's own account."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.email_addresses import is_email_settled
from accounts.models import SanctionKind, User
from newsroom.api.views import StrictCharField, StrictSerializer


class RestrictionOut(serializers.Serializer[Any]):
    """What a sanction keeps one from, and until when."""

    kind = serializers.ChoiceField(
        choices=SanctionKind.choices,
        help_text="`hold`: comments wait for a moderator; `mute`: no comments; `ban`: no writing.",
    )
    until = serializers.DateTimeField()
    reason = serializers.CharField()


class MeOut(serializers.Serializer[User]):
    """What an account knows of its reader."""

    email = serializers.EmailField()
    email_confirmed = serializers.SerializerMethodField(
        help_text="Whether the address is confirmed, which writing comments may need."
    )
    nickname = serializers.CharField(help_text="What other readers see.")
    name = serializers.CharField(help_text="What staff see; empty for readers.")
    is_staff = serializers.BooleanField()
    joined_at = serializers.DateTimeField(source="date_joined")
    suspended_until = serializers.DateTimeField(
        allow_null=True, help_text="Until then one cannot write; null for somebody who can."
    )
    suspension_reason = serializers.CharField()
    restriction = serializers.SerializerMethodField(
        help_text="The sanction in force, of any kind; `me/sanctions/` has all of them."
    )

    def get_email_confirmed(self, user: User) -> bool:
        return is_email_settled(user)

    @extend_schema_field(RestrictionOut(allow_null=True))
    def get_restriction(self, user: User) -> Any:
        if not (kind := user.restriction(timezone.now())):
            return None
        values = {"kind": kind, "until": user.suspended_until, "reason": user.suspension_reason}
        return RestrictionOut(values).data

    def to_representation(self, user: User) -> Any:
        data = super().to_representation(user)
        if not user.is_suspended(timezone.now()):
            data |= {"suspended_until": None, "suspension_reason": ""}
        return data


class MeIn(StrictSerializer):
    nickname = StrictCharField(
        max_length=60, help_text="2 to 20 characters; none that passes for another's."
    )


class EmailCodeIn(StrictSerializer):
    code = StrictCharField(max_length=20, help_text="The six digits of the mail.")
