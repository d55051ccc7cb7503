"""One HTTP call to a checked address: pinned, no redirects, no proxy, little time, little memory."""

import http.client
import io
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Self

from newsroom.text.normalization import normalize_text
from outbox.ssrf_guard import Target, parse_target, resolve_target

MAX_RESPONSE_BYTES = 64 * 1024
MAX_EXCERPT_CHARS = 500
USER_AGENT = "Newsroom-Dispatch/1"
MAX_ADDRESSES_TRIED = 3
CONNECT_TIMEOUT_SECONDS = 4.0


@dataclass(frozen=True)
class OutboundRequest:
    """One request, ready to go: where, how, and the exact bytes."""

    url: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    # Statuses that say "done" beside 2xx, where the receiver's kind has such.
    accepted_statuses: frozenset[int] = frozenset()

    def is_accepted(self, status: int) -> bool:
        """2xx alone, and what is fine for this kind. A redirect is a failure and never followed."""
        return 200 <= status <= 299 or status in self.accepted_statuses


@dataclass(frozen=True)
class OutboundResponse:
    """What came back: the status, the beginning of the text, and the wish to be left alone."""

    status: int
    excerpt: str = ""
    retry_after: str = ""


def send_request(request: OutboundRequest, *, deadline: float) -> OutboundResponse:
    """The answer to one call, finished by `until` (time.monotonic()), the DNS included.

    Raises Forbidden, OSError (TimeoutError, ssl.SSLError among them), http.client.HTTPException.
    """
    with HTTPClient() as caller:
        return caller.call(request, deadline=deadline)


class HTTPClient:
    """Calls one after another, to one house over one connection as long as that keeps it open."""

    def __init__(self) -> None:
        self.connection: PinnedConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_trouble: object) -> None:
        self.disconnect()

    def disconnect(self) -> None:
        if self.connection:
            self.connection.close()
            self.connection = None

    def call(self, request: OutboundRequest, *, deadline: float) -> OutboundResponse:
        """The answer, finished by `until`. Raises what `send` raises.

        Over a connection that the other side has closed meanwhile, once more over a new one.
        """
        place = parse_target(request.url)
        known = self.connection
        if known and known.connects_to(place):
            try:
                return self.exchange(known, place, request, deadline=deadline)
            except (http.client.RemoteDisconnected, ConnectionError):
                self.disconnect()
        self.disconnect()
        self.connection = PinnedConnection(
            place, addresses=resolve_target(place, timeout_seconds=remaining_seconds(deadline))
        )
        return self.exchange(self.connection, place, request, deadline=deadline)

    def exchange(
        self,
        connection: "PinnedConnection",
        place: Target,
        request: OutboundRequest,
        *,
        deadline: float,
    ) -> OutboundResponse:
        connection.set_deadline(deadline)
        try:
            connection.putrequest(
                request.method, place.path, skip_host=True, skip_accept_encoding=True
            )
            for name, value in request_headers(request, place).items():
                connection.putheader(name, value)
            connection.endheaders(request.body)
            with connection.getresponse() as response:
                answer = read_response(response)
                may_go_on = response.isclosed() and not response.will_close
        except BaseException:
            self.disconnect()
            raise
        if not may_go_on:
            self.disconnect()
        return answer


def request_headers(request: OutboundRequest, place: Target) -> dict[str, str]:
    own = {"Host": place.authority, "User-Agent": USER_AGENT}
    if request.body or request.method == "POST":
        own["Content-Length"] = str(len(request.body))
    return own | dict(request.headers)


def read_response(response: http.client.HTTPResponse) -> OutboundResponse:
    """The status counts as soon as it is there; the text is for the log, as far as it comes."""
    try:
        text = response.read(MAX_RESPONSE_BYTES)
    except (OSError, http.client.HTTPException):
        text = b""
    excerpt = normalize_text(text[: MAX_EXCERPT_CHARS * 4].decode("utf-8", "replace"))[
        :MAX_EXCERPT_CHARS
    ]
    return OutboundResponse(response.status, excerpt, response.getheader("Retry-After", ""))


def remaining_seconds(deadline: float) -> float:
    """Seconds that are left. Raises TimeoutError when none are."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("timed out")
    return seconds


@cache
def tls_context() -> ssl.SSLContext:
    """The certificates this machine trusts, read once."""
    return ssl.create_default_context()


class PinnedConnection(http.client.HTTPConnection):
    """A connection to the addresses that were judged, under the name that was asked for."""

    def __init__(self, target: Target, *, addresses: list[str]) -> None:
        super().__init__(target.host, target.port)
        self.target, self.addresses = target, addresses
        self.until = 0.0

    def connects_to(self, place: Target) -> bool:
        there = (self.target.scheme, self.target.host, self.target.port)
        return there == (place.scheme, place.host, place.port)

    def set_deadline(self, until: float) -> None:
        """Give everything that follows until then."""
        self.until = until
        if isinstance(line := self.sock, DeadlineSocket):
            line.until = until

    def connect(self) -> None:
        bare = self.open_socket()
        try:
            # Head and body leave in two parts; the second must not wait for word of the first.
            bare.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.target.scheme == "https":
                bare.settimeout(remaining_seconds(self.until))
                bare = tls_context().wrap_socket(bare, server_hostname=self.target.host)
        except BaseException:
            bare.close()
            raise
        self.sock = DeadlineSocket(bare, until=self.until)

    def open_socket(self) -> socket.socket:
        """A connection to the first address that takes one."""
        tried = self.addresses[:MAX_ADDRESSES_TRIED]
        for number, address in enumerate(tried, start=1):
            patience = remaining_seconds(self.until)
            try:
                return socket.create_connection(
                    (address, self.target.port),
                    timeout=patience
                    if number == len(tried)
                    else min(patience, CONNECT_TIMEOUT_SECONDS),
                )
            except OSError:
                if number == len(tried):
                    raise
        raise ConnectionError("no address")


class DeadlineSocket:
    """A socket on which everything together must be over by `until`, however slowly it drips."""

    def __init__(self, sock: socket.socket, *, until: float) -> None:
        self.sock, self.until = sock, until

    def sendall(self, data: Any) -> None:
        self.sock.settimeout(remaining_seconds(self.until))
        self.sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(DeadlineReader(self.sock, until=self.until))

    def close(self) -> None:
        self.sock.close()  # the socket itself stays open as long as an ear is at it


class DeadlineReader(io.RawIOBase):
    """Reads from a socket as long as there is time."""

    def __init__(self, sock: socket.socket, *, until: float) -> None:
        self.sock, self.until = sock, until
        self.raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self.sock.settimeout(remaining_seconds(self.until))
        return self.raw.readinto(buffer)

    def close(self) -> None:
        self.raw.close()
        super().close()
