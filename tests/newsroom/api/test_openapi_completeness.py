"""Completeness of the OpenAPI document: examples, rate limits and error responses of every operation."""

import copy
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from newsroom.api.throttling import SECONDS_BY_UNIT
from newsroom.conf.environment import throttle_rates
from tests.newsroom.api.test_openapi import SNAPSHOT
from tests.support.formats.ninjs import ninjs_errors as faults_of_ninjs

PROBLEM = "application/problem+json"
RATE_LIMIT_HEADERS = {"RateLimit", "RateLimit-Policy"}
HANGUL = re.compile("[가-힣]")
# Their bodies have no text: a side, a kind, a time, numbers.
OPERATIONS_WITHOUT_TEXT = {
    "POST /api/v1/me/email/confirm/",
    "PUT /api/v1/me/consents/{kind}/",
    "PATCH /api/v1/me/notifications/{id}/",
    "PATCH /api/v1/me/notifications/preferences/",
    "POST /api/v1/me/notifications/read/",
    "PUT /api/v1/polls/{id}/vote/",
    "PUT /api/v1/comments/{id}/reaction/",
    "POST /api/v1/comments/{id}/block-requests/",
    "POST /api/v1/desk/bundles/{bundle_id}/add/",
    "POST /api/v1/desk/bundles/{bundle_id}/move/",
    "POST /api/v1/desk/bundles/{bundle_id}/take-out/",
    "POST /api/v1/desk/moderation/{comment_id}/lease/",
    "POST /api/v1/desk/drafts/{draft_id}/assign/",
    "POST /api/v1/desk/drafts/{draft_id}/previews/",
    "POST /api/v1/desk/drafts/{draft_id}/schedule/",
    "POST /api/v1/desk/drafts/{draft_id}/suggestions/",
    "POST /api/v1/desk/drafts/{draft_id}/suggestions/{suggestion_id}/taken/",
    "POST /api/v1/desk/drafts/{draft_id}/versions/{number}/restore/",
    "POST /api/v1/desk/releases/{release_id}/move/",
    "POST /api/v1/desk/wire/{story_id}/belongs-to/",
    "POST /api/v1/desk/wire/{story_id}/draft/",
    "POST /api/v1/desk/wire/{story_id}/split/",
    "PUT /api/v1/desk/drafts/{draft_id}/lock/",
    "PUT /api/v1/desk/drafts/{draft_id}/presence/",
}
# In the description of the operation, as "Limit: 20 in 60 s by account, else by address."
LIMIT_PATTERN = re.compile(
    r"Limit: (\d+ in \d+ s|none) by account, else (\d+ in \d+ s )?by address\."
)


@cache
def document() -> dict[str, Any]:
    return yaml.load(SNAPSHOT.read_text(), yaml.CSafeLoader)  # type: ignore[no-any-return]


def operations(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


# Their answers have none either: numbers and a state.
RESPONSES_WITHOUT_TEXT = {"POST /api/v1/comments/{id}/block-requests/: 201"}


def resolve_response(described: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
    """The response itself, or the shared component that it refers to."""
    name = response.get("$ref", "").rpartition("/")[2]
    return described["components"]["responses"][name] if name else response


def find_gaps(described: dict[str, Any]) -> list[str]:
    """What is missing, as messages; empty for a complete document."""
    return [
        f"{name}: {gap}"
        for name, operation in operations(described)
        for gap in (
            *missing_examples(described, name, operation),
            *missing_errors(described, operation),
            *missing_rate_limits(described, operation),
        )
    ]


def missing_examples(
    described: dict[str, Any], name: str, operation: dict[str, Any]
) -> Iterator[str]:
    bodies = {"body": operation.get("requestBody", {})} | {
        status: response for status, response in operation["responses"].items() if status < "300"
    }
    for where, body in bodies.items():
        for kind, content in body.get("content", {}).items():
            examples = [one["value"] for one in content.get("examples", {}).values()]
            examples += [content["example"]] if "example" in content else []
            if not examples:
                yield f"{where} has no example"
            for example in examples:
                whole = {**content["schema"], "components": described["components"]}
                faults = Draft202012Validator(whole, format_checker=FormatChecker())
                yield from (f"{where}: {fault.message}" for fault in faults.iter_errors(example))
                has_no_text = where == "body" and name in OPERATIONS_WITHOUT_TEXT
                has_no_text |= f"{name}: {where}" in RESPONSES_WITHOUT_TEXT
                if not has_no_text and not HANGUL.search(str(example)) and kind != "text/plain":
                    yield f"{where} has no example in Korean"


def missing_errors(described: dict[str, Any], operation: dict[str, Any]) -> Iterator[str]:
    responses = operation["responses"]
    if "security" not in operation:
        yield "no security"
    for status, response in responses.items():
        if status >= "400":
            content = resolve_response(described, response).get("content", {}).get(PROBLEM, {})
            if content.get("schema") != {"$ref": "#/components/schemas/Problem"}:
                yield f"{status} is no problem document"
            if not HANGUL.search(content.get("example", {}).get("detail", "")):
                yield f"{status} has no example in Korean"


def missing_rate_limits(described: dict[str, Any], operation: dict[str, Any]) -> Iterator[str]:
    responses = operation["responses"]
    is_limited = LIMIT_PATTERN.search(operation.get("description", "")) is not None
    if is_limited != ("429" in responses):
        yield "the limit and 429 do not go together"
    for status, response in responses.items():
        named = set(resolve_response(described, response).get("headers", {}))
        if is_limited and status < "300" and not named >= RATE_LIMIT_HEADERS:
            yield f"{status} has no RateLimit headers"
        if status == "429" and not named >= RATE_LIMIT_HEADERS | {"Retry-After"}:
            yield "429 has no Retry-After"


def test_document_is_complete() -> None:
    assert find_gaps(document()) == []


def test_every_rate_limit_is_documented() -> None:
    """Nine scopes (newsroom/conf/environment.py), documented by their operations."""
    limited = [one for _name, one in operations(document()) if "429" in one["responses"]]
    descriptions = " ".join(one["description"] for one in limited)
    for rate in filter(None, throttle_rates().values()):
        number, _slash, unit = rate.partition("/")
        assert f"{number} in {SECONDS_BY_UNIT[unit[0]]} s" in descriptions, rate
    assert len(limited) == 17


def test_ninjs_example_is_valid() -> None:
    response = document()["paths"]["/api/v1/articles/{slug}/ninjs/"]["get"]["responses"]["200"]
    assert faults_of_ninjs(copy.deepcopy(response["content"]["application/json"]["example"])) == []


VOTE = ("/api/v1/polls/{id}/vote/", "put")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda put: put["requestBody"]["content"]["application/json"].pop("examples"), "no exam"),
        (lambda put: put["responses"]["200"]["content"]["application/json"].pop("example"), "no e"),
        (
            lambda put: put["responses"]["200"]["content"]["application/json"]["example"].pop("id"),
            "'id' is a required property",
        ),
        (lambda put: put["responses"]["200"].pop("headers"), "no RateLimit"),
        (lambda put: put["responses"].pop("429"), "go together"),
        (lambda put: put.update(description="Vote."), "go together"),
        (lambda put: put["responses"].update({"404": {"description": "No."}}), "no problem doc"),
        (lambda put: put.pop("security"), "no security"),
    ],
)
def test_gap_is_found(damage: Any, message: str) -> None:
    """The negative control."""
    damaged = copy.deepcopy(document())
    damage(damaged["paths"][VOTE[0]][VOTE[1]])
    (found, *_) = find_gaps(damaged)
    assert found.startswith("PUT /api/v1/polls/{id}/vote/")
    assert message in found
