"""Answers of the endpoint: broken, slow, endless, compressed; and settings that cannot be used."""

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from accounts.models import User
from audit.models import Entry
from desk.checks import check_assistant
from desk.models import Suggestion
from desk.suggestions.chat_completions import AssistantTooSlow, complete
from tests.support import make
from tests.support.assistants import BODY, LINES, ask, completion
from tests.support.loopback.receivers import HTTPReceiver

pytestmark = pytest.mark.django_db

Kind, Origin, State = Suggestion.Kind, Suggestion.Origin, Suggestion.State


@pytest.mark.parametrize(
    "answer",
    [
        500,
        429,
        (302, {"Location": "http://127.0.0.1:9/"}, b""),
        (200, {}, b"no json"),
        (200, {}, b"[" * 100_000),
        (200, {}, b'{"choices": []}'),
        (200, {}, b'{"choices": [{"message": {"content": null}}]}'),
        (200, {}, b"x" * 300_000),
        completion("죄송합니다. https://example.com 에서 보세요."),
        completion([]),
    ],
    ids=["500", "429", "redirect", "text", "deep", "no choice", "null", "large", "address", "none"],
)
def test_a_broken_answer_is_tried_twice_and_then_told(
    ada: User, assistant: HTTPReceiver, answer: Any
) -> None:
    assistant.answer = answer
    row = ask(make.draft(by=ada, body=BODY), ada)
    assert (row.state, row.lines, row.attempts) == (State.FAILED, [], 2)
    assert "다시 해 보거나" in row.reason
    assert len(assistant.got) == 2
    assert Entry.objects.filter(verb="suggestion_failed").count() == 1


@pytest.mark.parametrize("model", ["a\0", "\ud800", "가" * 300, ["list"], {"a": 1}, None, 3.5])
def test_any_name_of_a_model_can_be_stored(
    ada: User, assistant: HTTPReceiver, model: object
) -> None:
    assistant.answer = completion(LINES, model=model)
    row = ask(make.draft(by=ada, body=BODY), ada)
    assert (row.state, row.lines) == (State.READY, LINES)
    assert row.model in {"a", "virtual", "가" * 100}


def test_characters_that_cannot_be_stored_are_left_out_of_lines(
    ada: User, assistant: HTTPReceiver
) -> None:
    assistant.answer = completion(["줄\0 하나\ud800"])
    assert ask(make.draft(by=ada, body=BODY), ada).lines == ["줄 하나"]


def test_nobody_listening_is_told_as_well(
    ada: User, assistant: HTTPReceiver, settings: Any
) -> None:
    settings.ASSISTANT_URL = "http://127.0.0.1:9/v1"
    assert ask(make.draft(by=ada, body=BODY), ada).state == State.FAILED


def test_a_slow_assistant_is_given_up(ada: User, assistant: HTTPReceiver, settings: Any) -> None:
    settings.ASSISTANT_TIMEOUT_SECONDS = 0.2

    def answer_late(_got: Any) -> int:
        time.sleep(1)
        return 200

    assistant.answer = answer_late
    row = ask(make.draft(by=ada, body=BODY), ada)
    assert row.state == State.FAILED
    assert "제시간" in row.reason


@contextmanager
def drip(bytes_before: bytes) -> Iterator[str]:
    """Address of a server that sends these bytes, and then one byte at a time, for ever."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _address = server.accept()
                    with connection, suppress(OSError):
                        connection.sendall(bytes_before)
                        while True:
                            connection.sendall(b"x")
                            time.sleep(0.02)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"


@pytest.mark.parametrize(
    "bytes_before",
    [b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 200 OK\r\n\r\n"],
    ids=["headers", "body"],
)
def test_an_answer_that_comes_byte_by_byte_is_given_up(settings: Any, bytes_before: bytes) -> None:
    settings.ASSISTANT_TIMEOUT_SECONDS = 0.3
    with drip(bytes_before) as settings.ASSISTANT_URL, pytest.raises(AssistantTooSlow):
        complete([])


def test_a_compressed_answer_is_refused(ada: User, assistant: HTTPReceiver) -> None:
    status, _headers, body = completion(LINES)
    assistant.answer = (status, {"Content-Encoding": "gzip"}, gzip.compress(body))
    assert ask(make.draft(by=ada, body=BODY), ada).state == State.FAILED
    assert assistant.got[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("name", "value", "is_refused"),
    [
        ("URL", "ftp://127.0.0.1/v1", True),
        ("URL", "127.0.0.1:8080/v1", True),
        ("URL", "http://127.0.0.1:99999/v1", True),
        ("URL", "http:// a/v1", True),
        ("URL", "https://[::1/v1", True),
        ("KEY", "비밀", True),
        ("KEY", "a\nb", True),
        ("TIMEOUT_SECONDS", 0.0, True),
        ("TIMEOUT_SECONDS", -1.0, True),
        ("TIMEOUT_SECONDS", float("nan"), True),
        ("TIMEOUT_SECONDS", float("inf"), True),
        ("URL", "https://assistant.example:8443/v1", False),
        ("KEY", "sk-1_A.b", False),
    ],
)
def test_unusable_settings_are_refused(
    settings: Any, name: str, value: Any, is_refused: bool
) -> None:
    setattr(settings, f"ASSISTANT_{name}", value)
    assert bool(check_assistant(None)) is is_refused
