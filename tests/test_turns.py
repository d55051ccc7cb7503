"""Answers are put together one after the other where that is faster, and nobody waits for long."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from newsroom import kept
from newsroom.kept import KeptReads

PATIENT = 20  # seconds: longer than anything here takes, however slow the machine


def reads(answer: Callable[[HttpRequest], HttpResponse], *, turns: bool = True) -> KeptReads:
    made = KeptReads(answer)
    made.turn = threading.Lock() if turns else None
    return made


def ask_at_once(asked: KeptReads, *paths: str) -> None:
    requests = [RequestFactory().get(path) for path in paths]
    threads = [threading.Thread(target=asked, args=(request,)) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENT)


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


@pytest.mark.parametrize("keep", [0, 0.5])
def test_readers_take_turns(keep: float, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "TURN", PATIENT)
    settings.KEEP_PUBLIC_SECONDS = keep
    answers = Counted()
    ask_at_once(reads(answers), "/a/", "/b/", "/c/")
    assert answers.seen == [1, 1, 1]


@pytest.mark.parametrize("keep", [0, 0.5])
def test_nobody_waits_long_for_one_who_is_slow(keep: float, settings: Any) -> None:
    settings.KEEP_PUBLIC_SECONDS = keep
    answers = Together()
    ask_at_once(reads(answers), "/a/", "/b/")
    assert sorted(answers.met) == ["/a/", "/b/"]


def test_the_desk_waits_for_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "TURN", 2 * PATIENT)
    answers = Together()
    ask_at_once(reads(answers), "/admin/", "/a/")
    assert sorted(answers.met) == ["/a/", "/admin/"]


def test_who_waits_for_another_process_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "TURN", 2 * PATIENT)
    answers = Together()
    ask_at_once(reads(answers, turns=False), "/a/", "/b/")
    assert sorted(answers.met) == ["/a/", "/b/"]


def test_an_answer_that_broke_gives_its_turn_back() -> None:
    def broken(_request: HttpRequest) -> HttpResponse:
        raise LookupError

    asked = reads(broken)
    for _ in range(2):
        with pytest.raises(LookupError):
            asked(RequestFactory().get("/a/"))
    assert asked.turn is not None
    assert not asked.turn.locked()


def test_turns_are_for_a_database_in_our_own_thread() -> None:
    assert (KeptReads(Counted()).turn is not None) == (connection.vendor == "sqlite")
