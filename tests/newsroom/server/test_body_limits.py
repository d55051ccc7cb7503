"""How large a request may be at each address, and how much of one is looked at."""

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
from tests.support.endpoints import Endpoint, writing_endpoints

PROBLEM = "application/problem+json"
LARGEST_TRIED = 2 * 1024 * 1024
MEBIBYTE = 1024 * 1024


ENDPOINTS = writing_endpoints()
IN_THE_API = [
    one
    for one in ENDPOINTS
    if not one.route.startswith("admin:") and max_body_bytes(one.path) <= LARGEST_TRIED
]


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: one.route)
def test_every_endpoint_that_writes_has_a_limit_of_its_own(endpoint: Endpoint) -> None:
    assert max_body_bytes_of_route(endpoint.route) == max_body_bytes(endpoint.path)
    named = [
        name
        for name in MAX_BODY_BYTES_BY_ROUTE
        if re.fullmatch(name.replace("*", ".*"), endpoint.route)
    ]
    assert named, "add the route to newsroom/server/body_limits.py"


@pytest.mark.django_db
@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: one.route)
def test_a_larger_body_is_a_413_in_words(endpoint: Endpoint) -> None:
    limit = max_body_bytes(endpoint.path)
    answer = APIClient().generic(
        endpoint.method,
        endpoint.path,
        "",
        content_type="application/json",
        CONTENT_LENGTH=str(limit + 1),
    )
    assert (answer.status_code, answer["Content-Type"]) == (413, PROBLEM)
    told = answer.json()
    assert (told["code"], "최대" in told["detail"]) == ("too_large", True)


@pytest.mark.django_db
@pytest.mark.parametrize("endpoint", IN_THE_API, ids=lambda one: one.route)
def test_a_body_of_just_that_size_is_looked_at(endpoint: Endpoint) -> None:
    body = " " * max_body_bytes(endpoint.path)
    answer = APIClient().generic(
        endpoint.method, endpoint.path, body, content_type="application/json"
    )
    assert answer.status_code not in {413, 500}


def test_the_limits_are_those_that_the_documentation_names() -> None:
    assert max_body_bytes_of_route("poll-vote") == 4 * 1024
    assert max_body_bytes_of_route("comment-list") == 64 * 1024
    assert (
        max_body_bytes_of_route("desk-draft")
        == 2 * MEBIBYTE
        == settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    )
    assert max_body_bytes_of_route("wire-intake") == MEBIBYTE
    assert PHOTO_MAX_BODY_BYTES == settings.UPLOAD_MAX_BYTES + MULTIPART_OVERHEAD_BYTES
    assert max_body_bytes("/no/such/address/") == DEFAULT_MAX_BODY_BYTES
    form = "application/x-www-form-urlencoded; charset=utf-8"
    assert max_body_bytes("/admin/media/photo/add/", form) == MEBIBYTE
    assert max_body_bytes("/admin/media/photo/add/", form.upper()) == MEBIBYTE
    assert max_body_bytes("/admin/login/", form) == 16 * 1024


# -- What is inside ----------------------------------------------------------------------------


def test_of_many_errors_the_first_are_told_and_the_rest_counted(desk_api: make.DeskClient) -> None:
    body = {f"field{number}": 1 for number in range(3_000)}
    answer = desk_api.client.post("/api/v1/desk/drafts/", body, format="json")
    errors = answer.json()["errors"]
    assert (answer.status_code, len(errors)) == (400, 21)
    assert errors[0]["pointer"] == "/field0"
    assert errors[-1] == {"pointer": "", "detail": "그 밖에 2,980건이 더 있습니다."}


def test_of_many_bad_entries_of_a_list_the_first_are_told(desk_api: make.DeskClient) -> None:
    body = {"headline": "제목", "summary": [{}] * 3, "tags": [{}] * 20, "authors": [{}] * 20}
    answer = desk_api.client.post("/api/v1/desk/drafts/", body, format="json")
    errors = answer.json()["errors"]
    assert (answer.status_code, len(errors)) == (400, 21)
    assert "더 있습니다" in errors[-1]["detail"]


def test_json_of_too_many_values_is_refused(desk_api: make.DeskClient) -> None:
    body = json.dumps({f"k{number}": 1 for number in range(100_000)})
    answer = desk_api.client.post(
        "/api/v1/desk/drafts/",
        body,
        content_type="application/json",
        headers={"Accept-Language": "en"},
    )
    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)
    assert answer.json()["detail"] == "This JSON holds more than 10000 values."
    assert len(answer.content) < 1_000


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<ul><li>" * 3_000, "nested more than 64 deep"),
        ("<ul><li>" * 15_000, "more markup than a story can have"),
        ("<div>" * 65 + "<p>문장</p>", "nested more than 64 deep"),
        ("<b>문</b>" * 12_000, "more markup than a story can have"),
        ("&" * 30_000, "more markup than a story can have"),
    ],
)
def test_markup_that_takes_long_to_clean_is_refused_in_words(
    desk_api: make.DeskClient, body: str, words: str
) -> None:
    answer = desk_api.client.post(
        "/api/v1/desk/drafts/",
        {"headline": "제목", "body_html": body},
        format="json",
        headers={"Accept-Language": "en"},
    )
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert error["pointer"] == "/body_html"
    assert words in error["detail"]


@pytest.mark.parametrize(
    "body",
    [
        "<ul>" + "<li>하나" * 3_000 + "</ul>",  # end tags may be left out
        "<p>문장" * 3_000,
        "<ul><li>" * 30 + "깊이" + "</li></ul>" * 30,
        "<p>가<br>나<img>다</p>" * 1_500,
    ],
)
def test_a_long_list_is_no_deep_one(desk_api: make.DeskClient, body: str) -> None:
    answer = desk_api.client.post(
        "/api/v1/desk/drafts/", {"headline": "제목", "body_html": body}, format="json"
    )
    assert answer.status_code == 201, answer.content[:300]


def test_no_road_leads_around_the_bounds_of_markup(ben: User) -> None:
    with pytest.raises(TooMuchMarkup):
        start_draft(by=ben, headline="제목", body="<ul><li>" * 15_000)
