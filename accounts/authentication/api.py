"""Authentication and permissions of the API: bearer tokens of staff, sessions of readers."""

from typing import Any, ClassVar

from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.authentication.second_factor import lacks_required_second_factor
from accounts.errors import SecondFactorMissing
from accounts.models import Token, User


class BearerAuthentication(BaseAuthentication):
    """Bearer token (RFC 6750) from `manage.py token`. An invalid one is a 401, not anonymous."""

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


class BrowserSessionAuthentication(SessionAuthentication):
    """Session cookie with a CSRF token; a 401 names the bearer scheme in WWW-Authenticate."""

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied:
            raise PermissionDenied(
                _("The CSRF token is missing or wrong. Reload and try again."), code="csrf"
            ) from None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="newsroom"'


class AppSessionAuthentication(XSessionTokenAuthentication):
    """`X-Session-Token` of allauth's headless sign-in (app client).

    An expired one is a 401, not anonymous.
    """

    def authenticate(self, request: HttpRequest) -> Any:
        result = super().authenticate(request)
        if result is None and self.get_session_token(request):
            raise AuthenticationFailed(_("This session is over. Sign in again."))
        return result

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="newsroom"'


READER_AUTHENTICATION: tuple[type[BaseAuthentication], ...] = (
    AppSessionAuthentication,
    BrowserSessionAuthentication,
)
STAFF_AUTHENTICATION: tuple[type[BaseAuthentication], ...] = (
    BearerAuthentication,
    BrowserSessionAuthentication,
)


class IsSignedIn(BasePermission):
    """Permission: an active account."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user and request.user.is_authenticated and request.user.is_active)


def signed_in_user(request: Request) -> User:
    """The signed-in user of a request. Raises NotAuthenticated (401) without one."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


class IsStaff(BasePermission):
    """Permission: staff, in the browser or with a token that has one of the view's `scopes`."""

    scopes: ClassVar[tuple[str, ...]] = ("desk",)

    def has_permission(self, request: Request, view: APIView) -> bool:
        user = request.user
        if not (user and user.is_authenticated and user.is_active and user.is_staff):
            return False
        if user.is_suspended(timezone.now()):
            return False
        if isinstance(request.auth, Token):
            scopes = getattr(view, "scopes", self.scopes)
            return any(scope in request.auth.scopes for scope in scopes)
        if lacks_required_second_factor(user):
            raise SecondFactorMissing
        return True


class BearerSecurityScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # ships without types
    """OpenAPI security scheme of `BearerAuthentication`."""

    target_class = BearerAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A key of `manage.py token`."}


class BrowserSecurityScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # ships without types
    """OpenAPI security scheme of `BrowserSessionAuthentication`."""

    target_class = BrowserSessionAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "With X-CSRFToken on every change.",
        }


class AppSecurityScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # ships without types
    """OpenAPI security scheme of `AppSessionAuthentication`."""

    target_class = AppSessionAuthentication
    name = "sessionToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "X-Session-Token",
            "description": "From sign-in under /_allauth/app/v1/.",
        }
