"""Public reads are answered one after the other where that is faster, and nobody waits for long."""

import threading
import time
from collections.abc import Callable

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from newsroom.http import turns
from newsroom.http.turns import Turns

PATIENT = 20  # seconds: longer than anything here takes, however slow the machine
in_our_own_thread = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="there are no turns with this database"
)


def ask_at_once(answer: Callable[[HttpRequest], HttpResponse], *paths: str) -> None:
    asked = Turns(answer)
    requests = [RequestFactory().get(path) for path in paths]
    threads = [threading.Thread(target=asked, args=(request,)) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * PATIENT)


class Counted:
    """Answers in a hundredth of a second, and remembers how many were at it when one began."""

    def __init__(self) -> None:
        self.going, self.seen = 0, list[int]()
        self.guard = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with self.guard:
            self.going += 1
            self.seen.append(self.going)
        threading.Event().wait(0.01)
        with self.guard:
            self.going -= 1
        return HttpResponse("이야기")


class Together:
    """Answers once two are at it at the same time."""

    def __init__(self) -> None:
        self.meeting = threading.Barrier(2)
        self.met = list[str]()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.meeting.wait(PATIENT)
        self.met.append(request.path)
        return HttpResponse("이야기")


@in_our_own_thread
def test_readers_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", PATIENT)
    answers = Counted()
    ask_at_once(answers, "/a/", "/b/", "/c/")
    assert answers.seen == [1, 1, 1]


@in_our_own_thread
def test_nobody_waits_long_for_one_who_is_slow() -> None:
    answers = Together()
    ask_at_once(answers, "/a/", "/b/")
    assert sorted(answers.met) == ["/a/", "/b/"]


@in_our_own_thread
def test_behind_a_slow_one_nobody_waits_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patience counts from when the slow one began: the third of two seconds waits for nothing."""
    monkeypatch.setattr(turns, "PATIENCE", 1)
    begun, over = threading.Event(), threading.Event()

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path == "/slow/":
            begun.set()
            over.wait(PATIENT)
        return HttpResponse("이야기")

    asked = Turns(answer)
    slow = threading.Thread(target=asked, args=(RequestFactory().get("/slow/"),))
    slow.start()
    assert begun.wait(PATIENT)
    before = time.monotonic()
    for _ in range(PATIENT):
        asked(RequestFactory().get("/quick/"))
    took = time.monotonic() - before
    over.set()
    slow.join(PATIENT)
    assert took < PATIENT / 2  # once each it would be as many seconds


@in_our_own_thread
@pytest.mark.parametrize("other", ["/a/", "/admin/polls/"])
def test_the_desk_waits_for_nobody(other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 2 * PATIENT)
    answers = Together()
    ask_at_once(answers, "/admin/", other)
    assert sorted(answers.met) == sorted(["/admin/", other])


@in_our_own_thread
def test_an_answer_that_broke_gives_its_turn_back() -> None:
    def broken(_request: HttpRequest) -> HttpResponse:
        raise LookupError

    asked = Turns(broken)
    with pytest.raises(LookupError):
        asked(RequestFactory().get("/a/"))
    assert not asked.turn.locked()


@pytest.mark.postgres
def test_there_are_no_turns_where_a_server_has_the_database() -> None:
    with pytest.raises(MiddlewareNotUsed):
        Turns(Counted())
