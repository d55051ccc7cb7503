"""A reader's own account. The address is `me/` of pages: leaving concerns every room."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import rename
from accounts.authentication.api import READERS, SignedIn, reader
from accounts.serializers import MeIn, MeOut
from newsroom.api.views import Personal


class Account(Personal):
    authentication_classes = READERS
    permission_classes = [SignedIn]

    @extend_schema(responses=MeOut)
    def get(self, request: Request) -> Response:
        """Who one is here."""
        return Response(MeOut(reader(request)).data)

    @extend_schema(
        request=MeIn,
        responses=MeOut,
        examples=[OpenApiExample("별명", value={"nickname": "새벽산책"}, request_only=True)],
    )
    def patch(self, request: Request) -> Response:
        """Take another nickname."""
        return Response(MeOut(rename(reader(request), **MeIn.read(request))).data)
