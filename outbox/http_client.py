"""HTTP client for outbound calls: pinned IP address, one total deadline, no redirects, no proxy."""

import http.client
import io
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Self
from urllib.parse import quote

from newsroom.text.normalization import normalize_text
from outbox.ssrf_guard import PrivateNetworks, Target, parse_target, resolve_target

MAX_RESPONSE_BYTES = 64 * 1024
MAX_EXCERPT_CHARS = 500
USER_AGENT = "Newsroom-Dispatch/1"
MAX_ADDRESSES_TRIED = 3
URL_SAFE_CHARS = "%/?:@!$&'()*+,;=#[]~"
CONNECT_TIMEOUT_SECONDS = 4.0  # for each address but the last


@dataclass(frozen=True)
class OutboundRequest:
    """A request: where to, how, and the exact bytes.

    `accepted_statuses`: statuses beside 2xx that mean success for this kind of receiver.
    """

    url: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    accepted_statuses: frozenset[int] = frozenset()

    def is_accepted(self, status: int) -> bool:
        """Whether a status means success. A redirect is a failure and never followed."""
        return 200 <= status <= 299 or status in self.accepted_statuses


@dataclass(frozen=True)
class OutboundResponse:
    """A response: its status, the beginning of its text, and its Retry-After and Location headers.

    `location` may have characters that are not ASCII.
    """

    status: int
    excerpt: str = ""
    retry_after: str = ""
    location: str = ""


def send_request(request: OutboundRequest, *, deadline: float) -> OutboundResponse:
    """The response to one request, finished by `deadline` (time.monotonic()), name look-up included.

    Raises ForbiddenAddress, OSError (TimeoutError, ssl.SSLError among them), http.client.HTTPException.
    """
    with HTTPClient() as client:
        return client.call(request, deadline=deadline)


class HTTPClient:
    """Calls one after another, over a persistent connection to a host as long as it stays open.

    `private_networks` may be called beside public addresses; by default OUTBOX_PRIVATE_NETWORKS.
    """

    def __init__(self, *, private_networks: PrivateNetworks = None) -> None:
        self.private_networks = private_networks
        self.connection: PinnedConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.disconnect()

    def disconnect(self) -> None:
        """Close the connection, if there is one."""
        if self.connection:
            self.connection.close()
            self.connection = None

    def call(self, request: OutboundRequest, *, deadline: float) -> OutboundResponse:
        """The response to a request, finished by `deadline`. Raises what `send_request` raises.

        When the receiver has closed a persistent connection meanwhile, the call is made once more over a
        new one.
        """
        target = parse_target(request.url, private_networks=self.private_networks)
        connection = self.connection
        if connection and connection.connects_to(target):
            try:
                return self.exchange(connection, target, request, deadline=deadline)
            except (http.client.RemoteDisconnected, ConnectionError):
                self.disconnect()
        self.disconnect()
        addresses = resolve_target(
            target,
            timeout_seconds=remaining_seconds(deadline),
            private_networks=self.private_networks,
        )
        self.connection = PinnedConnection(target, addresses=addresses)
        return self.exchange(self.connection, target, request, deadline=deadline)

    def exchange(
        self,
        connection: "PinnedConnection",
        target: Target,
        request: OutboundRequest,
        *,
        deadline: float,
    ) -> OutboundResponse:
        """Send a request over a connection and read the response; disconnect unless it may be reused."""
        connection.set_deadline(deadline)
        try:
            connection.putrequest(
                request.method, target.path, skip_host=True, skip_accept_encoding=True
            )
            for name, value in request_headers(request, target).items():
                connection.putheader(name, value)
            connection.endheaders(request.body)
            with connection.getresponse() as raw:
                response = self.read(raw)
                is_reusable = raw.isclosed() and not raw.will_close
        except BaseException:
            self.disconnect()
            raise
        if not is_reusable:
            self.disconnect()
        return response

    def read(self, response: http.client.HTTPResponse) -> OutboundResponse:
        """Read a response; a subclass may keep more of it."""
        return read_response(response)


def request_headers(request: OutboundRequest, target: Target) -> dict[str, str]:
    """The headers of a request: the client's own, which the request's may replace."""
    headers = {"Host": target.authority, "User-Agent": USER_AGENT}
    if request.body or request.method == "POST":
        headers["Content-Length"] = str(len(request.body))
    return headers | dict(request.headers)


def read_response(response: http.client.HTTPResponse) -> OutboundResponse:
    """Read a response. Its status counts even if its text, which is for the log, does not arrive whole."""
    try:
        body = response.read(MAX_RESPONSE_BYTES)
    except (OSError, http.client.HTTPException):
        body = b""
    text = normalize_text(body[: MAX_EXCERPT_CHARS * 4].decode("utf-8", "replace"))
    retry_after = response.getheader("Retry-After", "")
    location = location_text(response.getheader("Location", ""))
    return OutboundResponse(response.status, text[:MAX_EXCERPT_CHARS], retry_after, location)


def location_text(header: str) -> str:
    """A Location header as text, from the Latin-1 in which http.client reads headers: servers send UTF-8,
    or bytes of another encoding, which stay those bytes percent-encoded."""
    raw = header.encode("latin-1", "replace")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return quote(raw, safe=URL_SAFE_CHARS)


def remaining_seconds(deadline: float) -> float:
    """Seconds until a deadline (time.monotonic()). Raises TimeoutError when it is over."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("timed out")
    return seconds


@cache
def tls_context() -> ssl.SSLContext:
    """TLS with the certificates that this machine trusts, read once."""
    return ssl.create_default_context()


class PinnedConnection(http.client.HTTPConnection):
    """A connection to IP addresses that have been checked, under the host name of the URL."""

    def __init__(self, target: Target, *, addresses: list[str]) -> None:
        super().__init__(target.host, target.port)
        self.target, self.addresses = target, addresses
        self.deadline = 0.0

    def connects_to(self, target: Target) -> bool:
        """Whether the connection leads to this target's scheme, host and port."""
        own = (self.target.scheme, self.target.host, self.target.port)
        return own == (target.scheme, target.host, target.port)

    def set_deadline(self, deadline: float) -> None:
        """Set the deadline (time.monotonic()) of everything that follows."""
        self.deadline = deadline
        if isinstance(sock := self.sock, DeadlineSocket):
            sock.deadline = deadline

    def connect(self) -> None:
        """Connect, with TLS for https. Called by http.client at the first request."""
        sock = self.open_socket()
        try:
            # Head and body are sent in two parts; without it the second waits for the first one's ACK.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.target.scheme == "https":
                sock.settimeout(remaining_seconds(self.deadline))
                sock = tls_context().wrap_socket(sock, server_hostname=self.target.host)
        except BaseException:
            sock.close()
            raise
        self.sock = DeadlineSocket(sock, deadline=self.deadline)

    def open_socket(self) -> socket.socket:
        """A TCP connection to the first address that accepts one."""
        addresses = self.addresses[:MAX_ADDRESSES_TRIED]
        for number, address in enumerate(addresses, start=1):
            is_last, timeout = number == len(addresses), remaining_seconds(self.deadline)
            try:
                return socket.create_connection(
                    (address, self.target.port),
                    timeout=timeout if is_last else min(timeout, CONNECT_TIMEOUT_SECONDS),
                )
            except OSError:
                if is_last:
                    raise
        raise ConnectionError("no address")


class DeadlineSocket:
    """A socket with one deadline for everything, however slowly single bytes arrive."""

    def __init__(self, sock: socket.socket, *, deadline: float) -> None:
        self.sock, self.deadline = sock, deadline

    def sendall(self, data: Any) -> None:
        """Send data before the deadline."""
        self.sock.settimeout(remaining_seconds(self.deadline))
        self.sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """A reader with the same deadline."""
        return io.BufferedReader(DeadlineReader(self.sock, deadline=self.deadline))

    def close(self) -> None:
        """Close the socket; it stays open while a reader has it."""
        self.sock.close()


class DeadlineReader(io.RawIOBase):
    """A raw reader of a socket that raises TimeoutError after its deadline."""

    def __init__(self, sock: socket.socket, *, deadline: float) -> None:
        self.sock, self.deadline = sock, deadline
        self.raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self.sock.settimeout(remaining_seconds(self.deadline))
        return self.raw.readinto(buffer)

    def close(self) -> None:
        self.raw.close()
        super().close()
