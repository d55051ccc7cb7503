"""Content-Security-Policy of every response."""

from collections.abc import Callable
from functools import cache
from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


def allow_frames(response: HttpResponseBase, sources: tuple[str, ...]) -> None:
    """Let the page of this response frame these sources.

    Set as a header at once: the response cache stores headers, not what the middleware below looks for.
    """
    response[HEADER] = policy_with_frames(sources)


@cache
def policy_with_frames(sources: tuple[str, ...]) -> str:
    return build_policy(update={"frame-src": list(sources)})


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """django-csp with the default policy built once; built anew only for responses that change it."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        super().__init__(get_response)
        self.default_policy = build_policy()

    def process_request(self, request: HttpRequest) -> None:
        """Set no nonce: no page uses one, and it would put every request into a reference cycle."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        is_changed = any(name.startswith("_csp") for name in (*vars(response), *vars(request)))
        if is_changed or settings.DEBUG:
            return super().process_response(request, response)
        response.setdefault(HEADER, self.default_policy)
        return response
