"""While one reader's answer is being made, the others wait for it. Real threads, our own memory."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from newsroom.http import response_cache
from newsroom.http.cache_control import public_cache_control
from newsroom.http.response_cache import ResponseCacheMiddleware
from tests.support import make
from tests.support.clock import advance

READERS = 8
PATH = "/api/v1/articles/"


@pytest.fixture(autouse=True)
def _memory(settings: Any) -> None:
    settings.RESPONSE_CACHE_SECONDS = 0.5


class Kitchen:
    """Makes answers slowly, one number after the other, and can be held up in the middle."""

    def __init__(self, answer: Callable[[int], HttpResponse] | None = None) -> None:
        self.made = 0
        self.answer = answer or public
        self.guard = threading.Lock()
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self, request: Any) -> HttpResponse:
        with self.guard:
            self.made += 1
            number = self.made
        request.resolver_match = None
        if request.method != "GET":
            return HttpResponse(status=204)
        self.begun.set()
        self.go_on.wait(5)
        return self.answer(number)


def public(number: int) -> HttpResponse:
    return HttpResponse(f"answer {number}", headers={"Cache-Control": public_cache_control()})


def get(reads: ResponseCacheMiddleware, path: str = PATH) -> bytes:
    answer: Any = reads(RequestFactory().get(path))
    return bytes(answer.content)


def all_ask(reads: ResponseCacheMiddleware, kitchen: Kitchen) -> list[Any]:
    """What readers get who all ask while the first one's answer is being made."""
    threading.Timer(0.3, kitchen.go_on.set).start()
    return make.race(READERS, lambda _n: get(reads))


def test_of_many_who_ask_at_once_one_has_the_answer_made(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RESPONSE_CACHE_SECONDS = 60  # however slow this machine is
    monkeypatch.setattr(response_cache, "MAX_COALESCED_SECONDS", 60.0)
    kitchen = Kitchen()
    assert all_ask(ResponseCacheMiddleware(kitchen), kitchen) == [b"answer 1"] * READERS
    assert kitchen.made == 1


def test_who_asks_for_something_else_does_not_wait() -> None:
    kitchen = Kitchen()
    reads = ResponseCacheMiddleware(kitchen)
    first = threading.Thread(target=get, args=(reads,))
    first.start()
    kitchen.begun.wait(5)
    kitchen.go_on.set()
    assert get(reads, "/api/v1/tags/") == b"answer 2"
    first.join()


@pytest.mark.parametrize(
    "answer",
    [
        lambda n: HttpResponse(f"answer {n}", status=404, headers={"Cache-Control": "no-store"}),
        lambda n: HttpResponse(f"answer {n}", headers={"Cache-Control": "no-store"}),
        lambda _n: 1 / 0,
    ],
    ids=["not there", "for nobody else", "broken"],
)
def test_what_is_not_for_all_each_has_made(answer: Callable[[int], HttpResponse]) -> None:
    kitchen = Kitchen(answer)
    got = all_ask(ResponseCacheMiddleware(kitchen), kitchen)
    assert kitchen.made == READERS
    assert len({str(one) if isinstance(one, bytes) else id(one) for one in got}) == READERS


def test_who_asks_after_a_change_gets_nothing_begun_before_it(settings: Any) -> None:
    settings.RESPONSE_CACHE_SECONDS = 60
    kitchen = Kitchen()
    reads = ResponseCacheMiddleware(kitchen)
    early: list[bytes] = []
    first = threading.Thread(target=lambda: early.append(get(reads)))
    first.start()
    kitchen.begun.wait(5)
    reads(RequestFactory().put("/api/v1/polls/1/vote/"))
    threading.Timer(0.2, kitchen.go_on.set).start()
    assert get(reads) == b"answer 3"
    first.join()
    assert early == [b"answer 1"]
    assert get(reads) == b"answer 3", "the old one is not remembered either"


def test_nobody_waits_for_longer_than_a_second() -> None:
    kitchen = Kitchen()
    reads = ResponseCacheMiddleware(kitchen)
    first = threading.Thread(target=get, args=(reads,))
    first.start()
    kitchen.begun.wait(5)
    began = time.monotonic()
    threading.Timer(1.5, kitchen.go_on.set).start()
    assert get(reads) == b"answer 2"
    assert time.monotonic() - began >= 1
    first.join()
    assert not reads.in_flight


def test_an_answer_that_took_long_is_given_to_nobody_else() -> None:
    """What was read more than a second ago may have changed more than a second ago."""
    kitchen = Kitchen()
    reads = ResponseCacheMiddleware(kitchen)
    first = threading.Thread(target=get, args=(reads,))
    first.start()
    kitchen.begun.wait(5)
    advance(1.1)
    threading.Timer(0.2, kitchen.go_on.set).start()
    assert get(reads) == b"answer 2"
    first.join()
