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
from tests.support.observability_project import ObservedNewsroom, observed_newsroom
from tests.support.observability_urls import PERSONAL_ADDRESS, UNPUBLISHED_TEXT
from tests.support.processes import wait_until

PROXY = "198.51.100.7"


def record(message: str, *args: Any, **more: Any) -> logging.LogRecord:
    found = logging.LogRecord("desk", logging.INFO, __file__, 1, message, args, None)
    found.__dict__.update(more)
    return found


def line(message: str, *args: Any, **more: Any) -> dict[str, Any]:
    text = JSONFormatter().format(record(message, *args, **more))
    assert "\n" not in text
    text.encode()
    found: dict[str, Any] = json.loads(text)
    return found


# -- What a line says ------------------------------------------------------------------------------


def test_json_line_is_one_document_whatever_the_message() -> None:
    assert line("%s줄\n둘째 줄 \ud800 \x00", 1)["message"].startswith("1줄\n둘째 줄")
    assert set(line("말")) == {"time", "level", "logger", "message"}
    assert line("말")["time"].endswith("+00:00")


def test_json_line_has_its_own_fields_and_no_attributes_of_libraries() -> None:
    found = line("말", fields={"status": 200}, request="<WSGIRequest>", email="ada@example.com")
    assert found["status"] == 200
    assert not {"request", "email"} & set(found)


def test_exception_is_logged_as_data_with_its_cause_and_without_values() -> None:
    story = "아무도 모르는 이야기"
    try:
        try:
            dict[int, str]()[len(story)]
        except KeyError as missing:
            raise ValueError("편지를 ada@example.com 에게") from missing
    except ValueError:
        found = line("broken", exc_info=sys.exc_info())
    told = found["exception"]
    assert told["type"] == "builtins.ValueError"
    assert (
        told["frames"][-1]["in"]
        == "test_exception_is_logged_as_data_with_its_cause_and_without_values"
    )
    assert told["because_of"]["type"] == "builtins.KeyError"
    assert "ada@" not in json.dumps(found)
    assert story not in json.dumps(found, ensure_ascii=False)


@pytest.mark.parametrize(
    ("said", "secret"),
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
def test_secrets_and_personal_data_are_redacted(said: str, secret: str) -> None:
    assert secret in said
    for formatter in (JSONFormatter(), TextFormatter()):
        assert secret not in formatter.format(record("%s", said))


def test_text_without_secrets_is_not_redacted() -> None:
    for said in (
        "기사 12의 판 3이 나갔습니다.",
        "Releases [3, 5] were not published",
        "18:00 due?",
    ):
        assert redact(said) == said


def test_django_error_is_logged_with_the_route_name_not_the_url() -> None:
    asked = SimpleNamespace(resolver_match=SimpleNamespace(view_name="preview-page"))
    broken = record("%s: %s", "Internal Server Error", "/x/KEY123/", request=asked)
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
    assert all(len(found) == 32 for found in ids)


@pytest.mark.parametrize(
    ("proxies", "came_by", "given", "taken"),
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
    settings: Any, proxies: int, came_by: str, given: str, taken: bool
) -> None:
    settings.TRUSTED_PROXIES = proxies
    named = {"HTTP_X_FORWARDED_FOR": came_by} if came_by else {}
    request = RequestFactory().get("/", **named, HTTP_X_REQUEST_ID=given)  # type: ignore[arg-type]  # headers of WSGI
    found = request_id_of(request)
    assert (found == given) == taken
    assert taken or len(found) == 32


def test_log_lines_have_the_request_id_and_the_user_id(ben: User) -> None:
    request = RequestFactory().get("/desk/")
    request.user = ben
    before = current_trace.set(Trace(request))
    try:
        found = line("말")
    finally:
        current_trace.reset(before)
    assert found["user_id"] == ben.pk
    assert len(found["request_id"]) == 32
    assert "request_id" not in line("말")


# -- Which requests are told of -------------------------------------------------------------------


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The lines that requests leave in the log."""
    lines: list[dict[str, Any]] = []
    monkeypatch.setattr(
        logging.getLogger("newsroom.requests"),
        "handle",
        lambda found: lines.append(json.loads(JSONFormatter().format(found))),
    )
    return lines


@pytest.mark.django_db
def test_public_read_is_not_logged(client: Client, told: list[dict[str, Any]]) -> None:
    client.get(f"/api/v1/articles/{make.live().slug}/")
    client.get("/nowhere")
    assert not told


def test_slow_public_read_is_logged(
    db: None, client: Client, told: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_metrics, "SLOW_REQUEST_SECONDS", 0.0)
    client.get("/api/v1/articles/")
    (found,) = told
    assert (found["level"], found["route"]) == ("WARNING", "article-list")


def test_desk_request_is_logged_with_route_and_user_id(
    ben: User, told: list[dict[str, Any]]
) -> None:
    make.DeskClient(ben).call("GET", "drafts/?q=비밀")
    (found,) = told
    assert (found["status"], found["level"]) == (200, "INFO")
    assert found["user_id"] == ben.pk
    assert "비밀" not in str(found)
    assert "@" not in str(found)


# -- Real processes ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObservedNewsroom]:
    with observed_newsroom(tmp_path_factory.mktemp("logs"), TRUSTED_PROXIES="1") as house:
        yield house


def test_request_id_is_passed_to_tasks_and_their_tasks(
    house: ObservedNewsroom,
) -> None:
    given = "edge-0123456789"
    status, headers, _body = house.ask(
        "/desk/watched/ask/",
        headers={"X-Request-ID": given, "X-Forwarded-For": "203.0.113.9"},
        method="POST",
    )
    assert (status, headers["x-request-id"]) == (202, given)

    def done() -> bool:
        return any(found["message"] == "watched.second: success" for found in house.lines("worker"))

    wait_until(done, within=30)
    lines = [found for found in house.lines("worker") if found.get("request_id") == given]
    assert {"first", "second"} <= {found["message"] for found in lines}
    assert {found["task"] for found in lines} == {"watched.first", "watched.second"}
    assert len({found["task_id"] for found in lines}) == 2
    assert given in {found["request_id"] for found in house.lines("web")}


def test_log_has_the_error_and_no_secrets(house: ObservedNewsroom) -> None:
    secrets = {
        "Authorization": "Bearer tok-9f8e7d6c5b4a",
        "Cookie": "sessionid=ses-1a2b3c4d5e6f",
        "X-Session-Token": "app-0f1e2d3c4b5a",
    }
    address = "/desk/watched/breaks/key-77665544/?token=que-1029384756"
    status, headers, _body = house.ask(address, headers=secrets, method="POST")
    assert status == 500
    house.ask("/desk/watched/ask-what-falls/", method="POST")

    def fell() -> bool:
        return any(found["message"] == "watched.falls: failure" for found in house.lines("worker"))

    wait_until(fell, within=30)
    (broken,) = (found for found in house.lines("web") if "exception" in found)
    assert broken["exception"]["type"] == "django.db.utils.IntegrityError"
    assert broken["request_id"] == headers["x-request-id"]
    written = "".join((house.folder / f"{name}.log").read_text() for name in ("web", "worker"))
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
