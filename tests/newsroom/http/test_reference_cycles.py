"""Reference cycles that requests leave to the garbage collector.

REST framework ties request, view and response of an API read into a cycle; neither the rows nor a cached
response may be part of one (docs/decisions/0003).
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
TRACKED = (WSGIRequest, Request, HttpResponse, APIView, Model)


def unreachable_after(action: Callable[[], object], *types: type) -> list[Any]:
    """Objects of these types that only the garbage collector can free after the action."""
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        action()
        gc.collect()
        return [thing for thing in gc.garbage if isinstance(thing, types)]
    finally:
        gc.set_debug(0)
        gc.enable()
        gc.garbage.clear()


Reader = Callable[[str], bytes]


@pytest.fixture
def read() -> Iterator[Reader]:
    """GET through one WSGI handler, as a server does; the responses of the test client are in cycles.

    As with that client, the end of a request does not close the connection that the test is using.
    What is there before the first read is collected and left out of later collections, which would
    otherwise look through everything that the process has.
    """
    gc.collect()
    gc.freeze()
    handler: Any = WSGIHandler()
    request_signals = (signals.request_started, signals.request_finished)
    for signal in request_signals:
        signal.disconnect(close_old_connections)
    yield lambda path: wsgi_get(handler, path)
    for signal in request_signals:
        signal.connect(close_old_connections)


def wsgi_get(handler: Any, path: str) -> bytes:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": unquote_to_bytes(path).decode("latin1"),
        "QUERY_STRING": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": BytesIO(),
        "wsgi.url_scheme": "http",
    }
    statuses = list[str]()
    response = handler(environ, lambda status, *_headers: statuses.append(status))
    assert statuses == ["200 OK"]
    try:
        return b"".join(response)
    finally:
        response.close()


def live_article_with_everything() -> str:
    """The slug of an article with a photo, a poll and a tag."""
    article = make.live(lead_photo=make.photo(), poll=make.poll_data(), tags=["로봇"])
    return article.slug


# Path, and the types of which an uncached read leaves none in a cycle.
READS = {
    "list": ("/api/v1/articles/", (Model,)),
    "detail": ("/api/v1/articles/{slug}/", (Model,)),
    "editions": ("/api/v1/articles/{slug}/editions/", (Model,)),
    "sections": ("/api/v1/sections/", (Model,)),
    "tags": ("/api/v1/tags/", (Model,)),
    "authors": ("/api/v1/authors/", (Model,)),
    "popular": ("/api/v1/articles/popular/", (Model,)),
    "changes": ("/api/v1/articles/changes/", (Model,)),
    "feed": ("/feeds/rss.xml", TRACKED),
}


@pytest.mark.parametrize(("path", "types"), READS.values(), ids=READS)
def test_uncached_read_leaves_no_rows_in_reference_cycles(
    path: str, types: tuple[type, ...], read: Reader, settings: Any
) -> None:
    settings.RESPONSE_CACHE_SECONDS = 0
    path = path.format(slug=live_article_with_everything())
    assert read(path)  # compiles queries and loads templates
    assert unreachable_after(lambda: read(path), *types) == []


def test_cached_response_leaves_no_reference_cycles(
    read: Reader, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.RESPONSE_CACHE_SECONDS = 60
    path = f"/api/v1/articles/{live_article_with_everything()}/"
    assert read(path)
    with django_assert_num_queries(0):
        assert unreachable_after(lambda: read(path), *TRACKED) == []


def make_reference_cycle() -> None:
    response = HttpResponse()
    response.me = response  # type: ignore[attr-defined]


def test_reference_cycle_is_detected() -> None:
    assert len(unreachable_after(make_reference_cycle, *TRACKED)) == 1
