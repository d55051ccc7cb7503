"""Request coalescing of the response cache: requests for a response that is being rendered wait for it."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from newsroom.http import response_cache
from newsroom.http.response_cache import ResponseCacheMiddleware
from tests.newsroom.conftest import FakeClock
from tests.support.loopback.slow_view import CONCURRENT_REQUESTS, SlowView, get, get_concurrently


@pytest.fixture(autouse=True)
def _response_cache(settings: Any) -> None:
    settings.RESPONSE_CACHE_SECONDS = 0.5


def get_in_thread(cache: ResponseCacheMiddleware, responses: list[bytes]) -> threading.Thread:
    thread = threading.Thread(target=lambda: responses.append(get(cache)))
    thread.start()
    return thread


def test_concurrent_requests_share_one_rendering(
    fake_clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(response_cache, "MAX_COALESCED_SECONDS", 60.0)
    view = SlowView()
    responses = get_concurrently(ResponseCacheMiddleware(view), view, monkeypatch)
    assert responses == [b"answer 1"] * CONCURRENT_REQUESTS
    assert view.calls == 1


def test_request_for_another_path_does_not_wait() -> None:
    view = SlowView(release_after=2)
    cache = ResponseCacheMiddleware(view)
    first = get_in_thread(cache, [])
    assert view.has_begun.wait(30)
    assert get(cache, "/api/v1/tags/") == b"answer 2"
    first.join()


@pytest.mark.parametrize(
    "respond",
    [
        lambda n: HttpResponse(f"answer {n}", status=404, headers={"Cache-Control": "no-store"}),
        lambda n: HttpResponse(f"answer {n}", headers={"Cache-Control": "no-store"}),
        lambda _n: 1 / 0,
    ],
    ids=["not found", "no-store", "exception"],
)
def test_uncacheable_response_is_rendered_for_each_request(
    respond: Callable[[int], HttpResponse], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(response_cache, "MAX_COALESCED_SECONDS", 60.0)
    view = SlowView(respond)
    got = get_concurrently(ResponseCacheMiddleware(view), view, monkeypatch)
    assert view.calls == CONCURRENT_REQUESTS
    assert len({str(one) if isinstance(one, bytes) else id(one) for one in got}) == len(got)
    assert len(got) == CONCURRENT_REQUESTS


def test_request_after_a_write_does_not_share_an_earlier_rendering(fake_clock: FakeClock) -> None:
    view = SlowView(release_after=3)
    cache = ResponseCacheMiddleware(view)
    early: list[bytes] = []
    first = get_in_thread(cache, early)
    assert view.has_begun.wait(30)
    cache(RequestFactory().put("/api/v1/polls/1/vote/"))
    assert get(cache) == b"answer 3"
    first.join()
    assert early == [b"answer 1"]
    assert get(cache) == b"answer 3", "the old one is not stored either"


def test_request_waits_for_a_rendering_for_a_second_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert response_cache.MAX_COALESCED_SECONDS == 1.0
    monkeypatch.setattr(response_cache, "MAX_COALESCED_SECONDS", 0.2)
    view = SlowView(release_after=2)
    cache = ResponseCacheMiddleware(view)
    began = time.monotonic()
    first = get_in_thread(cache, [])
    assert view.has_begun.wait(30)
    assert get(cache) == b"answer 2"
    assert time.monotonic() - began >= 0.2
    first.join()
    assert not cache.in_flight


def test_response_that_took_longer_than_a_second_is_not_shared(fake_clock: FakeClock) -> None:
    """What was read more than a second ago may have changed more than a second ago."""
    view = SlowView(release_after=2)
    cache = ResponseCacheMiddleware(view)
    first = get_in_thread(cache, [])
    assert view.has_begun.wait(30)
    fake_clock.advance(1.1)
    assert get(cache) == b"answer 2"
    first.join()


def test_request_does_not_share_what_was_read_half_a_second_before_it(
    fake_clock: FakeClock,
) -> None:
    view = SlowView(release_after=2)
    cache = ResponseCacheMiddleware(view)
    first = get_in_thread(cache, [])
    assert view.has_begun.wait(30)
    fake_clock.advance(0.6)
    assert get(cache) == b"answer 2"
    first.join()
    assert not cache.in_flight
