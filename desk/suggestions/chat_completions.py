"""Client of an OpenAI-compatible endpoint, `POST {ASSISTANT_URL}/chat/completions`.

Off without ASSISTANT_URL. The address is the operator's: it may be a server of the own network, so no guard
against private addresses applies; it follows no redirect and no proxy of the environment.
"""

import json
import time
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from newsroom.errors import Refused

MAX_RESPONSE_BYTES = 256 * 1024
TEMPERATURE = 0.2
MAX_TOKENS = 800


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
    that are too large, and answers in another form.
    """
    # Imported here: 0.1 s of the start of every process, for what one task needs.
    httpx: Any = import_module("httpx")
    deadline = time.monotonic() + settings.ASSISTANT_TIMEOUT_SECONDS
    request = {
        "model": settings.ASSISTANT_MODEL,
        "messages": messages,
        "temperature": TEMPERATURE,
        "max_tokens": MAX_TOKENS,
        "stream": False,
    }
    headers = (
        {"Authorization": f"Bearer {settings.ASSISTANT_KEY}"} if settings.ASSISTANT_KEY else {}
    )
    try:
        with (
            httpx.Client(
                timeout=settings.ASSISTANT_TIMEOUT_SECONDS, follow_redirects=False, trust_env=False
            ) as client,
            client.stream(
                "POST",
                f"{settings.ASSISTANT_URL.rstrip('/')}/chat/completions",
                json=request,
                headers=headers,
            ) as response,
        ):
            if response.status_code != 200:
                raise AssistantFailed(f"status {response.status_code}")
            return read_answer(read_body(response, deadline=deadline))
    except httpx.TimeoutException as error:
        raise AssistantTooSlow(type(error).__name__) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise AssistantFailed(f"{type(error).__name__}: {error}") from error


def read_body(response: Any, *, deadline: float) -> bytes:
    """The body, unless it is too large or late: httpx limits the time between two reads only."""
    body = bytearray()
    for part in response.iter_bytes():
        body += part
        if len(body) > MAX_RESPONSE_BYTES:
            raise AssistantFailed("answer too large")
        if time.monotonic() > deadline:
            raise AssistantTooSlow("answer not finished")
    return bytes(body)


def read_answer(body: bytes) -> Answer:
    """The first choice of a chat completion. Raises AssistantFailed for any other form."""
    try:
        data = json.loads(body)
        text = data["choices"][0]["message"]["content"]
        model = data.get("model") or settings.ASSISTANT_MODEL
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError) as error:
        raise AssistantFailed(f"no chat completion: {type(error).__name__}") from error
    if not isinstance(text, str):
        raise AssistantFailed("content is no text")
    return Answer(text, str(model)[:100])
