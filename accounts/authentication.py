"""How the API knows who is asking: a staff token, or a reader's session."""

from typing import ClassVar

from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import Token, User


class Bearer(BaseAuthentication):
    """`Authorization: Bearer KEY`, a key from `manage.py token`. A wrong one is a 401, not a guest."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        kind, _space, key = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        tokens = Token.objects.usable(timezone.now()).select_related("user")
        token = tokens.filter(digest=Token.digest_of(key.strip())).first()
        if token is None:
            raise AuthenticationFailed(_("This token is wrong, expired or revoked."))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="newsroom"'


class Browser(SessionAuthentication):
    """A session cookie with its CSRF token; without either 401, and the header says how else."""

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="newsroom"'


class App(XSessionTokenAuthentication):
    """`X-Session-Token`, from allauth's headless sign-in of the app client."""

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="newsroom"'


READERS: tuple[type[BaseAuthentication], ...] = (App, Browser)
STAFF: tuple[type[BaseAuthentication], ...] = (Bearer, Browser)


class SignedIn(BasePermission):
    """Somebody with an active account."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user and request.user.is_authenticated and request.user.is_active)


class AtTheDesk(BasePermission):
    """A member of staff, in the browser or with a token that has one of the view's `scopes`."""

    scopes: ClassVar[tuple[str, ...]] = ("desk",)

    def has_permission(self, request: Request, view: APIView) -> bool:
        user = request.user
        if not (user and user.is_authenticated and user.is_active and user.is_staff):
            return False
        if isinstance(request.auth, Token):
            wanted = getattr(view, "scopes", self.scopes)
            return any(scope in request.auth.scopes for scope in wanted)
        return True
