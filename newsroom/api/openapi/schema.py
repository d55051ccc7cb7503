"""OpenAPI document: drf-spectacular's AutoSchema with the project's error responses, headers, limits and
examples.

The error responses of an operation follow from its view's base class and parameters; the conformance plugin
(tests/support/contract/openapi_conformance.py) checks every response of the test suite against the
document.
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
    example_of,
)
from newsroom.api.openapi.wire_examples import EXAMPLE_WIRE_DELIVERY
from newsroom.api.throttling import ATTEMPT_SCOPE, AcceptedWriteThrottle, RatePolicy
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
    """Tags by the first part of the path, and every error response as a problem document.

    A view names further statuses by method: `extra_responses = {"get": (301, 410)}`.
    """

    def get_tags(self) -> list[str]:
        parts = self.path.removeprefix("/api/v1/").split("/")
        return [parts[0] or "newsroom"]

    def get_summary(self) -> str | None:
        """The first sentence of the description."""
        text = " ".join((super().get_summary() or self.get_description()).split())
        return re.split(r"\.(?:\s|$)", text, maxsplit=1)[0] or None

    def is_deprecated(self) -> bool:
        return self.path in DEPRECATIONS

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            operation.setdefault("security", [])  # explicit: no authentication
            responses = operation["responses"]
            for response in responses.values():
                response.setdefault("headers", {}).update(
                    header_references(*self.success_headers())
                )
            for status in self.error_statuses(operation):
                responses.setdefault(str(status), response_reference(status))
            operation["responses"] = dict(sorted(responses.items()))
        return operation

    def get_description(self) -> str:  # type: ignore[override]  # drf-spectacular's, not DRF's
        """The view's docstring, with its rate limit."""
        text = str(super().get_description() or "")
        if not self.throttle_scope():
            return text
        return f"{text}\n\nLimit: {self.rate_limit_text()}.{self.attempt_limit_text()}"

    def attempt_limit_text(self) -> str:
        """What of a form with a small limit counts, in words; empty for others."""
        policy = RatePolicy.for_scope(ATTEMPT_SCOPE, signed_in=False)
        if AcceptedWriteThrottle not in self.view.throttle_classes or policy is None:
            return ""
        attempts = f"{policy.max_requests} in {policy.seconds} s"
        return f" Accepted requests alone count; of all attempts {attempts} are possible."

    def throttle_scope(self) -> str:
        """The scope of the operation's rate limit; empty without one."""
        is_throttled = self.method not in SAFE_METHODS and self.view.get_throttles()
        return str(getattr(self.view, "throttle_scope", "")) if is_throttled else ""

    def rate_limit_text(self) -> str:
        """The rate limit in words: "20 in 60 s by account, else by address"."""
        signed_in, anonymous = (
            RatePolicy.for_scope(self.throttle_scope(), signed_in=is_signed_in)
            for is_signed_in in (True, False)
        )
        by_account, by_address = (
            f"{rate.max_requests} in {rate.seconds} s" if rate else "none"
            for rate in (signed_in, anonymous)
        )
        if by_account == by_address:
            return f"{by_account} by account, else by address"
        return f"{by_account} by account, else {by_address} by address"

    def success_headers(self) -> list[str]:
        """The documented headers of a successful response."""
        if self.method in SAFE_METHODS and isinstance(self.view, PublicReadView):
            return ["Cache-Control", "ETag"]
        return ["RateLimit", "RateLimit-Policy"] if self.throttle_scope() else []

    def get_auth(self) -> Any:
        """The authentication methods, and none (`{}`) where anonymous requests are allowed too."""
        methods: list[dict[str, Any]] = super().get_auth()
        is_optional = methods and {} not in methods and not self.requires_authentication()
        return [*methods, {}] if is_optional else methods

    def requires_authentication(self) -> bool:
        """Whether the view refuses anonymous requests."""
        return any(permission is not AllowAny for permission in self.view.permission_classes)

    def error_statuses(self, operation: dict[str, Any]) -> set[int]:
        """The error statuses (and 304) by the kind of the view and the parameters of the operation."""
        is_read = self.method in SAFE_METHODS
        extra = getattr(self.view, "extra_responses", {})
        statuses = {400, 503, 507, *extra.get(self.method.lower(), ())}
        if is_read and isinstance(self.view, PublicReadView):
            statuses |= {304}
        if self.view.get_authenticators():
            statuses |= {401, 403}
        if "{" in self.path:
            statuses |= {404}
        if not is_read:
            statuses |= {408, 413}  # newsroom/server/body_limits.py
            statuses |= {409, 422} if self.get_tags()[0] in STAFF_TAGS else {409}
        if "requestBody" in operation:
            statuses |= {415}
        if any(parameter["name"] == "If-Match" for parameter in operation.get("parameters", ())):
            statuses |= {412, 422, 423, 428}
        if self.throttle_scope():
            statuses |= {429}
        return statuses


def postprocess_schema(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """drf-spectacular hook: add shared components (error responses, headers), tags and examples."""
    operations = [
        operation for methods in result["paths"].values() for operation in methods.values()
    ]
    components = result.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name, schema in schemas.items():
        if name.endswith("Request"):
            schema["additionalProperties"] = False  # StrictSerializer refuses unknown fields
        else:
            add_property_examples(schema)
    schemas["Problem"] = PROBLEM_SCHEMA
    used_statuses = {
        int(status)
        for operation in operations
        for status, response in operation["responses"].items()
        if "$ref" in response
    }
    components["headers"] = SHARED_HEADERS
    for operation in operations:
        add_body_examples(operation, schemas)
    components["responses"] = {
        response_component_name(status): error_response_component(status)
        for status in sorted(used_statuses)
    }
    tags = sorted({tag for operation in operations for tag in operation["tags"]})
    result["tags"] = [
        {"name": name, "description": TAG_DESCRIPTIONS.get(name, name)} for name in tags
    ]
    return result


def add_body_examples(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Add a complete example to every request and response body that has none."""
    bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
    contents = [pair for body in bodies for pair in body.get("content", {}).items()]
    for media_type, content in contents:
        if {"example", "examples"} & set(content):
            continue
        if media_type == "text/plain":
            content["example"] = content["schema"].get("example", EXAMPLE_WIRE_DELIVERY)
        elif content["schema"].get("additionalProperties") == {}:
            content["example"] = EXAMPLE_NINJS
        else:
            content["example"] = example_of(content["schema"], schemas)


def add_property_examples(schema: dict[str, Any]) -> None:
    """Add examples to the string properties of a response schema."""
    for name, rule in schema.get("properties", {}).items():
        is_plain = rule.get("type") == "string" and not {"enum", "format"} & set(rule)
        example = EXAMPLE_BY_MEMBER.get(name)
        if is_plain and isinstance(example, str) and example:
            rule.setdefault("examples", [example])
