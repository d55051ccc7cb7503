"""One HTTP call to a checked address: pinned, no redirects, no proxy, little time, little memory."""

import http.client
import io
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from dispatch.guard import Place, place_of, resolve
from newsroom.text import clean

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
    place = place_of(letter.url)
    addresses = resolve(place, within=left(until))
    connection = Pinned(place, addresses=addresses, until=until)
    try:
        connection.putrequest(letter.method, place.path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers_of(letter, place).items():
            connection.putheader(name, value)
        connection.endheaders(letter.body)
        with connection.getresponse() as response:
            return read(response)
    finally:
        connection.close()


def headers_of(letter: Letter, place: Place) -> dict[str, str]:
    own = {"Host": place.authority, "User-Agent": USER_AGENT, "Connection": "close"}
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

    def __init__(self, place: Place, *, addresses: list[str], until: float) -> None:
        super().__init__(place.host, place.port)
        self.place, self.addresses, self.until = place, addresses, until

    def connect(self) -> None:
        bare = self.reach()
        try:
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
