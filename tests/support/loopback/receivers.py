"""HTTP receivers on loopback for webhooks and purges."""

import ipaddress
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LOOPBACK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]


@dataclass(frozen=True)
class ReceivedRequest:
    """One received request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    port: int = 0  # the caller's: the same for all that came over one connection
    at: float = field(default_factory=time.monotonic)


ReceiverResponse = tuple[int, dict[str, str], bytes]


class HTTPReceiver:
    """Server that records requests and replies with `answer`, a status or a function of the request."""

    def __init__(self) -> None:
        self.got: list[ReceivedRequest] = []
        self.answer: (
            int | ReceiverResponse | Callable[[ReceivedRequest], int | ReceiverResponse]
        ) = 204
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/hook"

    def handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def answer(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length)
                if len(body) < length:  # whoever sent it was killed over it: nothing has come
                    self.close_connection = True
                    return
                headers = {name.lower(): value for name, value in self.headers.items()}
                got = ReceivedRequest(
                    self.command, self.path, headers, body, self.client_address[1]
                )
                receiver.got.append(got)
                response = receiver.answer(got) if callable(receiver.answer) else receiver.answer
                status, more, text = (
                    response if isinstance(response, tuple) else (response, {}, b"")
                )
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(text)

            do_GET = do_HEAD = do_POST = do_PURGE = answer  # noqa: N815 -- the names http.server looks for

            def log_message(self, *_words: Any) -> None:
                """Print nothing."""

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:
                    """The caller hung up; that is what some tests want."""

        return Handler


@contextmanager
def running_receiver() -> Iterator[HTTPReceiver]:
    """A receiver for the length of the block."""
    receiver = HTTPReceiver()
    thread = threading.Thread(target=receiver.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.server.shutdown()
        receiver.server.server_close()
        thread.join()
