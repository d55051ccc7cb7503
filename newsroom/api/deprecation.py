"""Deprecation of API endpoints: headers `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and `Link`.

To deprecate an endpoint, add its path, as it is in the OpenAPI document, to DEPRECATIONS; its responses get
the headers and the document says `deprecated`.
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
    """An endpoint deprecated `since`, removed at `sunset_at` if that is known; documented at a URL.

    Raises ValueError for a sunset before the deprecation (RFC 9745, section 4).
    """

    since: datetime
    documentation_url: str
    sunset_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.sunset_at and self.sunset_at < self.since:
            raise ValueError("An address ends no earlier than it is deprecated.")

    def headers(self) -> dict[str, str]:
        headers = {"Deprecation": f"@{int(self.since.timestamp())}"}
        link = f'<{self.documentation_url}>; rel="deprecation"; type="text/html"'
        if self.sunset_at:
            headers["Sunset"] = http_date(self.sunset_at.timestamp())
            link += f', <{self.documentation_url}>; rel="sunset"; type="text/html"'
        return headers | {"Link": link}


DEPRECATIONS: dict[str, Deprecation] = {}


class DeprecationMiddleware:
    """Sets the headers of DEPRECATIONS on every response of a deprecated endpoint."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        match = request.resolver_match
        deprecation = (
            DEPRECATIONS.get(openapi_path(match.route)) if DEPRECATIONS and match else None
        )
        if deprecation:
            headers = deprecation.headers()
            if response.has_header("Link"):
                headers["Link"] = f"{response['Link']}, {headers['Link']}"
            for name, value in headers.items():
                response[name] = value
        return response


def openapi_path(route: str) -> str:
    """The path of a route as it is in the OpenAPI document."""
    return "/" + ROUTE_PARAMETER_PATTERN.sub(r"{\1}", route)
