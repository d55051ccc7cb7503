"""How the OpenAPI document describes us (drf-spectacular).

What an operation may answer beside its success follows from what its view stands on, so that it need
not be said again for each; tests/support/openapi_conformance.py holds every answer of the whole
suite against it.
"""

import re
from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework.permissions import AllowAny

from newsroom.api.deprecation import DEPRECATIONS
from newsroom.api.openapi.error_responses import (
    PROBLEM_SCHEMA,
    SHARED_HEADERS,
    error_response_component,
    header_references,
    response_component_name,
    response_reference,
)
from newsroom.api.openapi.examples import (
    EXAMPLE_BY_MEMBER,
    EXAMPLE_NINJS,
    EXAMPLE_WIRE_DELIVERY,
    example_of,
)
from newsroom.api.throttling import RatePolicy
from newsroom.api.views import PublicReadView

SAFE_METHODS = {"GET", "HEAD"}
STAFF_TAGS = {"desk", "wire"}
TAG_DESCRIPTIONS = {
    "articles": "Articles: cards, pages, change history, comments under them.",
    "sections": "Sections of the paper.",
    "authors": "Everybody who signs.",
    "tags": "Tags of live articles.",
    "masthead": "What the paper says of itself.",
    "comments": "What readers say.",
    "polls": "Polls beside articles, and votes.",
    "me": "A reader's own things.",
    "desk": "The newsroom: drafts, editions, plans, photos.",
    "wire": "Deliveries of agencies.",
}


class NewsroomAutoSchema(AutoSchema):
    """Tags by the first word of the address; every refusal by its status, as a problem document.

    A view adds what only it answers: `answers = {"get": (301, 410)}`.
    """

    def get_tags(self) -> list[str]:
        words = self.path.removeprefix("/api/v1/").split("/")
        return [words[0] or "newsroom"]

    def get_summary(self) -> str | None:
        """The first sentence of what the operation is described by."""
        told = " ".join((super().get_summary() or self.get_description()).split())
        return re.split(r"\.(?:\s|$)", told, maxsplit=1)[0] or None

    def is_deprecated(self) -> bool:
        return self.path in DEPRECATIONS

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            operation.setdefault("security", [])  # said outright: nobody has to be anybody
            answers = operation["responses"]
            for answer in answers.values():
                answer.setdefault("headers", {}).update(header_references(*self.headers()))
            for status in self.refusals(operation):
                answers.setdefault(str(status), response_reference(status))
            operation["responses"] = dict(sorted(answers.items()))
        return operation

    def get_description(self) -> str:  # type: ignore[override]  # drf-spectacular's, not DRF's
        """What it is for, and how often somebody may ask."""
        told = str(super().get_description() or "")
        return f"{told}\n\nLimit: {self.limit()}." if self.scope() else told

    def scope(self) -> str:
        """Under what name changes are counted here; empty where they are not."""
        counted = self.method not in SAFE_METHODS and self.view.get_throttles()
        return str(getattr(self.view, "throttle_scope", "")) if counted else ""

    def limit(self) -> str:
        rates = {
            signed_in: RatePolicy.for_scope(self.scope(), signed_in=signed_in)
            for signed_in in (True, False)
        }
        said = {
            who: f"{rate.max_requests} in {rate.seconds} s" if rate else "none"
            for who, rate in rates.items()
        }
        both = f"{said[True]} by account, else {said[False]} by address"
        return both if said[True] != said[False] else f"{said[True]} by account, else by address"

    def headers(self) -> list[str]:
        """What a success says in its headers."""
        kept = self.method in SAFE_METHODS and isinstance(self.view, PublicReadView)
        counted = ["RateLimit", "RateLimit-Policy"] if self.scope() else []
        return ["Cache-Control", "ETag"] if kept else counted

    def get_auth(self) -> Any:
        """Beside who may sign in: nobody, where the view asks for nobody."""
        found: list[dict[str, Any]] = super().get_auth()
        return [*found, {}] if found and {} not in found and not self.asks_who() else found

    def asks_who(self) -> bool:
        """Whether the view turns those away who are not signed in."""
        return any(permission is not AllowAny for permission in self.view.permission_classes)

    def refusals(self, operation: dict[str, Any]) -> set[int]:
        """The statuses that the view's kind and what the operation takes bring along."""
        reads = self.method in SAFE_METHODS
        own = getattr(self.view, "extra_responses", {})
        found = {400, 503, 507, *own.get(self.method.lower(), ())}
        if reads and isinstance(self.view, PublicReadView):
            found |= {304}
        if self.view.get_authenticators():
            found |= {401, 403}
        if "{" in self.path:
            found |= {404}
        if not reads:
            found |= {408, 413}  # newsroom/server/body_limits.py
            found |= {409, 422} if self.get_tags()[0] in STAFF_TAGS else {409}
        if "requestBody" in operation:
            found |= {415}
        if any(parameter["name"] == "If-Match" for parameter in operation.get("parameters", ())):
            found |= {412, 422, 428}
        if self.scope():
            found |= {429}
        return found


def postprocess_schema(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """What operations share: refusals, the problem document, tags, examples; drf-spectacular's hook."""
    operations = [one for methods in result["paths"].values() for one in methods.values()]
    parts = result.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for name, schema in schemas.items():
        if name.endswith("Request"):
            schema["additionalProperties"] = (
                False  # newsroom.api.views.StrictSerializer: strangers are refused
            )
        else:
            add_property_examples(schema)
    schemas["Problem"] = PROBLEM_SCHEMA
    used = {
        int(s) for one in operations for s, answer in one["responses"].items() if "$ref" in answer
    }
    parts["headers"] = SHARED_HEADERS
    for operation in operations:
        add_body_examples(operation, schemas)
    parts["responses"] = {
        response_component_name(status): error_response_component(status) for status in sorted(used)
    }
    present = sorted({tag for one in operations for tag in one["tags"]})
    result["tags"] = [
        {"name": name, "description": TAG_DESCRIPTIONS.get(name, name)} for name in present
    ]
    return result


def add_body_examples(operation: dict[str, Any], named: dict[str, Any]) -> None:
    """Give every body that the operation takes or answers with a whole example, if it has none."""
    bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
    for kind, body in [pair for one in bodies for pair in one.get("content", {}).items()]:
        if {"example", "examples"} & set(body):
            continue
        if kind == "text/plain":
            body["example"] = EXAMPLE_WIRE_DELIVERY
        elif body["schema"].get("additionalProperties") == {}:
            body["example"] = EXAMPLE_NINJS
        else:
            body["example"] = example_of(body["schema"], named)


def add_property_examples(schema: dict[str, Any]) -> None:
    """Give the properties of an answer examples as readers meet them."""
    for name, rule in schema.get("properties", {}).items():
        plain = rule.get("type") == "string" and not {"enum", "format"} & set(rule)
        if plain and isinstance(said := EXAMPLE_BY_MEMBER.get(name), str) and said:
            rule.setdefault("examples", [said])
