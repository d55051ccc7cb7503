"""Serializers of one's own account."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.active_sessions import ActiveSession
from accounts.email_addresses import is_email_settled
from accounts.models import Consent, ConsentEnd, ConsentKind, IgnoredReader, SanctionKind, User
from accounts.models.consents import lacks_required_consents
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
    needs_consent = serializers.SerializerMethodField(
        help_text="Whether writing waits for a consent to a changed text (`me/consents/`)."
    )
    closing_at = serializers.DateTimeField(
        allow_null=True, help_text="When the account will be closed, at its reader's wish."
    )

    def get_email_confirmed(self, user: User) -> bool:
        return is_email_settled(user)

    def get_needs_consent(self, user: User) -> bool:
        return lacks_required_consents(user)

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


class IgnoredReaderOut(serializers.Serializer[IgnoredReader]):
    """A reader whom one ignores."""

    nickname = serializers.CharField(source="author.nickname")
    since = serializers.DateTimeField()


class ConsentIn(StrictSerializer):
    version = StrictCharField(max_length=20, help_text="`current_version`, which one has read.")


class ConsentStateOut(serializers.Serializer[Any]):
    """What is asked for of one kind, and the consent in force."""

    kind = serializers.ChoiceField(choices=ConsentKind.choices)
    label = serializers.CharField(  # type: ignore[assignment]  # also a word of DRF's
        help_text="The text or statement in words."
    )
    required = serializers.BooleanField()  # type: ignore[assignment]  # also a word of DRF's
    current_version = serializers.CharField()
    version = serializers.CharField(allow_null=True, help_text="Consented to; null without one.")
    given_at = serializers.DateTimeField(allow_null=True)
    is_due = serializers.BooleanField(
        help_text="Whether it is required, and not given in the present version."
    )


class ConsentListOut(serializers.Serializer[Any]):
    consents = ConsentStateOut(many=True)


class ConsentRecordOut(serializers.Serializer[Consent]):
    """A consent, past ones too."""

    kind = serializers.ChoiceField(choices=ConsentKind.choices)
    version = serializers.CharField()
    given_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_by = serializers.ChoiceField(choices=ConsentEnd.choices, allow_blank=True)
