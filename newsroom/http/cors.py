"""CORS: which other origins may read the API (CORS_ALLOWED_ORIGINS).

Without any, no CORS header is sent and no response varies. With one origin every response carries it, so
that caches need one copy. With several, responses carry `Vary: Origin`.
"""

from typing import Any

from corsheaders.conf import conf
from corsheaders.middleware import (
    ACCESS_CONTROL_ALLOW_CREDENTIALS,
    ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS,
    CorsMiddleware,
)
from django.conf import settings
from django.http import HttpRequest


class SingleOriginCorsMiddleware(CorsMiddleware):
    """django-cors-headers, without `Vary: Origin` where a single origin is allowed."""

    def is_enabled(self, request: HttpRequest) -> bool:
        return bool(settings.CORS_ALLOWED_ORIGINS) and super().is_enabled(request)

    def add_response_headers(self, request: HttpRequest, response: Any) -> Any:
        response = super().add_response_headers(request, response)
        if self.is_enabled(request) and len(settings.CORS_ALLOWED_ORIGINS) == 1:
            response[ACCESS_CONTROL_ALLOW_ORIGIN] = settings.CORS_ALLOWED_ORIGINS[0]
            response[ACCESS_CONTROL_ALLOW_CREDENTIALS] = "true"
            response[ACCESS_CONTROL_EXPOSE_HEADERS] = ", ".join(conf.CORS_EXPOSE_HEADERS)
            remove_from_vary(response, "origin")
        return response


def remove_from_vary(response: Any, header: str) -> None:
    """Remove a header name (lower case) from the response's Vary."""
    names = [name.strip() for name in response.get("Vary", "").split(",")]
    if rest := [name for name in names if name and name.lower() != header]:
        response["Vary"] = ", ".join(rest)
    else:
        del response["Vary"]
