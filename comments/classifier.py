"""Client of an outside classifier of comments (COMMENT_CLASSIFIER_URL): one text, one verdict.

POST of JSON `{"id": "…", "text": "…"}`; the answer is 200 with JSON `{"verdict": "allow" | "hold", "label":
"…"}`. Everything else is no answer, such as a name that stands twice or the id of another text. Calls go
through the SSRF guard of the outbox, with one deadline.
"""

import http.client
import json
import time
from dataclasses import dataclass
from typing import Any

from outbox.downloads import Download, DownloadClient, DownloadTooLarge
from outbox.errors import ForbiddenAddress
from outbox.http_client import OutboundRequest

MAX_ANSWER_BYTES = 16 * 1024
MAX_LABEL_CHARS = 60
HTTP_OK = 200


class NoVerdict(Exception):
    """The classifier gave no verdict; the message is for the log, without the comment's text."""


@dataclass(frozen=True)
class ClassifierAnswer:
    """Whether a text may be shown, and what the classifier calls it."""

    is_allowed: bool
    label: str = ""


def classify_text(
    text: str, *, number: int, url: str, key: str, timeout_seconds: float
) -> ClassifierAnswer:
    """The verdict on a text within so many seconds. Raises NoVerdict."""
    body = json.dumps({"id": str(number), "text": text}, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    request = OutboundRequest(url, headers=headers, body=body)
    try:
        with DownloadClient(max_bytes=MAX_ANSWER_BYTES) as client:
            response = client.call(request, deadline=time.monotonic() + timeout_seconds)
    except (ForbiddenAddress, DownloadTooLarge, OSError, http.client.HTTPException) as error:
        raise NoVerdict(type(error).__name__) from error
    if response.status != HTTP_OK:
        raise NoVerdict(f"HTTP {response.status}")
    return parse_answer(response.body if isinstance(response, Download) else b"", number=number)


def parse_answer(body: bytes, *, number: int) -> ClassifierAnswer:
    """The verdict on this text in an answer. Raises NoVerdict for whatever is not one."""
    try:
        answer = json.loads(body, object_pairs_hook=unique_members)
    except (ValueError, RecursionError) as error:
        raise NoVerdict("no JSON") from error
    verdict = answer.get("verdict") if isinstance(answer, dict) else None
    if verdict not in ("allow", "hold"):
        raise NoVerdict("no verdict")
    if answer.get("id", str(number)) not in (number, str(number)):
        raise NoVerdict("the id of another text")
    label = answer.get("label")
    return ClassifierAnswer(
        verdict == "allow", label[:MAX_LABEL_CHARS] if isinstance(label, str) else ""
    )


def unique_members(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """The members of a JSON object. Raises ValueError where a name stands twice: which one counts?"""
    unique = dict(members)
    if len(unique) < len(members):
        raise ValueError("a name stands twice")
    return unique
