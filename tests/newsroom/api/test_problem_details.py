"""Problem documents (RFC 9457): every error of the API, of middleware and of error handlers is one."""

import re
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db


def check_problem(response: Any, status: int, code: str | None = None) -> dict[str, Any]:
    assert response.status_code == status, response.content[:300]
    assert response["Content-Type"] == "application/problem+json"
    assert "no-store" in response["Cache-Control"]
    body: dict[str, Any] = response.json()
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
def test_404_is_a_problem_document(client: Client, path: str) -> None:
    check_problem(client.get(path), 404, "not_found")


def test_405_is_a_problem_document(client: Client) -> None:
    response = client.post("/api/v1/articles/", {}, content_type="application/json")
    check_problem(response, 405)
    assert "GET" in response["Allow"]


def test_detail_is_in_the_client_s_language_korean_by_default(client: Client) -> None:
    path = "/api/v1/articles/none-such/"
    assert client.get(path)["Content-Language"] == "ko"
    english = client.get(path, headers={"Accept-Language": "en"})
    assert english["Content-Language"] == "en"
    assert english.json()["detail"] == "There is nothing at this address."


def test_language_of_a_request_does_not_leak_into_the_next(client: Client) -> None:
    client.get("/admin/login/", headers={"Accept-Language": "en"})
    assert client.get("/api/v1/articles/none-such/")["Content-Language"] == "ko"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", "application/json"),
        (b"[" * 4_000, "application/json"),
        (b'{"side": "\\ud800"}', "application/json"),
        (b'{"side": "a\\u0000"}', "application/json"),
        (b'{"side": NaN}', "application/json"),
        (b'{"side": "pro", "side": "con"}', "application/json"),
        (b'{"side": "pro", "\\u0073ide": "pro"}', "application/json"),
        (b'{"side": "pro", "proof": [{"a": 1, "a": 1}]}', "application/json"),
        (b'{"side": 1' + b"0" * 4000 + b"}", "application/json"),
        (b'\xff\xfe{"side"', "application/json"),
        (b'"pro"', "application/json"),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b"", "application/json"),
    ],
)
def test_malformed_body_is_400(client: Client, body: bytes, content_type: str) -> None:
    check_problem(client.put("/api/v1/polls/1/vote/", body, content_type=content_type), 400)


@pytest.mark.parametrize("path", ["/api/v1/polls/1/vote/", "/_allauth/app/v1/auth/signup"])
@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"pro"', b'\xff{"side"', b'{"side": NaN}']
)
def test_refusal_of_a_body_is_a_korean_sentence(client: Client, path: str, body: bytes) -> None:
    ask = client.put if "polls" in path else client.post
    response = ask(path, body, content_type="application/json")
    assert response.status_code == 400
    document = response.json()
    sentences = [error.get("detail") or error["message"] for error in document.get("errors", [])]
    for sentence in [*sentences, document.get("detail", "없음")]:
        assert re.search("[가-힣]", sentence)
        assert not re.findall("[A-Za-z]{3,}", re.sub("JSON|null|list|str", "", sentence))


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"{", "읽을 수 없는 JSON입니다: 1번째 줄 2번째 글자."),
        (b"\xff", "읽을 수 없는 JSON입니다."),
        (b"[]", "JSON 객체여야 합니다. 받은 것: list"),
        (b"{}", "꼭 있어야 하는 항목입니다."),
        (b'{"side": null}', "이 항목에 null은 쓸 수 없습니다."),
        (b'{"side": "both"}', "고를 수 없는 값입니다: “both”"),
    ],
)
def test_malformed_body_is_refused_in_plain_korean(
    client: Client, body: bytes, sentence: str
) -> None:
    answer = client.put("/api/v1/polls/1/vote/", body, content_type="application/json")
    problem = check_problem(answer, 400)
    assert sentence in {problem["detail"], *(one["detail"] for one in problem.get("errors", ()))}


def test_unsupported_media_type_is_415(client: Client) -> None:
    response = client.put("/api/v1/polls/1/vote/", b"side=pro", content_type="text/plain")
    check_problem(response, 415)


def test_too_large_body_is_413(client: Client) -> None:
    body = b'{"side": "' + b"a" * 3_000_000 + b'"}'
    response = client.put("/api/v1/polls/1/vote/", body, content_type="application/json")
    check_problem(response, 413, "too_large")


def test_csrf_failure_is_a_problem_document_in_the_api_and_a_page_in_the_admin() -> None:
    strict = Client(enforce_csrf_checks=True)
    login_url = "/_allauth/browser/v1/auth/login"
    check_problem(strict.post(login_url, {}, content_type="application/json"), 403, "csrf")
    assert strict.post("/admin/login/")["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*", "nonsense"])
def test_api_responds_with_json_whatever_the_accept_header(api: APIClient, accept: str) -> None:
    response = api.get("/api/v1/articles/", headers={"Accept": accept})
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json; charset=utf-8"


def test_unknown_host_is_400(client: Client) -> None:
    response = client.get("/api/v1/articles/", headers={"Host": "evil.example"})
    check_problem(response, 400)


def test_forwarded_host_is_ignored_without_trusted_proxies(client: Client) -> None:
    response = client.get("/api/v1/articles/", headers={"X-Forwarded-Host": "evil.example"})
    assert b"evil" not in response.content
