"""What a reader's request leaves to the garbage collector: nothing that counts.

A ring between request, view and answer, or between rows, would be looked for by it every few requests
(docs/performance.md).
"""

import gc
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db.models import Model
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.views import APIView

from tests import make

pytestmark = pytest.mark.django_db
HEAVY = (WSGIRequest, Request, HttpResponse, APIView, Model)


def left_by(doing: Callable[[], object]) -> list[Any]:
    """The things that only the garbage collector can find afterwards."""
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        doing()
        gc.collect()
        return [thing for thing in gc.garbage if isinstance(thing, HEAVY)]
    finally:
        gc.set_debug(0)
        gc.enable()
        gc.garbage.clear()


def read(path: str) -> bytes:
    """As a server asks; the test client's own answers hang in rings."""
    said: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": unquote_to_bytes(path).decode("latin1"),
        "QUERY_STRING": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": BytesIO(),
        "wsgi.url_scheme": "http",
    }
    handler: Any = WSGIHandler()
    answer = handler(said, lambda *_line: None)
    try:
        return b"".join(answer)
    finally:
        answer.close()


@pytest.mark.parametrize("keep", [0, 0.5], ids=["made", "kept"])
@pytest.mark.parametrize("path", ["", "{slug}/"], ids=["list", "detail"])
def test_a_read_leaves_nothing_behind(path: str, keep: float, settings: Any) -> None:
    settings.KEEP_PUBLIC_SECONDS = keep
    slug = make.live(lead_photo=make.photo(), poll=make.poll_words()).slug
    path = "/api/v1/articles/" + path.format(slug=slug)
    assert slug in read(path).decode()  # whatever is written down at the first asking
    assert left_by(lambda: read(path)) == []


def tie_a_ring() -> None:
    answer = HttpResponse()
    answer.me = answer  # type: ignore[attr-defined]


def test_the_judge_sees_a_ring() -> None:
    assert len(left_by(tie_a_ring)) == 1
