"""Receiving of request bodies on the event loop, with limits of size, idle time and total time.

A body is complete before a worker thread handles the request, so that slow or half-sent ones occupy no
thread (docs/decisions/0020-request-bodies-on-the-event-loop.md). Small ones stay in memory, larger ones in
a temporary file.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from tempfile import SpooledTemporaryFile
from typing import Any

SPOOL_BYTES = 256 * 1024  # larger bodies go to a temporary file


class BodyRefusal(StrEnum):
    """Why a body is refused; the value is the error code."""

    TOO_LARGE = "too_large"
    TIMEOUT = "request_timeout"
    INCOMPLETE = "incomplete_body"
    BUSY = "too_many_bodies"
    NO_SPACE = "insufficient_storage"


class BodyRefused(Exception):
    """Raised for a body that is not received."""

    def __init__(self, reason: BodyRefusal) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class BodyTimeouts:
    """Timeouts of receiving a body: `idle_seconds` between two chunks, and in total.

    In total at most `total_seconds`, and one second more for each `min_bytes_per_second` of its size.
    """

    idle_seconds: float
    total_seconds: float
    min_bytes_per_second: int

    def total_for(self, size: int) -> float:
        """Total timeout in seconds of a body of so many bytes."""
        return self.total_seconds + size / self.min_bytes_per_second


class BodyStore:
    """Limits the bytes of all bodies that a process holds at the same time."""

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
        """Append a chunk. Raises BodyRefused if the process holds too many bytes, or the disk is full."""
        if self.store.held_bytes + len(chunk) > self.store.max_bytes:
            raise BodyRefused(BodyRefusal.BUSY)
        self.size += len(chunk)
        self.store.held_bytes += len(chunk)
        try:
            self.file.write(chunk)
        except OSError as error:
            raise BodyRefused(BodyRefusal.NO_SPACE) from error

    def rewind(self) -> None:
        """Seek to the beginning for the reader. Raises BodyRefused if the disk is full."""
        try:
            self.file.seek(0)  # flushes buffered bytes
        except OSError as error:
            raise BodyRefused(BodyRefusal.NO_SPACE) from error

    def close(self) -> None:
        """Release the file and its bytes. Call it on the event loop: the count is not locked."""
        self.store.held_bytes -= self.size
        self.size = 0
        with suppress(OSError):  # a full disk has no room for the buffered bytes of a refused body
            self.file.close()


async def receive_body(
    proto: Any, *, length: int | None, max_bytes: int, timeouts: BodyTimeouts, store: BodyStore
) -> SpooledBody:
    """Receive the complete body of a request, rewound.

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
    """Read the body chunk by chunk. Raises BodyRefused.

    Granian gives an empty chunk both at the end and for an error, and after an error one more at the
    end: a body of known length is complete by its length, a chunked one if a single empty chunk ends it.
    """
    clock = asyncio.get_running_loop().time
    deadline = clock() + timeouts.total_for(max_bytes if length is None else length)
    chunks = aiter(proto)
    empty_chunks = 0
    while length is None or body.size < length:
        try:
            async with asyncio.timeout_at(min(deadline, clock() + timeouts.idle_seconds)):
                # Not anext(): its default crashes the process with the awaitable that Granian returns.
                chunk = await chunks.__anext__()
        except TimeoutError:
            raise BodyRefused(BodyRefusal.TIMEOUT) from None
        except StopAsyncIteration:
            break
        if not chunk:
            empty_chunks += 1
            continue
        if body.size + len(chunk) > max_bytes:
            raise BodyRefused(BodyRefusal.TOO_LARGE)
        body.add(chunk)
    if empty_chunks > 1 or (length is not None and body.size != length):
        raise BodyRefused(BodyRefusal.INCOMPLETE)


async def drain_body(proto: Any, *, seconds: float) -> None:
    """Read and discard what a client still sends, so that it can read the response (RFC 9112, section
    9.6)."""
    with suppress(RuntimeError):  # iteration has begun already
        aiter(proto)
    with suppress(TimeoutError, StopAsyncIteration):
        async with asyncio.timeout(seconds):
            while True:
                await proto.__anext__()
