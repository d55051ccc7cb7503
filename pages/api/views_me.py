"""Endpoints of the reader's account: read and change it, close it, export its data."""

from django.contrib.auth import logout
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication.api import READER_AUTHENTICATION, IsSignedIn, signed_in_user
from accounts.views.profile import AccountProfile
from newsroom.api.views import PersonalView
from pages.account_data import account_export, delete_account
from pages.api.serializers import AccountExportOut


class MyAccount(AccountProfile):
    """GET, PATCH and DELETE: the account of the reader."""

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """Close the account at once and for ever. Export first what you want to keep."""
        delete_account(signed_in_user(request))
        logout(request._request)
        return Response(status=204)


class AccountExport(PersonalView):
    """GET: all data of the reader, as a download."""

    authentication_classes = READER_AUTHENTICATION
    permission_classes = [IsSignedIn]

    @extend_schema(responses=AccountExportOut)
    def get(self, request: Request) -> Response:
        """Everything of one's own: account, comments, saved articles, votes."""
        response = Response(AccountExportOut(account_export(signed_in_user(request))).data)
        response["Content-Disposition"] = 'attachment; filename="newsroom-export.json"'
        return response
