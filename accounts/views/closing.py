"""API view of closing one's account with a term in which it can be taken back."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import cancel_closing, request_closing
from accounts.authentication.api import READER_AUTHENTICATION, IsSignedIn, signed_in_user
from accounts.serializers import MeOut
from newsroom.api.views import PersonalView


class MyAccountClosing(PersonalView):
    """PUT: have the account closed at the end of a term. DELETE: keep it."""

    authentication_classes = READER_AUTHENTICATION
    permission_classes = [IsSignedIn]
    extra_responses: ClassVar[dict[str, tuple[int, ...]]] = {"put": (409,)}

    @extend_schema(request=None, responses=MeOut)
    def put(self, request: Request) -> Response:
        """Have the account closed in some days (`closing_at`), until which that can be taken back.

        Meanwhile it cannot write, and others do not see its nickname. Twice changes nothing.
        """
        return Response(MeOut(request_closing(signed_in_user(request))).data)

    @extend_schema(responses={200: MeOut})
    def delete(self, request: Request) -> Response:
        """Keep the account that was to be closed. Twice changes nothing."""
        return Response(MeOut(cancel_closing(signed_in_user(request))).data)
