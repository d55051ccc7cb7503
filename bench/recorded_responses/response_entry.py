"""Recording as JSON, and its entries: request, status, headers and body, without what is random."""

import contextlib
import hashlib
import io
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from PIL import Image, UnidentifiedImageError

ResponseEntry = dict[str, Any]

UNRECORDED_HEADERS = {"date", "x-request-id", "traceparent", "server-timing", "content-length"}
RANDOM_VALUES = [
    (re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*'), r"\1CSRF"),
    (re.compile(r"(nonce[-=]\"?)[A-Za-z0-9+/_=-]{16,}"), r"\1NONCE"),
    (re.compile(r'("(?:request_id|trace_id)": ?")[^"]*'), r"\1ID"),
]


def recording_json(responses: list[ResponseEntry]) -> str:
    """The recording of these responses, with the number of requests and of paths and the time."""
    recording = {
        "clock": datetime.now(UTC).isoformat(),
        "requests": len(responses),
        "paths": len({entry["path"] for entry in responses}),
        "responses": responses,
    }
    return json.dumps(recording, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def response_entry(
    client: str, method: str, path: str, sent: Mapping[str, str], response: Any
) -> ResponseEntry:
    """The response as it is recorded; `client` is a name of DemoNewsroom.clients, `sent` its headers."""
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    entry: ResponseEntry = {
        "as": client,
        "method": method,
        "path": path,
        "status": response.status_code,
        "headers": {
            name.lower(): without_random_values(value)
            for name, value in response.items()
            if name.lower() not in UNRECORDED_HEADERS
        },
        "body": metric_families(raw) if path == "/metrics" else body_text(raw),
    }
    if response.cookies:
        entry["cookies"] = sorted(
            re.sub(r"=[^;]*", "=VALUE", str(cookie.OutputString()), count=1)
            for cookie in response.cookies.values()
        )
    return entry | ({"sent": dict(sent)} if sent else {})


def body_text(raw: bytes) -> str:
    """Text as it is; of a picture its format, size and digest of its pixels; of other bytes their digest.

    Not the bytes of a picture: its colour profile carries the time when it was made.
    """
    with contextlib.suppress(UnicodeDecodeError):
        return without_random_values(raw.decode("utf-8"))
    with contextlib.suppress(UnidentifiedImageError), Image.open(io.BytesIO(raw)) as image:
        digest = hashlib.sha256(image.tobytes()).hexdigest()
        return (
            f"{image.format} {image.size} {image.mode}, {len(raw)} bytes, pixels SHA-256 {digest}"
        )
    return f"{len(raw)} bytes, SHA-256 {hashlib.sha256(raw).hexdigest()}"


def without_random_values(text: str) -> str:
    for pattern, replacement in RANDOM_VALUES:
        text = pattern.sub(replacement, text)
    return text


def metric_families(raw: bytes) -> list[str]:
    return sorted(line for line in raw.decode().splitlines() if line.startswith("# TYPE"))
