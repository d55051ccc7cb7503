"""Logging: JSON and text lines, redaction, and one request id through a request and its tasks."""

import json
import logging
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory

from accounts.models import User
from newsroom.observability import request_metrics
from newsroom.observability.logging import JSONFormatter, TextFormatter, choose_log_format
from newsroom.observability.redaction import redact
from newsroom.observability.tracing import Trace, current_trace, request_id_of
from tests.support import make
from tests.support.loopback.processes import wait_until
from tests.support.observability.project import ObservedNewsroom, observed_newsroom
from tests.support.observability.urls import PERSONAL_ADDRESS, UNPUBLISHED_TEXT

PROXY = "198.51.100.7"


def record(message: str, *args: Any, **more: Any) -> logging.LogRecord:
    data = logging.LogRecord("desk", logging.INFO, __file__, 1, message, args, None)
    data.__dict__.update(more)
    return data


def line(message: str, *args: Any, **more: Any) -> dict[str, Any]:
    text = JSONFormatter().format(record(message, *args, **more))
    assert "\n" not in text
    text.encode()
    data: dict[str, Any] = json.loads(text)
    return data


# -- What a line says ------------------------------------------------------------------------------


def test_json_line_is_one_document_whatever_the_message() -> None:
    assert line("%s줄\n둘째 줄 \ud800 \x00", 1)["message"].startswith("1줄\n둘째 줄")
    assert set(line("말")) == {"time", "level", "logger", "message"}
    assert line("말")["time"].endswith("+00:00")


def test_json_line_has_its_own_fields_and_no_attributes_of_libraries() -> None:
    data = line("말", fields={"status": 200}, request="<WSGIRequest>", email="ada@example.com")
    assert data["status"] == 200
    assert not {"request", "email"} & set(data)


def test_exception_is_logged_as_data_with_its_cause_and_without_values() -> None:
    story = "아무도 모르는 이야기"
    try:
        try:
            dict[int, str]()[len(story)]
        except KeyError as missing:
            raise ValueError("편지를 ada@example.com 에게") from missing
    except ValueError:
        data = line("broken", exc_info=sys.exc_info())
    request_lines = data["exception"]
    assert request_lines["type"] == "builtins.ValueError"
    assert (
        request_lines["frames"][-1]["in"]
        == "test_exception_is_logged_as_data_with_its_cause_and_without_values"
    )
    assert request_lines["because_of"]["type"] == "builtins.KeyError"
    assert "ada@" not in json.dumps(data)
    assert story not in json.dumps(data, ensure_ascii=False)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("mail to ada.lovelace+x@example.com failed", "lovelace"),
        ("Authorization: Bearer abcdefgh12345678", "abcdefgh"),
        ("sent {'Cookie': 'sessionid=abc123; a=b'}", "abc123"),
        ("with bearer abcdefgh12345678 in hand", "abcdefgh"),
        ("at redis://newsroom:hunter22@db.example.com:6379/0", "hunter22"),
        ("GET https://hooks.example.com/in?key=abc123&x=1", "abc123"),
        ("duplicate key\nDETAIL:  Key (name)=(김독자) already exists.", "김독자"),
        (
            "new row violates check\nDETAIL:  Failing row contains (1, 비밀 기사).\nCONTEXT: x",
            "비밀",
        ),
        ("Not Found: /desk/preview/Zm9vYmFy/photos/", "Zm9vYmFy"),
        ("at /account/verify/MTIzNDU2/", "MTIzNDU2"),
        ('{"password": "hunter22"}', "hunter22"),
    ],
)
def test_secrets_and_personal_data_are_redacted(text: str, secret: str) -> None:
    assert secret in text
    for formatter in (JSONFormatter(), TextFormatter()):
        assert secret not in formatter.format(record("%s", text))


def test_text_without_secrets_is_not_redacted() -> None:
    for text in (
        "기사 12의 판 3이 나갔습니다.",
        "Releases [3, 5] were not published",
        "18:00 due?",
    ):
        assert redact(text) == text


def test_django_error_is_logged_with_the_route_name_not_the_url() -> None:
    request = SimpleNamespace(resolver_match=SimpleNamespace(view_name="preview-page"))
    broken = record("%s: %s", "Internal Server Error", "/x/KEY123/", request=request)
    broken.name = "django.request"
    for formatter in (JSONFormatter(), TextFormatter()):
        assert "KEY123" not in formatter.format(broken)
        assert "Internal Server Error: preview-page" in formatter.format(broken)


def test_log_format_is_text_on_a_terminal_and_json_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for is_terminal, form in ((True, "text"), (False, "json")):
        monkeypatch.setattr(sys, "stderr", SimpleNamespace(isatty=lambda: is_terminal))  # noqa: B023
        assert choose_log_format("") == form
        assert choose_log_format("json") == "json"
        assert choose_log_format("text") == "text"
    with pytest.raises(ImproperlyConfigured):
        choose_log_format("xml")


# -- The id of a request -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_cacheable_response_has_no_request_id(client: Client, settings: Any) -> None:
    settings.RESPONSE_CACHE_SECONDS = 0.5
    address = f"/api/v1/articles/{make.live().slug}/"
    first, second = client.get(address), client.get(address)
    assert "X-Request-ID" not in first
    assert dict(first.headers) == dict(second.headers)


@pytest.mark.django_db
def test_other_responses_have_a_request_id_each(client: Client) -> None:
    ids = [client.get(path)["X-Request-ID"] for path in ("/nowhere", "/nowhere", "/health/live")]
    assert len(set(ids)) == 3
    assert all(len(data) == 32 for data in ids)


@pytest.mark.parametrize(
    ("proxies", "forwarded_for", "request_id", "accepted"),
    [
        (1, PROXY, "edge-5f1e22aa", True),
        (2, f"203.0.113.9, {PROXY}", "edge-5f1e22aa", True),
        (0, PROXY, "edge-5f1e22aa", False),  # nobody's word
        (1, "", "edge-5f1e22aa", False),  # not by our proxy
        (2, PROXY, "edge-5f1e22aa", False),  # past one of them
        (1, PROXY, "short", False),
        (1, PROXY, "x" * 65, False),
        (1, PROXY, 'edge"}\n{"level', False),
        (1, PROXY, "edge 5f1e22aa", False),
    ],
)
def test_request_id_is_accepted_from_trusted_proxies_only(
    settings: Any, proxies: int, forwarded_for: str, request_id: str, accepted: bool
) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"HTTP_X_FORWARDED_FOR": forwarded_for} if forwarded_for else {}
    request = RequestFactory().get("/", **headers, HTTP_X_REQUEST_ID=request_id)  # type: ignore[arg-type]  # headers of WSGI
    data = request_id_of(request)
    assert (data == request_id) == accepted
    assert accepted or len(data) == 32


def test_log_lines_have_the_request_id_and_the_user_id(ben: User) -> None:
    request = RequestFactory().get("/desk/")
    request.user = ben
    before = current_trace.set(Trace(request))
    try:
        data = line("말")
    finally:
        current_trace.reset(before)
    assert data["user_id"] == ben.pk
    assert len(data["request_id"]) == 32
    assert "request_id" not in line("말")


# -- Which requests are told of -------------------------------------------------------------------


@pytest.fixture
def request_lines(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The log lines of requests."""
    lines: list[dict[str, Any]] = []
    monkeypatch.setattr(
        logging.getLogger("newsroom.requests"),
        "handle",
        lambda data: lines.append(json.loads(JSONFormatter().format(data))),
    )
    return lines


@pytest.mark.django_db
def test_public_read_is_not_logged(client: Client, request_lines: list[dict[str, Any]]) -> None:
    client.get(f"/api/v1/articles/{make.live().slug}/")
    client.get("/nowhere")
    assert not request_lines


def test_slow_public_read_is_logged(
    db: None, client: Client, request_lines: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_metrics, "SLOW_REQUEST_SECONDS", 0.0)
    client.get("/api/v1/articles/")
    (data,) = request_lines
    assert (data["level"], data["route"]) == ("WARNING", "article-list")


def test_desk_request_is_logged_with_route_and_user_id(
    ben: User, request_lines: list[dict[str, Any]]
) -> None:
    make.DeskClient(ben).call("GET", "drafts/?q=비밀")
    (data,) = request_lines
    assert (data["status"], data["level"]) == (200, "INFO")
    assert data["user_id"] == ben.pk
    assert "비밀" not in str(data)
    assert "@" not in str(data)


# -- Real processes ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObservedNewsroom]:
    with observed_newsroom(tmp_path_factory.mktemp("logs"), TRUSTED_PROXIES="1") as newsroom:
        yield newsroom


def test_request_id_is_passed_to_tasks_and_their_tasks(
    newsroom: ObservedNewsroom,
) -> None:
    request_id = "edge-0123456789"
    status, headers, _body = newsroom.ask(
        "/desk/watched/ask/",
        headers={"X-Request-ID": request_id, "X-Forwarded-For": "203.0.113.9"},
        method="POST",
    )
    assert (status, headers["x-request-id"]) == (202, request_id)

    def done() -> bool:
        return any(
            data["message"] == "watched.second: success" for data in newsroom.lines("worker")
        )

    wait_until(done, within=30)
    lines = [data for data in newsroom.lines("worker") if data.get("request_id") == request_id]
    assert {"first", "second"} <= {data["message"] for data in lines}
    assert {data["task"] for data in lines} == {"watched.first", "watched.second"}
    assert len({data["task_id"] for data in lines}) == 2
    assert request_id in {data["request_id"] for data in newsroom.lines("web")}


def test_log_has_the_error_and_no_secrets(newsroom: ObservedNewsroom) -> None:
    secrets = {
        "Authorization": "Bearer tok-9f8e7d6c5b4a",
        "Cookie": "sessionid=ses-1a2b3c4d5e6f",
        "X-Session-Token": "app-0f1e2d3c4b5a",
    }
    address = "/desk/watched/breaks/key-77665544/?token=que-1029384756"
    status, headers, _body = newsroom.ask(address, headers=secrets, method="POST")
    assert status == 500
    newsroom.ask("/desk/watched/ask-what-falls/", method="POST")

    def fell() -> bool:
        return any(data["message"] == "watched.falls: failure" for data in newsroom.lines("worker"))

    wait_until(fell, within=30)
    (broken,) = (data for data in newsroom.lines("web") if "exception" in data)
    assert broken["exception"]["type"] == "django.db.utils.IntegrityError"
    assert broken["request_id"] == headers["x-request-id"]
    written = "".join((newsroom.folder / f"{name}.log").read_text() for name in ("web", "worker"))
    for secret in (
        "tok-9f",
        "ses-1a",
        "app-0f",
        "key-77",
        "que-10",
        PERSONAL_ADDRESS,
        UNPUBLISHED_TEXT,
    ):
        assert secret not in written
