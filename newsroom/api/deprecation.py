"""Addresses that will go: since when, until when, and where it is said what to use instead.

To let one go, write it into DEPRECATED under its path as the OpenAPI document has it; the rest follows:
`Deprecation` (RFC 9745), `Sunset` (RFC 8594) and `Link` on its answers, `deprecated` in the document.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import http_date

ROUTE_PARAMETER_PATTERN = re.compile(r"<(?:[^:>]+:)?([^>]+)>")


@dataclass(frozen=True)
class Deprecation:
    """Not to be used any more `since`; gone from `ends` on, where that is known; `told_at` says more.

    Raises ValueError for an end before the beginning (RFC 9745, section 4).
    """

    since: datetime
    documentation_url: str
    sunset_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.sunset_at and self.sunset_at < self.since:
            raise ValueError("An address ends no earlier than it is deprecated.")

    def headers(self) -> dict[str, str]:
        said = {"Deprecation": f"@{int(self.since.timestamp())}"}
        link = f'<{self.documentation_url}>; rel="deprecation"; type="text/html"'
        if self.sunset_at:
            said["Sunset"] = http_date(self.sunset_at.timestamp())
            link += f', <{self.documentation_url}>; rel="sunset"; type="text/html"'
        return said | {"Link": link}


DEPRECATIONS: dict[str, Deprecation] = {}


class DeprecationMiddleware:
    """Says on each answer of such an address that it will go."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        match = request.resolver_match
        if DEPRECATIONS and match and (going := DEPRECATIONS.get(openapi_path(match.route))):
            said = going.headers()
            if answer.has_header("Link"):
                said["Link"] = f"{answer['Link']}, {said['Link']}"
            for name, value in said.items():
                answer[name] = value
        return answer


def openapi_path(route: str) -> str:
    """The path of a route as the OpenAPI document has it."""
    return "/" + ROUTE_PARAMETER_PATTERN.sub(r"{\1}", route)
