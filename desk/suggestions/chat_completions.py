"""Client of an OpenAI-compatible endpoint, `POST {ASSISTANT_URL}/chat/completions`.

Off without ASSISTANT_URL. The address is the operator's: it may be a server of the own network, so no guard
against private addresses applies; it follows no redirect and no proxy of the environment.
"""

import json
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Self

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from newsroom.errors import Refused
from newsroom.text.normalization import normalize_line

MAX_RESPONSE_BYTES = 256 * 1024
TEMPERATURE = 0.2
MAX_TOKENS = 800
MAX_MODEL_CHARS = 100  # as desk.models.Suggestion.model
# Events of httpcore with a connection as their value.
CONNECTED = frozenset({"connection.connect_tcp.complete", "connection.start_tls.complete"})


class AssistantFailed(Refused):
    """The endpoint gave no usable answer; `reason` is for the log, the sentence for the desk."""

    code = "assistant_failed"
    status = 502
    sentence = _("The assistant gave no usable answer. Try again, or write the lines yourself.")

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class AssistantTooSlow(AssistantFailed):
    code = "assistant_too_slow"
    status = 504
    sentence = _("The assistant did not answer in time. Try again, or write the lines yourself.")


@dataclass(frozen=True)
class Answer:
    """The text of an answer, and the model that the endpoint says it came from."""

    text: str
    model: str


def is_configured() -> bool:
    return bool(settings.ASSISTANT_URL)


def complete(messages: list[dict[str, str]]) -> Answer:
    """The endpoint's answer within ASSISTANT_TIMEOUT_SECONDS, all in all.

    Raises AssistantTooSlow, and AssistantFailed for refused connections, statuses other than 200, answers
    that are too large or compressed, and answers in another form.
    """
    # Imported here: 0.1 s of the start of every process, for what one task needs.
    httpx: Any = import_module("httpx")
    seconds = settings.ASSISTANT_TIMEOUT_SECONDS
    request = {
        "model": settings.ASSISTANT_MODEL,
        "messages": messages,
        "temperature": TEMPERATURE,
        "max_tokens": MAX_TOKENS,
        "stream": False,
    }
    with Deadline(seconds) as deadline:
        try:
            with (
                httpx.Client(timeout=seconds, follow_redirects=False, trust_env=False) as client,
                client.stream(
                    "POST",
                    f"{settings.ASSISTANT_URL.rstrip('/')}/chat/completions",
                    json=request,
                    headers=request_headers(),
                    extensions={"trace": deadline.watch},
                ) as response,
            ):
                body = read_body(response)
        except httpx.TimeoutException as error:
            raise AssistantTooSlow(type(error).__name__) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            failure = AssistantTooSlow if deadline.is_over else AssistantFailed
            raise failure(f"{type(error).__name__}: {error}") from error
        if deadline.is_over:  # a body without a length ends where the connection does
            raise AssistantTooSlow("answer not finished")
    return read_answer(body)


class Deadline:
    """Ends the connection that it watches after so many seconds.

    httpx limits the time between two reads only: headers and bodies that come byte by byte would never end.
    """

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self.socket: socket.socket | None = None
        self.timer = threading.Timer(seconds, self.end)
        self.timer.daemon = True

    def __enter__(self) -> Self:
        self.timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.timer.cancel()

    def watch(self, event: str, info: dict[str, Any]) -> None:
        """Take note of the connection: a `trace` extension of httpcore."""
        if event in CONNECTED:
            self.socket = info["return_value"].get_extra_info("socket")
            if self.is_over:
                self.end()

    def end(self) -> None:
        self.is_over = True
        if self.socket is not None:
            with suppress(OSError):  # closed meanwhile
                # Not the method of a TLS socket, which would not be safe while another thread reads.
                socket.socket.shutdown(self.socket, socket.SHUT_RDWR)


def request_headers() -> dict[str, str]:
    """An answer is wanted as it is: a small compressed one could be of any size."""
    headers = {"Accept-Encoding": "identity"}
    if settings.ASSISTANT_KEY:
        headers["Authorization"] = f"Bearer {settings.ASSISTANT_KEY}"
    return headers


def read_body(response: Any) -> bytes:
    """The body of a successful answer. Raises AssistantFailed where it is compressed or too large."""
    if response.status_code != 200:
        raise AssistantFailed(f"status {response.status_code}")
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise AssistantFailed("answer compressed")
    body = bytearray()
    for part in response.iter_raw():
        body += part
        if len(body) > MAX_RESPONSE_BYTES:
            raise AssistantFailed("answer too large")
    return bytes(body)


def read_answer(body: bytes) -> Answer:
    """The first choice of a chat completion. Raises AssistantFailed for any other form."""
    try:
        data = json.loads(body)
        text, model = data["choices"][0]["message"]["content"], data.get("model")
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError) as error:
        raise AssistantFailed(f"no chat completion: {type(error).__name__}") from error
    if not isinstance(text, str):
        raise AssistantFailed("content is no text")
    name = normalize_line(model) if isinstance(model, str) else ""
    return Answer(text, (name or settings.ASSISTANT_MODEL)[:MAX_MODEL_CHARS])
