"""HTTP client: pinned IP address, total deadline, bounded response."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from outbox import http_client
from outbox.errors import ForbiddenAddress
from outbox.http_client import OutboundRequest, OutboundResponse
from tests.support.loopback.certificates import self_signed_certificate
from tests.support.loopback.receivers import LOOPBACK_NETWORKS, running_receiver

NAME = "hooks.example.com"


@contextmanager
def raw_server(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A raw server on loopback that runs a function for each connection; its port."""
    door = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            connection, _who = door.accept()
            with connection, suppress(OSError):
                talk(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield door.getsockname()[1]
    finally:
        with suppress(OSError):
            door.shutdown(socket.SHUT_RDWR)
        door.close()
        thread.join(5)


@pytest.fixture
def allow_port(settings: Any) -> Callable[[int], None]:
    def allow_port(port: int) -> None:
        settings.OUTBOX_PRIVATE_NETWORKS = LOOPBACK_NETWORKS
        settings.OUTBOX_EXTRA_PORTS = [port]

    return allow_port


def call(url: str, *, timeout_seconds: float = 5.0) -> OutboundResponse:
    return http_client.send_request(
        OutboundRequest(url, body=b"{}"), deadline=time.monotonic() + timeout_seconds
    )


def test_slowly_dripping_headers_hit_the_deadline(allow_port: Callable[[int], None]) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(200):
            connection.sendall(b"x")
            time.sleep(0.05)

    with raw_server(drip) as port:
        allow_port(port)
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            call(f"http://127.0.0.1:{port}/", timeout_seconds=0.6)
        assert time.monotonic() - began < 1.5


def test_status_counts_although_the_body_never_ends(allow_port: Callable[[int], None]) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(200):
            connection.sendall(b"x")
            time.sleep(0.05)

    with raw_server(drip) as port:
        allow_port(port)
        began = time.monotonic()
        assert call(f"http://127.0.0.1:{port}/", timeout_seconds=0.6).status == 200
        assert time.monotonic() - began < 1.5


def test_huge_response_is_read_in_part(allow_port: Callable[[int], None]) -> None:
    sent = [0]

    def flood(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        while sent[0] < 500_000_000:
            sent[0] += connection.send(b"x" * 65536)

    with raw_server(flood) as port:
        allow_port(port)
        response = call(f"http://127.0.0.1:{port}/")
        assert (response.status, len(response.excerpt)) == (200, 500)
    assert sent[0] < 20_000_000  # what the kernel's buffers took


@pytest.mark.parametrize("payload", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\x00" * 99])
def test_response_that_is_not_http_is_an_error(
    allow_port: Callable[[int], None], payload: bytes
) -> None:
    with raw_server(lambda connection: connection.sendall(payload)) as port:
        allow_port(port)
        with pytest.raises((OSError, http.client.HTTPException)):
            call(f"http://127.0.0.1:{port}/")


def test_call_uses_the_checked_ip_address_against_dns_rebinding(
    allow_port: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second DNS query, which would give another address (DNS rebinding), is never made."""
    resolved: list[str] = []
    real = socket.getaddrinfo

    def resolve(host: str, *args: Any, **kwargs: Any) -> Any:
        if host != NAME:
            return real(host, *args, **kwargs)
        resolved.append(host)
        return real("127.0.0.1" if len(resolved) == 1 else "127.66.66.66", *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with running_receiver() as receiver:
        allow_port(receiver.port)
        assert call(f"http://{NAME}:{receiver.port}/hook").status == 204
        assert receiver.got[0].headers["host"] == f"{NAME}:{receiver.port}"
    assert resolved == [NAME]


def test_proxy_of_the_environment_is_ignored(
    allow_port: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with running_receiver() as receiver:
        allow_port(receiver.port)
        assert call(receiver.url).status == 204


def test_private_address_is_not_connected_to(settings: Any) -> None:
    with running_receiver() as receiver:
        settings.OUTBOX_EXTRA_PORTS = [receiver.port]
        with pytest.raises(ForbiddenAddress):
            call(receiver.url)
        assert receiver.got == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for hooks.example.com, with its key."""
    return self_signed_certificate(tmp_path_factory.mktemp("tls") / "both.pem", host=NAME)


@contextmanager
def tls_server(certificate: Path) -> Iterator[int]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    def talk(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secret:
            # All of it: closing over unread bytes would reset the connection and lose the response.
            heard = b""
            while not heard.endswith(b"{}") and (chunk := secret.recv(65536)):
                heard += chunk
            secret.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with raw_server(talk) as port:
        yield port


@pytest.fixture
def trust_certificate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], None]]:
    """Trust one more certificate."""

    def trust(path: Path) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        http_client.tls_context.cache_clear()

    yield trust
    http_client.tls_context.cache_clear()


def resolve_to_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Resolve every host name to loopback."""
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda _host, *args, **kwargs: real("127.0.0.1", *args, **kwargs)
    )


def test_tls_certificate_is_checked_against_the_host_name(
    certificate: Path,
    trust_certificate: Callable[[Path], None],
    allow_port: Callable[[int], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolve_to_loopback(monkeypatch)
    trust_certificate(certificate)
    with tls_server(certificate) as port:
        allow_port(port)
        assert call(f"https://{NAME}:{port}/").status == 204
    with tls_server(certificate) as port:
        allow_port(port)
        with pytest.raises(ssl.SSLCertVerificationError):
            call(f"https://other.example.com:{port}/")


def test_untrusted_certificate_is_refused(
    certificate: Path, allow_port: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve_to_loopback(monkeypatch)
    with tls_server(certificate) as port:
        allow_port(port)
        with pytest.raises(ssl.SSLCertVerificationError):
            call(f"https://{NAME}:{port}/")


def test_second_address_is_tried_when_the_first_does_not_answer(
    allow_port: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 0)) for a in ("127.0.0.2", "127.0.0.1")
    ]
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *m, **n: answers if host == NAME else real(host, *m, **n),
    )
    with running_receiver() as receiver:
        allow_port(receiver.port)
        assert call(f"http://{NAME}:{receiver.port}/hook").status == 204
