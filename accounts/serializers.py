"""Serializers of one's own account."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from accounts.active_sessions import ActiveSession
from accounts.email_addresses import is_email_settled
from accounts.models import User
from newsroom.api.views import StrictCharField, StrictSerializer


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

    def get_email_confirmed(self, user: User) -> bool:
        return is_email_settled(user)

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


class SessionOut(serializers.Serializer[ActiveSession]):
    """A browser or an app in which one is signed in. Needs the id of one's own in context["current"]."""

    id = serializers.CharField(help_text="To sign out there; changes with the session's key.")
    device = serializers.CharField(
        source="device.label", help_text="Browser and system in words, such as `Chrome, Windows`."
    )
    is_app = serializers.BooleanField(source="device.is_app")
    is_current = serializers.SerializerMethodField(help_text="Whether this request is of it.")
    signed_in_at = serializers.DateTimeField(
        allow_null=True, help_text="Null for a sign-in before this was recorded."
    )
    last_used_at = serializers.DateTimeField(help_text="Exact to ten minutes.")

    def get_is_current(self, session: ActiveSession) -> bool:
        return session.id == self.context.get("current")


class SessionListOut(serializers.Serializer[Any]):
    sessions = SessionOut(many=True)
