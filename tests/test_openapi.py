"""The API's description: complete, valid, and the same as the snapshot in review."""

import io
import warnings
from pathlib import Path

import yaml
from django.core.management import call_command
from openapi_spec_validator import validate
from rest_framework.test import APIClient

SNAPSHOT = Path(__file__).resolve().parent.parent / "docs" / "openapi.yaml"


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
        validate(yaml.safe_load(SNAPSHOT.read_text()))


def test_schema_and_docs_are_served(api: APIClient) -> None:
    assert api.get("/api/v1/schema/").status_code == 200
    docs = api.get("/api/v1/docs/")
    assert docs.status_code == 200
    assert "https://" not in docs.content.decode(), "the docs page loads nothing from elsewhere"


def test_every_address_says_how_it_refuses() -> None:
    described = yaml.safe_load(SNAPSHOT.read_text())
    silent = [
        f"{method} {path}"
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if "4XX" not in operation["responses"]
    ]
    assert not silent
