"""Which other sites' pages may read the API: those that CORS_ALLOWED_ORIGINS names, and no other.

Without any, nothing is said and no answer depends on who asks.  One origin stands on every answer as it
is, so that caches need one copy.  With several the answer depends on the asking one (`Vary: Origin`).
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
    def is_enabled(self, request: HttpRequest) -> bool:
        return bool(settings.CORS_ALLOWED_ORIGINS) and super().is_enabled(request)

    def add_response_headers(self, request: HttpRequest, response: Any) -> Any:
        answer = super().add_response_headers(request, response)
        if self.is_enabled(request) and len(settings.CORS_ALLOWED_ORIGINS) == 1:
            answer[ACCESS_CONTROL_ALLOW_ORIGIN] = settings.CORS_ALLOWED_ORIGINS[0]
            answer[ACCESS_CONTROL_ALLOW_CREDENTIALS] = "true"
            answer[ACCESS_CONTROL_EXPOSE_HEADERS] = ", ".join(conf.CORS_EXPOSE_HEADERS)
            remove_from_vary(answer, on="origin")
        return answer


def remove_from_vary(answer: Any, *, on: str) -> None:
    """Take a name out of the answer's Vary."""
    names = [name.strip() for name in answer.get("Vary", "").split(",")]
    if rest := [name for name in names if name and name.lower() != on]:
        answer["Vary"] = ", ".join(rest)
    else:
        del answer["Vary"]
