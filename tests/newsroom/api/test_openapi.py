"""The OpenAPI document: complete, valid, and equal to docs/openapi.yaml."""

import io
import re
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.core.management import call_command
from openapi_spec_validator import OpenAPIV31SpecValidator
from rest_framework.test import APIClient

from newsroom.api.openapi.document_view import built_document

SNAPSHOT = Path(__file__).resolve().parent.parent.parent.parent / "docs" / "openapi.yaml"


@cache
def snapshot_document() -> Any:
    """The document that clients have; nothing changes it."""
    return yaml.load(SNAPSHOT.read_text(), yaml.CSafeLoader)


def generated_document() -> str:
    out = io.StringIO()
    call_command("spectacular", lang="en", fail_on_warn=True, stdout=out)
    return out.getvalue()


def test_openapi_snapshot_equals_the_generated_document() -> None:
    assert SNAPSHOT.read_text() == generated_document(), (
        "run `make openapi` and read the difference"
    )


def test_every_list_operation_is_paginated() -> None:
    document = snapshot_document()
    unpaginated = [
        path
        for path, methods in document["paths"].items()
        for response in methods.get("get", {}).get("responses", {}).values()
        for body in response.get("content", {}).values()
        if body.get("schema", {}).get("type") == "array"
    ]
    assert not unpaginated


def test_document_is_valid_openapi() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # in the validator's dependencies
        errors = OpenAPIV31SpecValidator(snapshot_document()).iter_errors()
        assert [error.message for error in errors] == []


def test_schema_and_docs_are_served(api: APIClient) -> None:
    assert api.get("/api/v1/schema/").status_code == 200
    docs = api.get("/api/v1/docs/")
    assert docs.status_code == 200
    assert "https://" not in docs.content.decode(), "the docs page loads nothing from elsewhere"


def test_document_is_built_once_for_each_language_and_version(api: APIClient) -> None:
    built_document.cache_clear()
    queries = ("", "?lang=en", "?format=json", "?version=2")
    first = [api.get(f"/api/v1/schema/{query}").content for query in queries]
    again = [api.get(f"/api/v1/schema/{query}").content for query in queries]
    assert again == first
    assert len(set(first)) == len(queries)
    assert yaml.load(first[1], yaml.CSafeLoader) == snapshot_document()
    assert built_document.cache_info().misses == 3, "a format is another rendering of a document"


def operations() -> list[tuple[str, dict[str, Any]]]:
    document = snapshot_document()
    return [
        (f"{method} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_documents_its_errors_and_authentication() -> None:
    """tests/support/contract/openapi_conformance.py checks every response of the whole suite against the
    document."""
    for name, operation in operations():
        responses = operation["responses"]
        errors = [response for status, response in responses.items() if status >= "400"]
        assert errors, name
        assert all("$ref" in response for response in errors), name
        assert operation["summary"], name
        assert "security" in operation, name
        is_write = not name.startswith("get ")
        needs_sign_in = operation["security"] not in ([], [{}])
        assert not needs_sign_in or {"401", "403"} <= set(responses), name
        assert not is_write or "409" in responses, name
        has_if_match = any(one["name"] == "If-Match" for one in operation.get("parameters", ()))
        assert has_if_match <= ({"412", "428"} <= set(responses)), name
        assert ("requestBody" in operation) <= ({"413", "415"} <= set(responses)), name


def test_every_error_response_has_a_korean_example() -> None:
    document = snapshot_document()
    for status, response in document["components"]["responses"].items():
        body = response.get("content", {}).get("application/problem+json")
        assert body or status in {"MovedPermanently", "NotModified"}, status
        assert not body or re.search("[가-힣]", body["example"]["detail"]), status
    card = document["components"]["schemas"]["CardOut"]["properties"]
    assert re.search("[가-힣]", card["headline"]["examples"][0])


def test_request_schemas_allow_no_additional_properties() -> None:
    document = snapshot_document()
    schemas = document["components"]["schemas"]
    assert all(
        schema["additionalProperties"] is False
        for name, schema in schemas.items()
        if name.endswith("Request")
    )
