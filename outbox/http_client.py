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

from newsroom.text.normalization import clean
from outbox.ssrf_guard import Place, place_of, resolve

MOST_BYTES = 64 * 1024
EXCERPT = 500
USER_AGENT = "Newsroom-Dispatch/1"
TRIED_ADDRESSES = 3
CONNECT_WITHIN = 4.0


@dataclass(frozen=True)
class Letter:
    """One request, ready to go: where, how, and the exact bytes."""

    url: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    # Statuses that say "done" beside 2xx, where the receiver's kind has such.
    fine: frozenset[int] = frozenset()

    def is_accepted(self, status: int) -> bool:
        """2xx alone, and what is fine for this kind. A redirect is a failure and never followed."""
        return 200 <= status <= 299 or status in self.fine


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the beginning of the text, and the wish to be left alone."""

    status: int
    excerpt: str = ""
    retry_after: str = ""


def send(letter: Letter, *, until: float) -> Answer:
    """The answer to one call, finished by `until` (time.monotonic()), the DNS included.

    Raises Forbidden, OSError (TimeoutError, ssl.SSLError among them), http.client.HTTPException.
    """
    with Caller() as caller:
        return caller.call(letter, until=until)


class Caller:
    """Calls one after another, to one house over one connection as long as that keeps it open."""

    def __init__(self) -> None:
        self.connection: Pinned | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_trouble: object) -> None:
        self.hang_up()

    def hang_up(self) -> None:
        if self.connection:
            self.connection.close()
            self.connection = None

    def call(self, letter: Letter, *, until: float) -> Answer:
        """The answer, finished by `until`. Raises what `send` raises.

        Over a connection that the other side has closed meanwhile, once more over a new one.
        """
        place = place_of(letter.url)
        known = self.connection
        if known and known.leads_to(place):
            try:
                return self.exchange(known, place, letter, until=until)
            except (http.client.RemoteDisconnected, ConnectionError):
                self.hang_up()
        self.hang_up()
        self.connection = Pinned(place, addresses=resolve(place, within=left(until)))
        return self.exchange(self.connection, place, letter, until=until)

    def exchange(
        self, connection: "Pinned", place: Place, letter: Letter, *, until: float
    ) -> Answer:
        connection.may_take(until)
        try:
            connection.putrequest(
                letter.method, place.path, skip_host=True, skip_accept_encoding=True
            )
            for name, value in headers_of(letter, place).items():
                connection.putheader(name, value)
            connection.endheaders(letter.body)
            with connection.getresponse() as response:
                answer = read(response)
                may_go_on = response.isclosed() and not response.will_close
        except BaseException:
            self.hang_up()
            raise
        if not may_go_on:
            self.hang_up()
        return answer


def headers_of(letter: Letter, place: Place) -> dict[str, str]:
    own = {"Host": place.authority, "User-Agent": USER_AGENT}
    if letter.body or letter.method == "POST":
        own["Content-Length"] = str(len(letter.body))
    return own | dict(letter.headers)


def read(response: http.client.HTTPResponse) -> Answer:
    """The status counts as soon as it is there; the text is for the log, as far as it comes."""
    try:
        text = response.read(MOST_BYTES)
    except (OSError, http.client.HTTPException):
        text = b""
    excerpt = clean(text[: EXCERPT * 4].decode("utf-8", "replace"))[:EXCERPT]
    return Answer(response.status, excerpt, response.getheader("Retry-After", ""))


def left(until: float) -> float:
    """Seconds that are left. Raises TimeoutError when none are."""
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("timed out")
    return seconds


@cache
def trust() -> ssl.SSLContext:
    """The certificates this machine trusts, read once."""
    return ssl.create_default_context()


class Pinned(http.client.HTTPConnection):
    """A connection to the addresses that were judged, under the name that was asked for."""

    def __init__(self, place: Place, *, addresses: list[str]) -> None:
        super().__init__(place.host, place.port)
        self.place, self.addresses = place, addresses
        self.until = 0.0

    def leads_to(self, place: Place) -> bool:
        there = (self.place.scheme, self.place.host, self.place.port)
        return there == (place.scheme, place.host, place.port)

    def may_take(self, until: float) -> None:
        """Give everything that follows until then."""
        self.until = until
        if isinstance(line := self.sock, Line):
            line.until = until

    def connect(self) -> None:
        bare = self.reach()
        try:
            # Head and body leave in two parts; the second must not wait for word of the first.
            bare.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.place.scheme == "https":
                bare.settimeout(left(self.until))
                bare = trust().wrap_socket(bare, server_hostname=self.place.host)
        except BaseException:
            bare.close()
            raise
        self.sock = Line(bare, until=self.until)

    def reach(self) -> socket.socket:
        """A connection to the first address that takes one."""
        tried = self.addresses[:TRIED_ADDRESSES]
        for number, address in enumerate(tried, start=1):
            patience = left(self.until)
            try:
                return socket.create_connection(
                    (address, self.place.port),
                    timeout=patience if number == len(tried) else min(patience, CONNECT_WITHIN),
                )
            except OSError:
                if number == len(tried):
                    raise
        raise ConnectionError("no address")


class Line:
    """A socket on which everything together must be over by `until`, however slowly it drips."""

    def __init__(self, sock: socket.socket, *, until: float) -> None:
        self.sock, self.until = sock, until

    def sendall(self, data: Any) -> None:
        self.sock.settimeout(left(self.until))
        self.sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(Ear(self.sock, until=self.until))

    def close(self) -> None:
        self.sock.close()  # the socket itself stays open as long as an ear is at it


class Ear(io.RawIOBase):
    """Reads from a socket as long as there is time."""

    def __init__(self, sock: socket.socket, *, until: float) -> None:
        self.sock, self.until = sock, until
        self.raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self.sock.settimeout(left(self.until))
        return self.raw.readinto(buffer)

    def close(self) -> None:
        self.raw.close()
        super().close()
