"""Request bodies through the real server: slow, half-sent, too large or chunked ones block no other
request."""

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
from newsroom.server.rsgi import WorkerThreads
from newsroom.server.wsgi_environ import UNREADABLE_VALUE, environ_of
from tests.support.loopback.live_server import ServedNewsroom, served_newsroom

IDLE_SECONDS = 3
TEST_TIMEOUT_SECONDS = 30
JSON = "Content-Type: application/json"
SWAGGER = "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js"  # over a megabyte


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedNewsroom]:
    folder = tmp_path_factory.mktemp("bodies")
    with served_newsroom(
        folder, BODY_IDLE_TIMEOUT_SECONDS=str(IDLE_SECONDS), WEB_THREADS="2"
    ) as server:
        yield server


def connect(server: ServedNewsroom) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=TEST_TIMEOUT_SECONDS)


def head(method: str, path: str, *lines: str) -> bytes:
    fields = "".join(f"{line}\r\n" for line in lines)
    return f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{fields}\r\n".encode()


def vote(server: ServedNewsroom, *lines: str) -> bytes:
    path = f"/api/v1/polls/{server.names['poll']}/vote/"
    return head("PUT", path, JSON, *lines)


def read_until_closed(connection: socket.socket) -> str:
    """All that the server sends until it closes the connection."""
    received = b""
    while data := connection.recv(65536):
        received += data
    return received.decode()


def exchange(server: ServedNewsroom, *chunks: bytes, shut_down: bool = False) -> str:
    """All that the server sends until it closes the connection; `shut_down`: close our side first."""
    with connect(server) as connection:
        for chunk in chunks:
            connection.sendall(chunk)
        if shut_down:
            connection.shutdown(socket.SHUT_WR)
        return read_until_closed(connection)


def test_half_sent_requests_do_not_block_readers(server: ServedNewsroom) -> None:
    login = head("POST", "/_allauth/app/v1/auth/login", JSON, "Content-Length: 900")
    halves = [vote(server, "Content-Length: 4000") + b"{", login + b"{", b"GET / HTTP/1.1\r\nHost"]
    with ExitStack() as connections:
        for number in range(30):
            connections.enter_context(connect(server)).sendall(halves[number % len(halves)])
        began = time.monotonic()
        statuses = [server.ask(path).status for path in ("/health/live", "/", "/api/v1/articles/")]
        assert (statuses, time.monotonic() - began < TEST_TIMEOUT_SECONDS) == (
            [200, 200, 200],
            True,
        )


def test_half_sent_requests_do_not_block_a_server_with_one_thread(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("one-thread")
    with served_newsroom(
        folder, BODY_IDLE_TIMEOUT_SECONDS=str(IDLE_SECONDS), WEB_THREADS="1"
    ) as server:
        with ExitStack() as connections:
            for _ in range(10):
                half = vote(server, "Content-Length: 4000") + b"{"
                connections.enter_context(connect(server)).sendall(half)
            assert [server.ask(path).status for path in ("/health/live", "/")] == [200, 200]
        whole = vote(server, "Content-Length: 15", "Connection: close") + b'{"side": "pro"}'
        assert exchange(server, whole).startswith("HTTP/1.1 200 ")


def test_stalled_body_is_408_and_closes_the_connection(server: ServedNewsroom) -> None:
    response = exchange(server, vote(server, "Content-Length: 4000", "Accept-Language: en") + b"{")
    assert response.startswith("HTTP/1.1 408 ")
    assert "connection: close" in response
    assert '"code":"request_timeout"' in response
    assert "Please send it again." in response


@pytest.mark.parametrize(
    ("language", "message"),
    [("ko", "최대 4 kB까지"), ("en", "larger than is taken here: at most 4 kB")],
)
def test_too_large_body_is_413_in_the_client_s_language(
    server: ServedNewsroom, language: str, message: str
) -> None:
    request = vote(server, "Content-Length: 3000000", f"Accept-Language: {language}")
    response = exchange(
        server, request, b"x" * 3_000_000
    )  # sent completely before the response is read
    assert response.startswith("HTTP/1.1 413 ")
    assert "connection: close" in response
    assert '"code":"too_large"' in response
    assert message in response


def test_chunked_body_over_the_limit_is_413(server: ServedNewsroom) -> None:
    chunk = b"1000\r\n" + b" " * 4096 + b"\r\n"
    response = exchange(
        server, vote(server, "Transfer-Encoding: chunked"), chunk, chunk, b"0\r\n\r\n"
    )
    assert response.startswith("HTTP/1.1 413 ")


def test_chunked_body_is_read(server: ServedNewsroom) -> None:
    lines = ("Transfer-Encoding: chunked", "Connection: close")
    response = exchange(server, vote(server, *lines), b'e\r\n{"side":"pro"}\r\n0\r\n\r\n')
    assert response.startswith("HTTP/1.1 200 "), response


@pytest.mark.parametrize(
    ("header", "sent"),
    [("Content-Length: 15", b'{"side":"pro"}'),
     ("Transfer-Encoding: chunked", b'e\r\n{"side":"con"}\r\n')],
)  # fmt: skip
def test_truncated_body_is_400_and_never_used(
    server: ServedNewsroom, header: str, sent: bytes
) -> None:
    before = server.ask(f"/api/v1/polls/{server.names['poll']}/").body
    response = exchange(server, vote(server, header), sent, shut_down=True)
    assert response.startswith("HTTP/1.1 400 ")
    assert '"code":"incomplete_body"' in response
    assert server.ask(f"/api/v1/polls/{server.names['poll']}/").body == before


def test_expect_100_continue_is_answered_or_refused(server: ServedNewsroom) -> None:
    lines = ("Expect: 100-continue", "Connection: close")
    with connect(server) as connection:
        connection.sendall(vote(server, *lines, "Content-Length: 14"))
        assert connection.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b'{"side":"pro"}')
        assert read_until_closed(connection).startswith("HTTP/1.1 200 ")
    assert exchange(server, vote(server, *lines, "Content-Length: 5000")).startswith(
        "HTTP/1.1 413 "
    )


def test_get_with_a_body_keeps_the_connection_open(server: ServedNewsroom) -> None:
    request = head("GET", "/health/live", "Content-Length: 3")
    response = exchange(server, request + b"abc", head("HEAD", "/health/live", "Connection: close"))
    assert response.count("HTTP/1.1 200 ") == 2


def test_too_large_body_to_the_admin_gets_an_html_page(server: ServedNewsroom) -> None:
    lines = ("Accept: text/html", "Content-Length: 99999999", "Accept-Language: en")
    response = exchange(server, head("POST", "/admin/login/", *lines))
    assert response.startswith("HTTP/1.1 413 ")
    assert "<h1>Not taken in</h1>" in response


def test_slow_readers_of_a_large_response_do_not_block_readers(server: ServedNewsroom) -> None:
    with ExitStack() as connections:
        for _ in range(6):
            connection = connections.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", server.port))
            connection.sendall(head("GET", SWAGGER))
            connection.settimeout(TEST_TIMEOUT_SECONDS)
            assert connection.recv(15) == b"HTTP/1.1 200 OK"
        assert server.ask("/health/live").status == 200


def rsgi_scope(**changes: Any) -> SimpleNamespace:
    scope = {
        "server": "[::1]:8000", "client": "[2001:db8::1]:5000", "method": "GET", "path": "/기사/",
        "query_string": "q=1", "http_version": "2", "scheme": "http", "authority": "a.example",
        "headers": {},
    }  # fmt: skip
    return SimpleNamespace(**(scope | changes))


def test_wsgi_environ_of_a_request() -> None:
    environ = environ_of(rsgi_scope())
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/기사/"
    assert (environ["REMOTE_ADDR"], environ["SERVER_NAME"]) == ("2001:db8::1", "::1")
    assert (environ["HTTP_HOST"], environ["SERVER_PORT"]) == ("a.example", "8000")


class HeaderLines:
    """Header lines in their order, several of one name."""

    def __init__(self, *lines: tuple[str, str]) -> None:
        self.lines = lines

    def items(self) -> list[tuple[str, str]]:
        """As Granian: without the lines whose value has bytes beyond ASCII."""
        return [line for line in self.lines if line[1].isascii()]

    def keys(self) -> list[str]:
        return list(dict(self.lines))

    def __len__(self) -> int:
        return len(self.keys())


def test_header_with_an_underscore_is_dropped() -> None:
    lines = HeaderLines(("x_forwarded_for", "1.2.3.4"), ("x-forwarded-for", "9.9.9.9"))
    assert environ_of(rsgi_scope(headers=lines))["HTTP_X_FORWARDED_FOR"] == "9.9.9.9"


def test_header_lines_of_one_name_are_joined() -> None:
    lines = HeaderLines(
        ("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "2.2.2.2"),
        ("cookie", "a=1"), ("cookie", "b=2"),
    )  # fmt: skip
    environ = environ_of(rsgi_scope(headers=lines))
    assert environ["HTTP_X_FORWARDED_FOR"] == "1.1.1.1,2.2.2.2"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"


def test_header_beyond_ascii_is_not_taken_for_a_missing_one() -> None:
    lines = HeaderLines(
        ("idempotency-key", "열쇠"), ("if-match", "é"), ("x_forwarded_for", "é"), ("accept", "*/*")
    )
    environ = environ_of(rsgi_scope(headers=lines))
    assert environ["HTTP_IDEMPOTENCY_KEY"] == environ["HTTP_IF_MATCH"] == UNREADABLE_VALUE
    assert environ["HTTP_ACCEPT"] == "*/*"
    assert "HTTP_X_FORWARDED_FOR" not in environ
    assert "" not in environ


def test_unreadable_headers_are_refused_where_they_count(server: ServedNewsroom) -> None:
    """What is no credential is none, what is no host is none; a page is shown all the same."""
    for line, status in (
        ("Authorization: Bearer é", 401), ("X-Session-Token: é", 401),
        ("User-Agent: é", 200), ("Cookie: é=é", 200), ("Accept-Language: é", 200),
        ("X-Forwarded-For: é", 200), ("Accept-Encoding: é", 200), ("If-None-Match: é", 200),
    ):  # fmt: skip
        path = "/api/v1/me/" if status == 401 else "/"
        response = exchange(server, head("GET", path, line, "Connection: close"))
        assert response.startswith(f"HTTP/1.1 {status} "), line


# -- Receiving of bodies, unit tests ---------------------------------------------------------------


class FakeProtocol:
    """An RSGI protocol whose body comes in these chunks, each after `delay` seconds, then ends."""

    def __init__(self, *chunks: bytes, delay: float = 0) -> None:
        self.chunks = iter([*chunks, b""])
        self.delay = delay

    def __aiter__(self) -> "FakeProtocol":
        return self

    async def __anext__(self) -> bytes:
        await asyncio.sleep(self.delay)
        try:
            return next(self.chunks)
        except StopIteration:
            raise StopAsyncIteration from None


LONG_TIMEOUTS = BodyTimeouts(idle_seconds=60, total_seconds=60, min_bytes_per_second=1)


def receive(
    proto: Any, *, length: int | None, store: BodyStore, timeouts: BodyTimeouts = LONG_TIMEOUTS
) -> SpooledBody:
    return asyncio.run(
        receive_body(proto, length=length, max_bytes=1_000_000, timeouts=timeouts, store=store)
    )


def test_idle_worker_thread_keeps_no_reference_to_the_last_request() -> None:
    class Request:
        """Stands for an object that keeps a connection open."""

    threads, request = WorkerThreads(1), Request()
    finalized = threading.Event()
    weakref.finalize(request, finalized.set)
    threads.submit(partial(id, request))
    del request
    assert finalized.wait(TEST_TIMEOUT_SECONDS)
    threads.stop()


def test_large_body_is_spooled_to_a_file_and_released_when_closed() -> None:
    store = BodyStore(1_000_000)
    body = receive(FakeProtocol(b"a" * 300_000, b"b" * 300_000), length=600_000, store=store)
    assert (body.file.read(), store.held_bytes) == (b"a" * 300_000 + b"b" * 300_000, 600_000)
    body.close()
    assert store.held_bytes == 0


def test_body_beyond_the_limit_of_all_bodies_is_refused_as_busy() -> None:
    store = BodyStore(500)
    with pytest.raises(BodyRefused) as refused:
        receive(FakeProtocol(b"a" * 400, b"b" * 400), length=800, store=store)
    assert (refused.value.reason, store.held_bytes) == (BodyRefusal.BUSY, 0)


@pytest.mark.parametrize("method", ["write", "seek"])  # seek flushes the last bytes
def test_body_on_a_full_disk_is_refused_for_lack_of_space(
    monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    def no_space(*_args: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(SpooledTemporaryFile, method, no_space)
    store = BodyStore(1_000)
    with pytest.raises(BodyRefused) as refused:
        receive(FakeProtocol(b"a"), length=1, store=store)
    assert (refused.value.reason, store.held_bytes) == (BodyRefusal.NO_SPACE, 0)


def test_dripping_body_exceeds_the_total_timeout() -> None:
    protocol = FakeProtocol(*[b"a"] * 10_000, delay=0.05)
    short_timeouts = BodyTimeouts(
        idle_seconds=60, total_seconds=0.3, min_bytes_per_second=1_000_000
    )
    with pytest.raises(BodyRefused) as refused:
        receive(protocol, length=10_000, store=BodyStore(100_000), timeouts=short_timeouts)
    assert refused.value.reason == BodyRefusal.TIMEOUT


def test_total_timeout_grows_with_the_size_of_the_body() -> None:
    timeouts = BodyTimeouts(idle_seconds=20, total_seconds=30, min_bytes_per_second=8192)
    assert timeouts.total_for(4096) < 31
    assert timeouts.total_for(20_000_000) > 20_000_000 / 10_000


@pytest.mark.parametrize(
    ("reason", "status"),
    [(BodyRefusal.BUSY, 503), (BodyRefusal.NO_SPACE, 507), (BodyRefusal.TIMEOUT, 408)],
)
def test_refusal_of_the_server_is_a_problem_document(reason: BodyRefusal, status: int) -> None:
    response = Client().put("/health/live", **{BODY_REFUSAL_ENVIRON_KEY: reason})  # type: ignore[arg-type]  # of the environ
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert response.json()["code"] == reason
    assert response.has_header("Retry-After") == (status == 503)


@pytest.mark.parametrize(
    ("name", "value"), [("BODY_IDLE_TIMEOUT_SECONDS", "soon"), ("BODIES_MAX_MIB", "-1")]
)
def test_invalid_body_limit_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=name):
        call_command("prepare")
