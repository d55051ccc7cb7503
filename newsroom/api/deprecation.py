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

PARAMETER = re.compile(r"<(?:[^:>]+:)?([^>]+)>")


@dataclass(frozen=True)
class Deprecated:
    """Not to be used any more `since`; gone from `ends` on, where that is known; `told_at` says more.

    Raises ValueError for an end before the beginning (RFC 9745, section 4).
    """

    since: datetime
    told_at: str
    ends: datetime | None = None

    def __post_init__(self) -> None:
        if self.ends and self.ends < self.since:
            raise ValueError("An address ends no earlier than it is deprecated.")

    def headers(self) -> dict[str, str]:
        said = {"Deprecation": f"@{int(self.since.timestamp())}"}
        link = f'<{self.told_at}>; rel="deprecation"; type="text/html"'
        if self.ends:
            said["Sunset"] = http_date(self.ends.timestamp())
            link += f', <{self.told_at}>; rel="sunset"; type="text/html"'
        return said | {"Link": link}


DEPRECATED: dict[str, Deprecated] = {}


class Deprecations:
    """Says on each answer of such an address that it will go."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        match = request.resolver_match
        if DEPRECATED and match and (going := DEPRECATED.get(path_of(match.route))):
            said = going.headers()
            if answer.has_header("Link"):
                said["Link"] = f"{answer['Link']}, {said['Link']}"
            for name, value in said.items():
                answer[name] = value
        return answer


def path_of(route: str) -> str:
    """The path of a route as the OpenAPI document has it."""
    return "/" + PARAMETER.sub(r"{\1}", route)
