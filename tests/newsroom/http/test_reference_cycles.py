"""What a reader's request leaves to the garbage collector: nothing that counts.

A ring between request, view and answer, or between rows, would be looked for by it every few requests
(docs/performance.md).
"""

import gc
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import close_old_connections
from django.db.models import Model
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.views import APIView

from tests.support import make

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


Reader = Callable[[str], bytes]


@pytest.fixture
def read() -> Iterator[Reader]:
    """Asks as a server does, always the same handler; the test client's own answers hang in rings.

    As with that client, the end of a request does not close the connection that the test is using.
    """
    handler: Any = WSGIHandler()
    ends = (signals.request_started, signals.request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield lambda path: ask(handler, path)
    for end in ends:
        end.connect(close_old_connections)


def ask(handler: Any, path: str) -> bytes:
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
    lines = list[str]()
    answer = handler(said, lambda status, *_headers: lines.append(status))
    assert lines == ["200 OK"]
    try:
        return b"".join(answer)
    finally:
        answer.close()


PATHS = {
    "list": "/api/v1/articles/",
    "detail": "/api/v1/articles/{slug}/",
    "editions": "/api/v1/articles/{slug}/editions/",
    "sections": "/api/v1/sections/",
    "tags": "/api/v1/tags/",
    "authors": "/api/v1/authors/",
    "popular": "/api/v1/articles/popular/",
    "changes": "/api/v1/articles/changes/",
    "feed": "/feeds/rss.xml",
}


def told_all_about() -> str:
    """The slug of a story with everything on it."""
    story = make.live(lead_photo=make.photo(), poll=make.poll_data(), tags=["로봇"])
    return story.slug


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_an_answer_leaves_nothing_behind(path: str, read: Reader, settings: Any) -> None:
    settings.RESPONSE_CACHE_SECONDS = 0
    path = path.format(slug=told_all_about())
    assert read(path)  # whatever is written down at the first asking
    assert left_by(lambda: read(path)) == []


def test_an_answer_from_memory_leaves_nothing_behind(
    read: Reader, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.RESPONSE_CACHE_SECONDS = 60
    path = f"/api/v1/articles/{told_all_about()}/"
    assert read(path)
    with django_assert_num_queries(0):
        assert left_by(lambda: read(path)) == []


def tie_a_ring() -> None:
    answer = HttpResponse()
    answer.me = answer  # type: ignore[attr-defined]


def test_the_judge_sees_a_ring() -> None:
    assert len(left_by(tie_a_ring)) == 1
