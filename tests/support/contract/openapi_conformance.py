"""OpenAPI conformance: every API response of the suite has a status that docs/openapi.yaml declares.

A status that the operation does not name, or a refusal that is no problem document, fails the test in
which it was met, with the remedy.
"""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.http import HttpRequest
from django.http.response import HttpResponseBase

OPENAPI_PATH = Path(__file__).resolve().parents[3] / "docs" / "openapi.yaml"
PATH_PARAMETER = re.compile(r"<[^>]+>|\{[^}]+\}")
UNCHECKED_STATUSES = {
    405,
    500,
}  # a method that no operation has; a mistake that a test has made on purpose
Answers = dict[str, set[str]]


@cache
def documented_statuses() -> dict[str, Answers]:
    """Declared statuses by path (with {} for parameters) and method."""
    document = yaml.load(OPENAPI_PATH.read_text(), yaml.CSafeLoader)
    return {
        PATH_PARAMETER.sub("{}", path): {m.upper(): set(o["responses"]) for m, o in methods.items()}
        for path, methods in document["paths"].items()
    }


class OpenAPIConformance:
    """Middleware of the tests' settings that checks each response."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        match = request.resolver_match
        if match is not None and answer.status_code not in UNCHECKED_STATUSES:
            check_conformance(
                f"/{PATH_PARAMETER.sub('{}', match.route)}", request.method or "", answer
            )
        return answer


def check_conformance(path: str, method: str, answer: Any) -> None:
    operations = documented_statuses().get(path)
    statuses = (operations or {}).get("GET" if method == "HEAD" else method)
    if statuses is None:
        return
    status = str(answer.status_code)
    assert status in statuses, (
        f"{method} {path} answered {status}, which docs/openapi.yaml does not name: "
        "say it in the view's `answers` (newsroom/api/openapi/schema.py) and run `make openapi`"
    )
    counted = answer.has_header("RateLimit")
    assert "429" in statuses or not counted, f"{method} {path} counts, and says nothing of 429"
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json", (method, path, status)
