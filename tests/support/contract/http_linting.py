"""HTTP message linting by httplint, the library of REDbot (Mark Nottingham, MIT)."""

import time
from email.utils import parsedate_to_datetime

from httplint.message import HttpRequestLinter, HttpResponseLinter

from tests.support.loopback.live_server import HTTPResponse

REPORTED_LEVELS = {"BAD", "WARN"}
MAX_CLOCK_DIFFERENCE_SECONDS = 30  # seconds


def lint_response(
    answer: HTTPResponse, *, url: str, method: str = "GET", **headers: str
) -> dict[str, str]:
    """Notes of the linter on a response to this request, by name."""
    now = response_time(answer)
    request_linter = HttpRequestLinter(start_time=now)
    request_linter.process_request_topline(method.encode(), url.encode(), b"HTTP/1.1")
    request_linter.process_headers(raw_headers(("User-Agent", "tests"), *headers.items()))
    request_linter.finish_content(True)
    response_linter = HttpResponseLinter(start_time=now, related=request_linter)
    response_linter.is_head_response = method == "HEAD"
    response_linter.process_response_topline(
        b"HTTP/1.1", str(answer.status).encode(), answer.phrase.encode()
    )
    response_linter.process_headers(raw_headers(*answer.fields))
    response_linter.feed_content(answer.body)
    response_linter.finish_content(True)
    notes = [note for note in response_linter.notes if note.level.name in REPORTED_LEVELS]
    return {type(note).__name__: f"{note.subject}: {note.summary}" for note in notes}


def response_time(answer: HTTPResponse) -> float:
    """When it says it was made (Date is in whole seconds), unless our clock, which is the same, says quite
    another time: how long the judge itself took is not its age."""
    now = time.time()
    try:
        made = parsedate_to_datetime(answer.headers.get("date", "")).timestamp()
    except ValueError:  # no Date, or none that can be read, which the linter minds itself
        return now
    return made if abs(now - made) < MAX_CLOCK_DIFFERENCE_SECONDS else now


def raw_headers(*fields: tuple[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in fields]
