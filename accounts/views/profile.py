"""API views of the account: who one is, nickname, confirmation of the address."""

from typing import ClassVar

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import change_nickname
from accounts.authentication.api import READER_AUTHENTICATION, IsSignedIn, signed_in_user
from accounts.authentication.email_codes import confirm_email_by_code, send_email_code
from accounts.models import User
from accounts.serializers import EmailCodeIn, MeIn, MeOut
from newsroom.api.views import PersonalView


class AccountProfile(PersonalView):
    authentication_classes = READER_AUTHENTICATION
    permission_classes = [IsSignedIn]

    @extend_schema(responses=MeOut)
    def get(self, request: Request) -> Response:
        """Who one is here."""
        return Response(MeOut(signed_in_user(request)).data)

    @extend_schema(
        request=MeIn,
        responses=MeOut,
        examples=[OpenApiExample("별명", value={"nickname": "새벽산책"}, request_only=True)],
    )
    def patch(self, request: Request) -> Response:
        """Take another nickname."""
        return Response(
            MeOut(change_nickname(signed_in_user(request), **MeIn.validate_request(request))).data
        )


class EmailCodeRequest(PersonalView):
    """POST: have a code mailed to one's own address."""

    authentication_classes = READER_AUTHENTICATION
    permission_classes = [IsSignedIn]
    extra_responses: ClassVar[dict[str, tuple[int, ...]]] = {"post": (409,)}

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Have a code of six digits mailed to one's address, once a minute at most."""
        send_email_code(signed_in_user(request))
        return Response(status=204)


class EmailConfirmation(PersonalView):
    """POST: confirm one's own address by the code."""

    authentication_classes = READER_AUTHENTICATION
    permission_classes = [IsSignedIn]
    extra_responses: ClassVar[dict[str, tuple[int, ...]]] = {"post": (409,)}

    @extend_schema(
        request=EmailCodeIn,
        responses=MeOut,
        examples=[OpenApiExample("코드", value={"code": "271828"}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """Confirm one's address by the code that was mailed to it; five tries in half an hour."""
        user = signed_in_user(request)
        confirm_email_by_code(request._request, user, **EmailCodeIn.validate_request(request))
        return Response(MeOut(User.objects.get(pk=user.pk)).data)
