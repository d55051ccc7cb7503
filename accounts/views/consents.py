"""API views of one's own consents: what is asked for, what was given, give and withdraw."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import give_consent, withdraw_consent
from accounts.authentication.api import READER_AUTHENTICATION, IsSignedIn, signed_in_user
from accounts.models import Consent, ConsentKind, User
from accounts.models.consents import REQUIRED_CONSENTS, current_version
from accounts.serializers import ConsentIn, ConsentListOut, ConsentStateOut
from newsroom.api.views import PersonalView
from newsroom.errors import NotFound

KIND_PARAMETER = OpenApiParameter(
    "kind", str, OpenApiParameter.PATH, enum=ConsentKind.values, description="Which text."
)
EXAMPLE = {
    "kind": "terms",
    "label": "이용약관",
    "required": True,
    "current_version": "2026-12-01",
    "version": "2026-12-01",
    "given_at": "2026-11-30T21:40:00+09:00",
    "is_due": False,
}


def consent_state(kind: str, given: Consent | None) -> dict[str, Any]:
    """What is asked for of one kind, and the consent in force."""
    is_required = kind in REQUIRED_CONSENTS
    version = current_version(kind)
    return {
        "kind": kind,
        "label": ConsentKind(kind).label,
        "required": is_required,
        "current_version": version,
        "version": given.version if given else None,
        "given_at": given.given_at if given else None,
        "is_due": is_required and (given is None or given.version != version),
    }


def consent_states(user: User) -> list[dict[str, Any]]:
    """What is asked for of each kind, and the consents of an account that are in force."""
    given = {row.kind: row for row in Consent.objects.filter(user=user, ended_at=None)}
    return [consent_state(kind, given.get(kind)) for kind in ConsentKind.values]


class MyConsents(PersonalView):
    authentication_classes = READER_AUTHENTICATION
    permission_classes = [IsSignedIn]

    @extend_schema(
        responses=ConsentListOut,
        examples=[OpenApiExample("동의", value={"consents": [EXAMPLE]}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """What one is asked to consent to, and what one has consented to."""
        data = {"consents": consent_states(signed_in_user(request))}
        return Response(ConsentListOut(data).data)


class MyConsent(PersonalView):
    authentication_classes = READER_AUTHENTICATION
    permission_classes = [IsSignedIn]
    extra_responses: ClassVar[dict[str, tuple[int, ...]]] = {"put": (409,)}

    @extend_schema(
        parameters=[KIND_PARAMETER],
        request=ConsentIn,
        responses=ConsentStateOut,
        examples=[
            OpenApiExample("버전", value={"version": "2026-12-01"}, request_only=True),
            OpenApiExample("동의", value=EXAMPLE, response_only=True),
        ],
    )
    def put(self, request: Request, kind: str) -> Response:
        """Consent to the present version of a text, which the request names. Twice changes nothing."""
        data = ConsentIn.validate_request(request)
        consent = give_consent(signed_in_user(request), kind=known_kind(kind), **data)
        return Response(ConsentStateOut(consent_state(kind, consent)).data)

    @extend_schema(parameters=[KIND_PARAMETER], responses={204: None})
    def delete(self, request: Request, kind: str) -> Response:
        """Withdraw a consent. Without a required one writing ends; reading and leaving stay possible."""
        withdraw_consent(signed_in_user(request), kind=known_kind(kind))
        return Response(status=204)


def known_kind(kind: str) -> str:
    """The kind of a consent. Raises NotFound."""
    if kind not in ConsentKind.values:
        raise NotFound
    return kind
