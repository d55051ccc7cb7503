"""API view of one's own account. Its URL, `me/`, is in pages, which adds closing the account."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import change_nickname
from accounts.authentication.api import READER_AUTHENTICATION, IsSignedIn, signed_in_user
from accounts.serializers import MeIn, MeOut
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
