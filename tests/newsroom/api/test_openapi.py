"""The API's description: complete, valid, and the same as the snapshot in review."""

import io
import re
import warnings
from pathlib import Path
from typing import Any

import yaml
from django.core.management import call_command
from openapi_spec_validator import OpenAPIV31SpecValidator
from rest_framework.test import APIClient

SNAPSHOT = Path(__file__).resolve().parent.parent.parent.parent / "docs" / "openapi.yaml"


def written() -> str:
    out = io.StringIO()
    call_command("spectacular", lang="en", fail_on_warn=True, stdout=out)
    return out.getvalue()


def test_the_snapshot_is_what_the_code_says() -> None:
    assert SNAPSHOT.read_text() == written(), "run `make openapi` and read the difference"


def test_every_list_is_described_as_a_page() -> None:
    described = yaml.safe_load(SNAPSHOT.read_text())
    bare = [
        path
        for path, methods in described["paths"].items()
        for answer in methods.get("get", {}).get("responses", {}).values()
        for body in answer.get("content", {}).values()
        if body.get("schema", {}).get("type") == "array"
    ]
    assert not bare


def test_it_is_valid_openapi() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # inside the validator's own libraries
        found = OpenAPIV31SpecValidator(yaml.safe_load(SNAPSHOT.read_text())).iter_errors()
        assert [error.message for error in found] == []


def test_schema_and_docs_are_served(api: APIClient) -> None:
    assert api.get("/api/v1/schema/").status_code == 200
    docs = api.get("/api/v1/docs/")
    assert docs.status_code == 200
    assert "https://" not in docs.content.decode(), "the docs page loads nothing from elsewhere"


def operations() -> list[tuple[str, dict[str, Any]]]:
    described = yaml.load(SNAPSHOT.read_text(), yaml.CSafeLoader)
    return [
        (f"{method} {path}", operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_says_how_it_refuses_and_who_may_ask() -> None:
    """tests/support/openapi_conformance.py holds every answer of the whole suite against this."""
    for name, operation in operations():
        answers = operation["responses"]
        refusals = [answer for status, answer in answers.items() if status >= "400"]
        assert refusals, name
        assert all("$ref" in answer for answer in refusals), name
        assert operation["summary"], name
        assert "security" in operation, name
        changes = not name.startswith("get ")
        signed = operation["security"] not in ([], [{}])
        assert not signed or {"401", "403"} <= set(answers), name
        assert not changes or "409" in answers, name
        guarded = any(one["name"] == "If-Match" for one in operation.get("parameters", ()))
        assert guarded <= ({"412", "428"} <= set(answers)), name
        assert ("requestBody" in operation) <= ({"413", "415"} <= set(answers)), name


def test_every_refusal_has_an_example_in_the_language_of_the_house() -> None:
    described = yaml.load(SNAPSHOT.read_text(), yaml.CSafeLoader)
    for status, answer in described["components"]["responses"].items():
        body = answer.get("content", {}).get("application/problem+json")
        assert body or status in {"MovedPermanently", "NotModified"}, status
        assert not body or re.search("[가-힣]", body["example"]["detail"]), status
    card = described["components"]["schemas"]["CardOut"]["properties"]
    assert re.search("[가-힣]", card["headline"]["examples"][0])


def test_what_readers_send_may_hold_nothing_unknown() -> None:
    described = yaml.load(SNAPSHOT.read_text(), yaml.CSafeLoader)
    schemas = described["components"]["schemas"]
    assert all(
        schema["additionalProperties"] is False
        for name, schema in schemas.items()
        if name.endswith("Request")
    )
