"""Request bodies through the real server: none of them, however slow, holds up anybody else."""

import asyncio
import errno
import socket
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from tempfile import SpooledTemporaryFile
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client

from newsroom.server.body_limits import BODY_REFUSAL_ENVIRON_KEY
from newsroom.server.request_body import (
    BodyRefusal,
    BodyRefused,
    BodyStore,
    BodyTimeouts,
    SpooledBody,
    receive_body,
)
from newsroom.server.rsgi import WorkerThreads, environ_of
from tests.support.live_server import ServedNewsroom, served_newsroom

IDLE_SECONDS = 3
PATIENCE_SECONDS = 30
JSON = "Content-Type: application/json"
SWAGGER = "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js"  # over a megabyte


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedNewsroom]:
    folder = tmp_path_factory.mktemp("bodies")
    with served_newsroom(
        folder, BODY_IDLE_TIMEOUT_SECONDS=str(IDLE_SECONDS), WEB_THREADS="2"
    ) as house:
        yield house


def connect(house: ServedNewsroom) -> socket.socket:
    return socket.create_connection(("127.0.0.1", house.port), timeout=PATIENCE_SECONDS)


def head(method: str, path: str, *lines: str) -> bytes:
    fields = "".join(f"{line}\r\n" for line in lines)
    return f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{fields}\r\n".encode()


def vote(house: ServedNewsroom, *lines: str) -> bytes:
    path = f"/api/v1/polls/{house.names['poll']}/vote/"
    return head("PUT", path, JSON, *lines)


def until_closed(door: socket.socket) -> str:
    """All that the server sends until it closes the connection."""
    said = b""
    while piece := door.recv(65536):
        said += piece
    return said.decode()


def ask(house: ServedNewsroom, *pieces: bytes, is_over: bool = False) -> str:
    """What the server answers on a connection that it closes; `is_over`: we close our side first."""
    with connect(house) as door:
        for piece in pieces:
            door.sendall(piece)
        if is_over:
            door.shutdown(socket.SHUT_WR)
        return until_closed(door)


def test_readers_do_not_wait_for_half_sent_requests(house: ServedNewsroom) -> None:
    login = head("POST", "/_allauth/app/v1/auth/login", JSON, "Content-Length: 900")
    halves = [vote(house, "Content-Length: 4000") + b"{", login + b"{", b"GET / HTTP/1.1\r\nHost"]
    with ExitStack() as doors:
        for number in range(30):
            doors.enter_context(connect(house)).sendall(halves[number % len(halves)])
        began = time.monotonic()
        answers = [house.ask(path).status for path in ("/health/live", "/", "/api/v1/articles/")]
        assert (answers, time.monotonic() - began < PATIENCE_SECONDS) == ([200, 200, 200], True)


def test_one_thread_answers_readers_beside_half_sent_requests(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("one-thread")
    with served_newsroom(
        folder, BODY_IDLE_TIMEOUT_SECONDS=str(IDLE_SECONDS), WEB_THREADS="1"
    ) as house:
        with ExitStack() as doors:
            for _ in range(10):
                half = vote(house, "Content-Length: 4000") + b"{"
                doors.enter_context(connect(house)).sendall(half)
            assert [house.ask(path).status for path in ("/health/live", "/")] == [200, 200]
        whole = vote(house, "Content-Length: 15", "Connection: close") + b'{"side": "pro"}'
        assert ask(house, whole).startswith("HTTP/1.1 200 ")


def test_a_body_that_stops_coming_is_a_408_and_ends_the_connection(house: ServedNewsroom) -> None:
    said = ask(house, vote(house, "Content-Length: 4000", "Accept-Language: en") + b"{")
    assert said.startswith("HTTP/1.1 408 ")
    assert "connection: close" in said
    assert '"code":"request_timeout"' in said
    assert "Please send it again." in said


@pytest.mark.parametrize(
    ("language", "words"),
    [("ko", "최대 4 kB까지"), ("en", "larger than is taken here: at most 4 kB")],
)
def test_a_body_over_the_limit_is_a_413_in_the_readers_language(
    house: ServedNewsroom, language: str, words: str
) -> None:
    asked = vote(house, "Content-Length: 3000000", f"Accept-Language: {language}")
    said = ask(house, asked, b"x" * 3_000_000)  # all of it is sent before the answer is read
    assert said.startswith("HTTP/1.1 413 ")
    assert "connection: close" in said
    assert '"code":"too_large"' in said
    assert words in said


def test_a_body_in_chunks_is_counted_as_it_comes(house: ServedNewsroom) -> None:
    chunk = b"1000\r\n" + b" " * 4096 + b"\r\n"
    said = ask(house, vote(house, "Transfer-Encoding: chunked"), chunk, chunk, b"0\r\n\r\n")
    assert said.startswith("HTTP/1.1 413 ")


def test_a_body_in_chunks_is_read(house: ServedNewsroom) -> None:
    lines = ("Transfer-Encoding: chunked", "Connection: close")
    said = ask(house, vote(house, *lines), b'e\r\n{"side":"pro"}\r\n0\r\n\r\n')
    assert said.startswith("HTTP/1.1 200 "), said


@pytest.mark.parametrize(
    ("announced", "sent"),
    [("Content-Length: 15", b'{"side":"pro"}'),
     ("Transfer-Encoding: chunked", b'e\r\n{"side":"con"}\r\n')],
)  # fmt: skip
def test_a_body_that_was_cut_off_is_never_used(
    house: ServedNewsroom, announced: str, sent: bytes
) -> None:
    before = house.ask(f"/api/v1/polls/{house.names['poll']}/").body
    said = ask(house, vote(house, announced), sent, is_over=True)
    assert said.startswith("HTTP/1.1 400 ")
    assert '"code":"incomplete_body"' in said
    assert house.ask(f"/api/v1/polls/{house.names['poll']}/").body == before


def test_who_asks_first_is_told_to_go_on_or_refused_without_sending(house: ServedNewsroom) -> None:
    asked = ("Expect: 100-continue", "Connection: close")
    with connect(house) as door:
        door.sendall(vote(house, *asked, "Content-Length: 14"))
        assert door.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        door.sendall(b'{"side":"pro"}')
        assert until_closed(door).startswith("HTTP/1.1 200 ")
    assert ask(house, vote(house, *asked, "Content-Length: 5000")).startswith("HTTP/1.1 413 ")


def test_a_get_with_a_body_is_answered_and_the_connection_goes_on(house: ServedNewsroom) -> None:
    asked = head("GET", "/health/live", "Content-Length: 3")
    said = ask(house, asked + b"abc", head("HEAD", "/health/live", "Connection: close"))
    assert said.count("HTTP/1.1 200 ") == 2


def test_a_person_at_the_admin_gets_a_page(house: ServedNewsroom) -> None:
    lines = ("Accept: text/html", "Content-Length: 99999999", "Accept-Language: en")
    said = ask(house, head("POST", "/admin/login/", *lines))
    assert said.startswith("HTTP/1.1 413 ")
    assert "<h1>Not taken in</h1>" in said


def test_readers_do_not_wait_for_somebody_who_takes_an_answer_slowly(house: ServedNewsroom) -> None:
    with ExitStack() as doors:
        for _ in range(6):
            door = doors.enter_context(socket.socket())
            door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            door.connect(("127.0.0.1", house.port))
            door.sendall(head("GET", SWAGGER))
            door.settimeout(PATIENCE_SECONDS)
            assert door.recv(15) == b"HTTP/1.1 200 OK"
        assert house.ask("/health/live").status == 200


def request_head(**over: Any) -> SimpleNamespace:
    scope = {
        "server": "[::1]:8000", "client": "[2001:db8::1]:5000", "method": "GET", "path": "/기사/",
        "query_string": "q=1", "http_version": "2", "scheme": "http", "authority": "a.example",
        "headers": {},
    }  # fmt: skip
    return SimpleNamespace(**(scope | over))


def test_a_request_is_described_to_django_as_wsgi_says() -> None:
    environ = environ_of(request_head())
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/기사/"
    assert (environ["REMOTE_ADDR"], environ["SERVER_NAME"]) == ("2001:db8::1", "::1")
    assert (environ["HTTP_HOST"], environ["SERVER_PORT"]) == ("a.example", "8000")


class Lines:
    """Header lines as they came, some of one name."""

    def __init__(self, *lines: tuple[str, str]) -> None:
        self.lines = lines

    def items(self) -> list[tuple[str, str]]:
        return list(self.lines)


def test_a_header_with_an_underscore_cannot_pass_for_one_of_our_proxy() -> None:
    lines = Lines(("x_forwarded_for", "1.2.3.4"), ("x-forwarded-for", "9.9.9.9"))
    assert environ_of(request_head(headers=lines))["HTTP_X_FORWARDED_FOR"] == "9.9.9.9"


def test_header_lines_of_one_name_are_one_list() -> None:
    lines = Lines(
        ("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "2.2.2.2"),
        ("cookie", "a=1"), ("cookie", "b=2"),
    )  # fmt: skip
    environ = environ_of(request_head(headers=lines))
    assert environ["HTTP_X_FORWARDED_FOR"] == "1.1.1.1,2.2.2.2"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"


# -- Receiving, piece by piece -----------------------------------------------------------------


class Pieces:
    """An RSGI protocol whose body comes in these pieces, then ends; each after a moment."""

    def __init__(self, *pieces: bytes, moment: float = 0) -> None:
        self.pieces = iter([*pieces, b""])
        self.moment = moment

    def __aiter__(self) -> "Pieces":
        return self

    async def __anext__(self) -> bytes:
        await asyncio.sleep(self.moment)
        try:
            return next(self.pieces)
        except StopIteration:
            raise StopAsyncIteration from None


PATIENT = BodyTimeouts(idle_seconds=60, total_seconds=60, min_bytes_per_second=1)


def received(
    proto: Any, *, length: int | None, store: BodyStore, timeouts: BodyTimeouts = PATIENT
) -> SpooledBody:
    return asyncio.run(
        receive_body(proto, length=length, max_bytes=1_000_000, timeouts=timeouts, store=store)
    )


def test_a_worker_thread_that_waits_holds_no_finished_request() -> None:
    class Request:
        """Stands for what keeps a connection open."""

    threads, request = WorkerThreads(1), Request()
    finalized = threading.Event()
    weakref.finalize(request, finalized.set)
    threads.submit(partial(id, request))
    del request
    assert finalized.wait(PATIENCE_SECONDS)
    threads.stop()


def test_a_large_body_goes_to_a_file_and_is_no_longer_counted_when_closed() -> None:
    store = BodyStore(1_000_000)
    body = received(Pieces(b"a" * 300_000, b"b" * 300_000), length=600_000, store=store)
    assert (body.file.read(), store.held_bytes) == (b"a" * 300_000 + b"b" * 300_000, 600_000)
    body.close()
    assert store.held_bytes == 0


def test_more_than_all_bodies_together_may_take_is_a_503() -> None:
    store = BodyStore(500)
    with pytest.raises(BodyRefused) as refused:
        received(Pieces(b"a" * 400, b"b" * 400), length=800, store=store)
    assert (refused.value.reason, store.held_bytes) == (BodyRefusal.BUSY, 0)


@pytest.mark.parametrize("method", ["write", "seek"])  # which writes the last bytes
def test_a_body_that_finds_no_room_on_the_disk_is_a_507(
    monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    def full(*_args: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(SpooledTemporaryFile, method, full)
    store = BodyStore(1_000)
    with pytest.raises(BodyRefused) as refused:
        received(Pieces(b"a"), length=1, store=store)
    assert (refused.value.reason, store.held_bytes) == (BodyRefusal.NO_SPACE, 0)


def test_a_body_that_drips_is_a_408_though_it_never_stops() -> None:
    dripping = Pieces(*[b"a"] * 10_000, moment=0.05)
    hurried = BodyTimeouts(idle_seconds=60, total_seconds=0.3, min_bytes_per_second=1_000_000)
    with pytest.raises(BodyRefused) as refused:
        received(dripping, length=10_000, store=BodyStore(100_000), timeouts=hurried)
    assert refused.value.reason == BodyRefusal.TIMEOUT


def test_a_large_body_may_take_longer() -> None:
    timeouts = BodyTimeouts(idle_seconds=20, total_seconds=30, min_bytes_per_second=8192)
    assert timeouts.total_for(4096) < 31
    assert timeouts.total_for(20_000_000) > 20_000_000 / 10_000


@pytest.mark.parametrize(
    ("reason", "status"),
    [(BodyRefusal.BUSY, 503), (BodyRefusal.NO_SPACE, 507), (BodyRefusal.TIMEOUT, 408)],
)
def test_what_the_server_refused_is_told_in_words(reason: BodyRefusal, status: int) -> None:
    answer = Client().put("/health/live", **{BODY_REFUSAL_ENVIRON_KEY: reason})  # type: ignore[arg-type]  # of the environ
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["code"] == reason
    assert answer.has_header("Retry-After") == (status == 503)


@pytest.mark.parametrize(
    ("name", "value"), [("BODY_IDLE_TIMEOUT_SECONDS", "soon"), ("BODIES_MAX_MIB", "-1")]
)
def test_a_limit_of_bodies_that_is_no_number_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=name):
        call_command("prepare")
