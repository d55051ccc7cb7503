"""Receives request bodies on the event loop, under limits of size, idle time and total time.

A body is complete before a worker thread sees the request, so that slow or half-sent ones hold no thread
(docs/decisions/0020-bodies-before-threads.md). Small ones stay in memory, larger ones in a temporary file.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from tempfile import SpooledTemporaryFile
from typing import Any

SPOOL_BYTES = 256 * 1024  # larger bodies go to a temporary file


class BodyRefusal(StrEnum):
    """Why a body was not received."""

    TOO_LARGE = "too_large"
    TIMEOUT = "request_timeout"
    INCOMPLETE = "incomplete_body"
    BUSY = "too_many_bodies"
    NO_SPACE = "insufficient_storage"


class BodyRefused(Exception):
    """A body that is not received; `reason` says why."""

    def __init__(self, reason: BodyRefusal) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class BodyTimeouts:
    """How long a body may take: between two pieces of it, and altogether.

    The whole takes at most `total_seconds` and one second more for each `min_bytes_per_second` of its size.
    """

    idle_seconds: float
    total_seconds: float
    min_bytes_per_second: int

    def total_for(self, size: int) -> float:
        """Seconds within which a body of so many bytes must have come."""
        return self.total_seconds + size / self.min_bytes_per_second


class BodyStore:
    """Counts the bytes of all bodies that a process holds at the moment, and bounds them."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.held_bytes = 0

    def new(self) -> "SpooledBody":
        return SpooledBody(self)


class SpooledBody:
    """The received bytes of one body, readable as a file once complete. Close it."""

    def __init__(self, store: BodyStore) -> None:
        self.store = store
        self.file = SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115 -- closed by close()
        self.size = 0

    def add(self, chunk: bytes) -> None:
        """Raises BodyRefused when the process holds too much already, or the disk is full."""
        if self.store.held_bytes + len(chunk) > self.store.max_bytes:
            raise BodyRefused(BodyRefusal.BUSY)
        self.size += len(chunk)
        self.store.held_bytes += len(chunk)
        try:
            self.file.write(chunk)
        except OSError as error:
            raise BodyRefused(BodyRefusal.NO_SPACE) from error

    def rewind(self) -> None:
        """Go back to the beginning, for who reads it. Raises BodyRefused when the disk is full."""
        try:
            self.file.seek(0)  # writes the last bytes, which were still buffered
        except OSError as error:
            raise BodyRefused(BodyRefusal.NO_SPACE) from error

    def close(self) -> None:
        """On the event loop, where alone the bytes are counted."""
        self.store.held_bytes -= self.size
        self.size = 0
        with suppress(
            OSError
        ):  # buffered bytes of a refused body, for which there is no room either
            self.file.close()


async def receive_body(
    proto: Any, *, length: int | None, max_bytes: int, timeouts: BodyTimeouts, store: BodyStore
) -> SpooledBody:
    """The whole body of a request, rewound.

    `length` is its Content-Length, None where it comes in chunks; `proto` an RSGI HTTP protocol.
    Raises BodyRefused.
    """
    if length is not None and length > max_bytes:
        raise BodyRefused(BodyRefusal.TOO_LARGE)
    body = store.new()
    try:
        await receive_into(body, proto, length=length, max_bytes=max_bytes, timeouts=timeouts)
        body.rewind()
    except BaseException:
        body.close()
        raise
    return body


async def receive_into(
    body: SpooledBody, proto: Any, *, length: int | None, max_bytes: int, timeouts: BodyTimeouts
) -> None:
    """Read the body piece by piece.

    Granian gives an empty piece for the end and for an error alike, and after an error one more for the
    end: a body of known length is complete by its length, one in chunks when a single empty piece ends it.
    """
    clock = asyncio.get_running_loop().time
    until = clock() + timeouts.total_for(max_bytes if length is None else length)
    pieces = aiter(proto)
    empty_pieces = 0
    while length is None or body.size < length:
        try:
            async with asyncio.timeout_at(min(until, clock() + timeouts.idle_seconds)):
                # Not anext(): its default breaks on what Granian gives to await (a crash of the process).
                chunk = await pieces.__anext__()
        except TimeoutError:
            raise BodyRefused(BodyRefusal.TIMEOUT) from None
        except StopAsyncIteration:
            break
        if not chunk:
            empty_pieces += 1
            continue
        if body.size + len(chunk) > max_bytes:
            raise BodyRefused(BodyRefusal.TOO_LARGE)
        body.add(chunk)
    if empty_pieces > 1 or (length is not None and body.size != length):
        raise BodyRefused(BodyRefusal.INCOMPLETE)


async def drain_body(proto: Any, *, seconds: float) -> None:
    """Read on and drop what a client still sends, so that it gets to read the answer (RFC 9112, 9.6)."""
    with suppress(RuntimeError):  # reading it has begun already
        aiter(proto)
    with suppress(TimeoutError, StopAsyncIteration):
        async with asyncio.timeout(seconds):
            while True:
                await proto.__anext__()
