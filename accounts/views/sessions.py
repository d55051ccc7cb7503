"""API views of one's own sessions: where one is signed in, sign out there."""

from typing import Any

from django.contrib.auth import HASH_SESSION_KEY
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import end_session, end_sessions
from accounts.active_sessions import active_sessions, public_session_id
from accounts.authentication.api import READER_AUTHENTICATION, IsSignedIn, signed_in_user
from accounts.serializers import SessionListOut, SessionOut
from newsroom.api.views import PersonalView

SESSION_EXAMPLE = {
    "sessions": [
        {
            "id": "9f2c1a7be04d5c3386aa10ff2d7e4b61",
            "device": "Chrome, Windows",
            "is_app": False,
            "is_current": True,
            "signed_in_at": "2026-11-28T08:12:00+09:00",
            "last_used_at": "2026-11-30T21:40:00+09:00",
        },
        {
            "id": "41d08c5be7724f90b3a65e1f0c9d2a77",
            "device": "앱, Android",
            "is_app": True,
            "is_current": False,
            "signed_in_at": "2026-11-21T07:30:00+09:00",
            "last_used_at": "2026-11-29T07:31:00+09:00",
        },
    ]
}


def current_session(request: Request) -> Any:
    """The session of the request: of the browser's cookie, or of the app's X-Session-Token."""
    return request._request.session if request.auth is None else request.auth


class MySessions(PersonalView):
    """GET: where one is signed in. DELETE: sign out everywhere else."""

    authentication_classes = READER_AUTHENTICATION
    permission_classes = [IsSignedIn]

    @extend_schema(
        responses=SessionListOut,
        examples=[OpenApiExample("기기 하나", value=SESSION_EXAMPLE, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """The browsers and apps in which one is signed in, the last used first."""
        current = public_session_id(current_session(request).session_key or "")
        rows = [
            SessionOut(one, context={"current": current}).data
            for one in active_sessions(signed_in_user(request))
        ]
        return Response({"sessions": rows})

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """Sign out everywhere but here: all other sessions of browsers and apps, and bearer tokens, end."""
        session = current_session(request)
        user = end_sessions(signed_in_user(request), current_key=session.session_key)
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        return Response(status=204)


class MySession(PersonalView):
    """DELETE: sign out in one browser or app."""

    authentication_classes = READER_AUTHENTICATION
    permission_classes = [IsSignedIn]

    @extend_schema(operation_id="me_session_destroy", responses={204: None})
    def delete(self, request: Request, session_id: str) -> Response:
        """Sign out there, which may be here; the next request from there is not signed in."""
        end_session(signed_in_user(request), session_id=session_id)
        return Response(status=204)
