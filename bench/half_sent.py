"""Benchmark of slow clients: reader latencies beside half-sent requests and slow uploads. Loopback only.

200 connections send half a request (a head without its end; the head of a vote or a sign-in and one byte of
its body) and keep quiet, 20 upload 20 MB at 10 kB/s. Readers are measured in turns with and without them;
who is cut off with a 408 or a closed connection comes again at once. Ends by itself.
"""

import argparse
import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from bench.__main__ import sample_slugs
from bench.drivers.clients import Measurement, RequestMix, measure_requests, median_measurement
from bench.drivers.report import describe_load, describe_machine
from bench.drivers.server import demo_newsroom

HALF_SENT, UPLOADS = 200, 20
UPLOAD_BYTES, BYTES_PER_SECOND = 20_000_000, 10_000
HOST = "Host: 127.0.0.1\r\n"
HALF_SENT_REQUESTS = (
    b"GET /api/v1/articles/ HTTP/1.1\r\nHost: 127",
    f"PUT /api/v1/polls/1/vote/ HTTP/1.1\r\n{HOST}Content-Length: 4000\r\n\r\n{{".encode(),
    f"POST /_allauth/app/v1/auth/login HTTP/1.1\r\n{HOST}Content-Length: 900\r\n\r\n{{".encode(),
)
SLOW_UPLOAD = (
    f"POST /api/v1/desk/photos/ HTTP/1.1\r\n{HOST}Content-Type: multipart/form-data; boundary=b\r\n"
    f"Content-Length: {UPLOAD_BYTES}\r\n\r\n--b\r\n"
).encode()
MEASURED_PATHS = {"detail of one hot story": "/api/v1/articles/{}/", "health": "/health/live"}
TABLE_HEAD = (
    "| what | alone: requests/s | p50 ms | p99 ms | beside them: requests/s | p50 | p99 | p99 ratio |",
    "|---|--:|--:|--:|--:|--:|--:|--:|",
)


class SlowClients:
    """Slow clients: connections that never finish their request, on an event loop in a thread."""

    def __init__(self, site: str) -> None:
        address = urlsplit(site)
        self.host, self.port = address.hostname or "", address.port or 80
        self.refused = 0

    async def half_send(self, sent: bytes) -> None:
        while True:
            with suppress(OSError):
                reader, writer = await asyncio.open_connection(self.host, self.port)
                writer.write(sent)
                await reader.read()
                writer.close()
                self.refused += 1

    async def upload_slowly(self) -> None:
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection(self.host, self.port)
                writer.write(SLOW_UPLOAD)
                while not writer.is_closing():
                    writer.write(b"x" * (BYTES_PER_SECOND // 2))
                    await writer.drain()
                    await asyncio.sleep(0.5)

    async def come(self) -> None:
        halves = [
            self.half_send(HALF_SENT_REQUESTS[n % len(HALF_SENT_REQUESTS)])
            for n in range(HALF_SENT)
        ]
        await asyncio.gather(*halves, *(self.upload_slowly() for _ in range(UPLOADS)))

    @contextmanager
    def present(self) -> Iterator[None]:
        """Keep the connections open for the length of the block."""
        loop = asyncio.new_event_loop()
        task = loop.create_task(self.come())
        thread = threading.Thread(target=self.run, args=(loop, task))
        thread.start()
        try:
            yield
        finally:
            loop.call_soon_threadsafe(task.cancel)
            thread.join(10)

    @staticmethod
    def run(loop: asyncio.AbstractEventLoop, task: "asyncio.Task[None]") -> None:
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        loop.close()


def main() -> None:
    asked = arguments()
    print("\n".join(TABLE_HEAD), flush=True)
    with demo_newsroom(stories=20, server=asked.server) as site:
        slug = sample_slugs(site)[0]
        for what, path in MEASURED_PATHS.items():
            print(comparison_row(site, what, RequestMix([path.format(slug)]), asked), flush=True)
    print(
        f"\n{describe_machine()}, SQLite, {asked.server}. {HALF_SENT} half-sent requests and "
        f"{UPLOADS} uploads of "
        f"{UPLOAD_BYTES // 1_000_000} MB at {BYTES_PER_SECOND // 1000} kB/s; the median of {asked.rounds} "
        f"rounds of {asked.seconds} s, alone and beside them in turns. {describe_load()}"
    )


def comparison_row(site: str, what: str, asking: RequestMix, asked: argparse.Namespace) -> str:
    measure_requests(site, asking, connections=asked.connections, seconds=1)
    alone: list[Measurement] = []
    loaded: list[Measurement] = []
    for _ in range(asked.rounds):
        alone.append(
            measure_requests(site, asking, connections=asked.connections, seconds=asked.seconds)
        )
        with SlowClients(site).present():
            threading.Event().wait(1)  # until all of them are there
            try:
                loaded.append(
                    measure_requests(
                        site, asking, connections=asked.connections, seconds=asked.seconds
                    )
                )
            except SystemExit:  # for requests that failed
                loaded.append(Measurement(0, 0, 0))
    one, other = median_measurement(alone), median_measurement(loaded)
    if not other.per_second:
        return f"| {what} | {format_figures(one)} | no answer | | | |"
    return (
        f"| {what} | {format_figures(one)} | {format_figures(other)} | {other.p99 / one.p99:.1f} |"
    )


def format_figures(measured: Measurement) -> str:
    return f"{measured.per_second:,.0f} | {measured.p50:.1f} | {measured.p99:.1f}"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.half_sent", description=__doc__)
    parser.add_argument("--seconds", type=int, default=3, help="a round (default 3)")
    parser.add_argument("--rounds", type=int, default=7, help="(default 7)")
    parser.add_argument("--connections", type=int, default=8, help="of readers (default 8)")
    parser.add_argument("--server", choices=["granian", "granian-wsgi"], default="granian")
    return parser.parse_args()


if __name__ == "__main__":
    main()
