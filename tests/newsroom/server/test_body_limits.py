"""Limits of request bodies by endpoint: size, number of JSON values, listed errors, markup."""

import json
import re

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from accounts.models import User
from desk.actions import start_draft
from desk.errors import TooMuchMarkup
from newsroom.server.body_limits import (
    DEFAULT_MAX_BODY_BYTES,
    MAX_BODY_BYTES_BY_ROUTE,
    MULTIPART_OVERHEAD_BYTES,
    PHOTO_MAX_BODY_BYTES,
    max_body_bytes,
    max_body_bytes_of_route,
)
from tests.support import make
from tests.support.contract.endpoints import Endpoint, writing_endpoints

PROBLEM = "application/problem+json"
MAX_TRIED_BYTES = 2 * 1024 * 1024
MEBIBYTE = 1024 * 1024


ENDPOINTS = writing_endpoints()
API_ENDPOINTS = [
    one
    for one in ENDPOINTS
    if not one.route.startswith("admin:") and max_body_bytes(one.path) <= MAX_TRIED_BYTES
]


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: one.route)
def test_every_writing_endpoint_is_in_the_table_of_limits(endpoint: Endpoint) -> None:
    assert max_body_bytes_of_route(endpoint.route) == max_body_bytes(endpoint.path)
    patterns = [
        name
        for name in MAX_BODY_BYTES_BY_ROUTE
        if re.fullmatch(name.replace("*", ".*"), endpoint.route)
    ]
    assert patterns, "add the route to newsroom/server/body_limits.py"


@pytest.mark.django_db
@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: one.route)
def test_body_over_the_limit_is_413_with_the_limit(endpoint: Endpoint) -> None:
    limit = max_body_bytes(endpoint.path)
    response = APIClient().generic(
        endpoint.method,
        endpoint.path,
        "",
        content_type="application/json",
        CONTENT_LENGTH=str(limit + 1),
    )
    assert (response.status_code, response["Content-Type"]) == (413, PROBLEM)
    problem = response.json()
    assert (problem["code"], "최대" in problem["detail"]) == ("too_large", True)


@pytest.mark.django_db
@pytest.mark.parametrize("endpoint", API_ENDPOINTS, ids=lambda one: one.route)
def test_body_of_the_maximum_size_is_accepted(endpoint: Endpoint) -> None:
    body = " " * max_body_bytes(endpoint.path)
    response = APIClient().generic(
        endpoint.method, endpoint.path, body, content_type="application/json"
    )
    assert response.status_code not in {413, 500}


def test_limits_are_the_documented_ones() -> None:
    assert max_body_bytes_of_route("poll-vote") == 4 * 1024
    assert max_body_bytes_of_route("comment-list") == 64 * 1024
    assert (
        max_body_bytes_of_route("desk-draft")
        == 2 * MEBIBYTE
        == settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    )
    assert max_body_bytes_of_route("wire-intake") == 10 * MEBIBYTE
    assert PHOTO_MAX_BODY_BYTES == settings.UPLOAD_MAX_BYTES + MULTIPART_OVERHEAD_BYTES
    assert max_body_bytes("/no/such/address/") == DEFAULT_MAX_BODY_BYTES
    form = "application/x-www-form-urlencoded; charset=utf-8"
    assert max_body_bytes("/admin/media/photo/add/", form) == MEBIBYTE
    assert max_body_bytes("/admin/media/photo/add/", form.upper()) == MEBIBYTE
    assert max_body_bytes("/admin/login/", form) == 16 * 1024


# -- Content of bodies -------------------------------------------------------------------------


def test_first_errors_are_listed_and_the_rest_counted(desk_api: make.DeskClient) -> None:
    body = {f"field{number}": 1 for number in range(3_000)}
    response = desk_api.client.post("/api/v1/desk/drafts/", body, format="json")
    errors = response.json()["errors"]
    assert (response.status_code, len(errors)) == (400, 21)
    assert errors[0]["pointer"] == "/field0"
    assert errors[-1] == {"pointer": "", "detail": "그 밖에 2,980건이 더 있습니다."}


def test_first_errors_of_a_list_field_are_listed(desk_api: make.DeskClient) -> None:
    body = {"headline": "제목", "summary": [{}] * 3, "tags": [{}] * 20, "authors": [{}] * 20}
    response = desk_api.client.post("/api/v1/desk/drafts/", body, format="json")
    errors = response.json()["errors"]
    assert (response.status_code, len(errors)) == (400, 21)
    assert "더 있습니다" in errors[-1]["detail"]


def test_json_with_too_many_values_is_refused(desk_api: make.DeskClient) -> None:
    body = json.dumps({f"k{number}": 1 for number in range(100_000)})
    response = desk_api.client.post(
        "/api/v1/desk/drafts/",
        body,
        content_type="application/json",
        headers={"Accept-Language": "en"},
    )
    assert (response.status_code, response["Content-Type"]) == (400, PROBLEM)
    assert response.json()["detail"] == "This JSON holds more than 10000 values."
    assert len(response.content) < 1_000


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<ul><li>" * 3_000, "nested more than 64 deep"),
        ("<ul><li>" * 15_000, "more markup than a story can have"),
        ("<div>" * 65 + "<p>문장</p>", "nested more than 64 deep"),
        ("<b>문</b>" * 12_000, "more markup than a story can have"),
        ("&" * 30_000, "more markup than a story can have"),
    ],
)
def test_markup_that_is_expensive_to_sanitise_is_refused(
    desk_api: make.DeskClient, body: str, message: str
) -> None:
    response = desk_api.client.post(
        "/api/v1/desk/drafts/",
        {"headline": "제목", "body_html": body},
        format="json",
        headers={"Accept-Language": "en"},
    )
    assert response.status_code == 400
    [error] = response.json()["errors"]
    assert error["pointer"] == "/body_html"
    assert message in error["detail"]


@pytest.mark.parametrize(
    "body",
    [
        "<ul>" + "<li>하나" * 3_000 + "</ul>",  # end tags may be left out
        "<p>문장" * 3_000,
        "<ul><li>" * 30 + "깊이" + "</li></ul>" * 30,
        "<p>가<br>나<img>다</p>" * 1_500,
    ],
)
def test_long_markup_without_deep_nesting_is_accepted(desk_api: make.DeskClient, body: str) -> None:
    response = desk_api.client.post(
        "/api/v1/desk/drafts/", {"headline": "제목", "body_html": body}, format="json"
    )
    assert response.status_code == 201, response.content[:300]


def test_actions_apply_the_markup_limits_too(ben: User) -> None:
    with pytest.raises(TooMuchMarkup):
        start_draft(by=ben, headline="제목", body="<ul><li>" * 15_000)
