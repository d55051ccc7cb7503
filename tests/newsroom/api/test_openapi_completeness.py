"""What the API's description must hold for everybody who reads it alone: examples, limits, refusals."""

import copy
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from newsroom.conf.environment import throttle_rates
from tests.newsroom.api.test_openapi import SNAPSHOT
from tests.support.ninjs import ninjs_errors as faults_of_ninjs

PROBLEM = "application/problem+json"
COUNTED = {"RateLimit", "RateLimit-Policy"}
HANGUL = re.compile("[가-힣]")
# Nothing in them is said in words: a side, a time, numbers.
WORDLESS = {
    "PUT /api/v1/polls/{id}/vote/",
    "PUT /api/v1/comments/{id}/reaction/",
    "POST /api/v1/desk/bundles/{bundle_id}/add/",
    "POST /api/v1/desk/bundles/{bundle_id}/move/",
    "POST /api/v1/desk/bundles/{bundle_id}/take-out/",
    "POST /api/v1/desk/drafts/{draft_id}/previews/",
    "POST /api/v1/desk/drafts/{draft_id}/schedule/",
    "POST /api/v1/desk/releases/{release_id}/move/",
}
# Told in the description of the operation, as "Limit: 20 in 60 s by account, else by address."
LIMIT = re.compile(r"Limit: (\d+ in \d+ s|none) by account, else (\d+ in \d+ s )?by address\.")


@cache
def document() -> dict[str, Any]:
    return yaml.load(SNAPSHOT.read_text(), yaml.CSafeLoader)  # type: ignore[no-any-return]


def operations(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def meant(described: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """The answer itself where the operation refers to one that many share."""
    name = answer.get("$ref", "").rpartition("/")[2]
    return described["components"]["responses"][name] if name else answer


def lacking(described: dict[str, Any]) -> list[str]:
    """What is missing, in words; empty where the description is whole."""
    return [
        f"{name}: {lack}"
        for name, operation in operations(described)
        for lack in (
            *without_examples(described, name, operation),
            *without_refusals(described, operation),
            *without_limits(described, operation),
        )
    ]


def without_examples(
    described: dict[str, Any], name: str, operation: dict[str, Any]
) -> Iterator[str]:
    bodies = {"body": operation.get("requestBody", {})} | {
        status: answer for status, answer in operation["responses"].items() if status < "300"
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
                wordless = where == "body" and name in WORDLESS
                if not wordless and not HANGUL.search(str(example)) and kind != "text/plain":
                    yield f"{where} has no example in Korean"


def without_refusals(described: dict[str, Any], operation: dict[str, Any]) -> Iterator[str]:
    answers = operation["responses"]
    if "security" not in operation:
        yield "nobody knows who may ask"
    for status, answer in answers.items():
        if status >= "400":
            content = meant(described, answer).get("content", {}).get(PROBLEM, {})
            if content.get("schema") != {"$ref": "#/components/schemas/Problem"}:
                yield f"{status} is no problem document"
            if not HANGUL.search(content.get("example", {}).get("detail", "")):
                yield f"{status} has no example in Korean"


def without_limits(described: dict[str, Any], operation: dict[str, Any]) -> Iterator[str]:
    answers = operation["responses"]
    told = LIMIT.search(operation.get("description", "")) is not None
    if told != ("429" in answers):
        yield "the limit and 429 do not go together"
    for status, answer in answers.items():
        named = set(meant(described, answer).get("headers", {}))
        if told and status < "300" and not named >= COUNTED:
            yield f"{status} does not say what is left"
        if status == "429" and not named >= COUNTED | {"Retry-After"}:
            yield "429 does not say how long to wait"


def test_nothing_is_lacking() -> None:
    assert lacking(document()) == []


def test_every_limit_that_is_kept_is_told() -> None:
    """Seven scopes (newsroom/conf/environment.py); what they are is told by the operations they are for."""
    told = [one for _name, one in operations(document()) if "429" in one["responses"]]
    said = " ".join(one["description"] for one in told)
    for rate in filter(None, throttle_rates().values()):
        assert f"{rate.partition('/')[0]} in 60 s" in said, rate
    assert len(told) == 11


def test_the_example_of_ninjs_keeps_the_rules_of_its_standard() -> None:
    answer = document()["paths"]["/api/v1/articles/{slug}/ninjs/"]["get"]["responses"]["200"]
    assert faults_of_ninjs(copy.deepcopy(answer["content"]["application/json"]["example"])) == []


VOTE = ("/api/v1/polls/{id}/vote/", "put")


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda put: put["requestBody"]["content"]["application/json"].pop("examples"), "no exam"),
        (lambda put: put["responses"]["200"]["content"]["application/json"].pop("example"), "no e"),
        (
            lambda put: put["responses"]["200"]["content"]["application/json"]["example"].pop("id"),
            "'id' is a required property",
        ),
        (lambda put: put["responses"]["200"].pop("headers"), "what is left"),
        (lambda put: put["responses"].pop("429"), "go together"),
        (lambda put: put.update(description="Vote."), "go together"),
        (lambda put: put["responses"].update({"404": {"description": "No."}}), "no problem doc"),
        (lambda put: put.pop("security"), "who may ask"),
    ],
)
def test_what_is_lacking_is_found(harm: Any, words: str) -> None:
    """The negative control."""
    harmed = copy.deepcopy(document())
    harm(harmed["paths"][VOTE[0]][VOTE[1]])
    (found, *_) = lacking(harmed)
    assert found.startswith("PUT /api/v1/polls/{id}/vote/")
    assert words in found
