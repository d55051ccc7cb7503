"""All of a reader in one place: the account, everything of one's own to take along, and the way out."""

from django.contrib.auth import logout
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication.api import READER_AUTHENTICATION, IsSignedIn, signed_in_user
from accounts.views import AccountProfile
from newsroom.api.views import PersonalView
from pages.account_data import account_export, delete_account
from pages.api.serializers import BelongingsOut


class MyAccount(AccountProfile):
    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """Close the account at once and for ever. Export first what you want to keep."""
        delete_account(signed_in_user(request))
        logout(request._request)
        return Response(status=204)


class AccountExport(PersonalView):
    authentication_classes = READER_AUTHENTICATION
    permission_classes = [IsSignedIn]

    @extend_schema(responses=BelongingsOut)
    def get(self, request: Request) -> Response:
        """Everything of one's own: account, comments, saved articles, votes."""
        answer = Response(BelongingsOut(account_export(signed_in_user(request))).data)
        answer["Content-Disposition"] = 'attachment; filename="newsroom-export.json"'
        return answer
