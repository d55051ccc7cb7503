"""All of a reader in one place: the account, everything of one's own to take along, and the way out."""

from django.contrib.auth import logout
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication.api import READERS, SignedIn, reader
from accounts.views import Account
from newsroom.api.views import Personal
from pages.account_data import belongings, leave
from pages.api.serializers import BelongingsOut


class Me(Account):
    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """Close the account at once and for ever. Export first what you want to keep."""
        leave(reader(request))
        logout(request._request)
        return Response(status=204)


class Export(Personal):
    authentication_classes = READERS
    permission_classes = [SignedIn]

    @extend_schema(responses=BelongingsOut)
    def get(self, request: Request) -> Response:
        """Everything of one's own: account, comments, saved articles, votes."""
        answer = Response(BelongingsOut(belongings(reader(request))).data)
        answer["Content-Disposition"] = 'attachment; filename="newsroom-export.json"'
        return answer
