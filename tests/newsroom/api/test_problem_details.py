"""Every error is a problem document, whoever found it."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db


def check_problem(answer: Any, status: int, code: str | None = None) -> dict[str, Any]:
    assert answer.status_code == status, answer.content[:300]
    assert answer["Content-Type"] == "application/problem+json"
    assert "no-store" in answer["Cache-Control"]
    body: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "code"} <= set(body)
    assert body["status"] == status
    assert code in {None, body["code"]}
    return body


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/none-such/",
        "/api/v1/articles/none-such/",
        "/api/v1/polls/99999999999999999999/",
        "/api/v1/articles/a%00b/",  # PostgreSQL cannot be asked for NUL
        "/api/v1/articles/%00/editions/",
        "/api/v1/authors/%00/",
    ],
)
def test_what_does_not_exist_is_a_problem(client: Client, path: str) -> None:
    check_problem(client.get(path), 404, "not_found")


def test_a_wrong_method_is_a_problem(client: Client) -> None:
    answer = client.post("/api/v1/articles/", {}, content_type="application/json")
    check_problem(answer, 405)
    assert "GET" in answer["Allow"]


def test_the_sentence_follows_the_reader_and_is_korean_first(client: Client) -> None:
    path = "/api/v1/articles/none-such/"
    assert client.get(path)["Content-Language"] == "ko"
    english = client.get(path, headers={"Accept-Language": "en"})
    assert english["Content-Language"] == "en"
    assert english.json()["detail"] == "There is nothing at this address."


def test_one_persons_language_does_not_stay_for_the_next(client: Client) -> None:
    client.get("/admin/login/", headers={"Accept-Language": "en"})
    assert client.get("/api/v1/articles/none-such/")["Content-Language"] == "ko"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"[" * 4_000, "application/json"),
        (b'{"side": "\\ud800"}', "application/json"),
        (b'{"side": "a\\u0000"}', "application/json"),
        (b'{"side": NaN}', "application/json"),
        (b'{"side": 1' + b"0" * 4000 + b"}", "application/json"),
        (b'\xff\xfe{"side"', "application/json"),
        (b'"pro"', "application/json"),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b"", "application/json"),
    ],
)
def test_a_broken_body_is_refused_in_words(client: Client, body: bytes, kind: str) -> None:
    check_problem(client.put("/api/v1/polls/1/vote/", body, content_type=kind), 400)


def test_another_kind_of_body_is_refused(client: Client) -> None:
    answer = client.put("/api/v1/polls/1/vote/", b"side=pro", content_type="text/plain")
    check_problem(answer, 415)


def test_a_huge_body_is_refused(client: Client) -> None:
    body = b'{"side": "' + b"a" * 3_000_000 + b'"}'
    answer = client.put("/api/v1/polls/1/vote/", body, content_type="application/json")
    check_problem(answer, 413, "too_large")


def test_a_form_without_its_token_is_a_problem_for_a_program_and_a_page_for_a_person() -> None:
    strict = Client(enforce_csrf_checks=True)
    door = "/_allauth/browser/v1/auth/login"
    check_problem(strict.post(door, {}, content_type="application/json"), 403, "csrf")
    assert strict.post("/admin/login/")["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*", "nonsense"])
def test_the_api_answers_json_whatever_is_accepted(api: APIClient, accept: str) -> None:
    answer = api.get("/api/v1/articles/", headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json; charset=utf-8"


def test_a_foreign_host_is_refused(client: Client) -> None:
    answer = client.get("/api/v1/articles/", headers={"Host": "evil.example"})
    check_problem(answer, 400)


def test_forwarded_headers_are_nobodys_word(client: Client) -> None:
    answer = client.get("/api/v1/articles/", headers={"X-Forwarded-Host": "evil.example"})
    assert b"evil" not in answer.content
