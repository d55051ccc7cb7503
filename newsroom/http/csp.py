"""The Content-Security-Policy of every answer, which is the same for nearly all of them."""

from collections.abc import Callable
from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """django-csp, which puts the policy together for each answer; here that is done once, and for those
    that say something of their own."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        super().__init__(get_response)
        self.usual = build_policy()

    def process_request(self, request: HttpRequest) -> None:
        """No page here uses a nonce. One on every request would tie each into a ring with itself, which
        only the garbage collector undoes."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        own = any(name.startswith("_csp") for name in (*vars(response), *vars(request)))
        if own or settings.DEBUG:
            return super().process_response(request, response)
        response.setdefault(HEADER, self.usual)
        return response
