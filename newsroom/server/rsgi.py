"""RSGI application for Granian: the event loop receives bodies, a bounded pool of threads runs Django.

Why not Granian's WSGI interface: there a thread is taken when the head of a request has come and then waits
for the body, or for a slow reader of the answer; two half-sent requests stop a process of two threads
(docs/decisions/0020-bodies-before-threads.md).

A request without a body is run by one thread from beginning to end and never meets the event loop: by a
worker thread, or, with one thread a process, by the thread that starts it. One with a body is a task of
the loop until the body is complete; a worker thread answers it.
"""

import asyncio
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from functools import lru_cache, partial
from io import BytesIO
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from wsgiref.util import FileWrapper

from newsroom.wsgi import application as wsgi_application  # first: it sets up Django

# isort: split
from newsroom.server.body_limits import BODY_REFUSAL_ENVIRON_KEY, max_body_bytes
from newsroom.server.request_body import (
    BodyRefusal,
    BodyRefused,
    SpooledBody,
    drain_body,
    receive_body,
)
from newsroom.server.server_limits import ServerLimits, server_limits

logger = logging.getLogger(__name__)

DRAIN_SECONDS = 2.0
STOP_SECONDS = 4.0  # less than Granian's --workers-kill-timeout
BODYLESS_METHODS = {"GET", "HEAD"}
UNPREFIXED_HEADERS = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
ENVIRON_DEFAULTS: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "Granian",
    "wsgi.errors": sys.stderr,
    "wsgi.file_wrapper": FileWrapper,
    "wsgi.multiprocess": False,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}


class WorkerThreads:
    """A fixed number of threads that run jobs in the order of their submission."""

    def __init__(self, count: int) -> None:
        self.jobs: SimpleQueue[Callable[[], object] | None] = SimpleQueue()
        self.threads = [
            threading.Thread(target=self.work, name=f"web-{number}", daemon=True)
            for number in range(1, count + 1)
        ]
        for thread in self.threads:
            thread.start()

    def submit(self, job: Callable[[], object]) -> None:
        self.jobs.put(job)

    def work(self) -> None:
        while (job := self.jobs.get()) is not None:
            run_logged(job)
            del job  # which keeps its connection open, until the next one comes

    def stop(self) -> None:
        """Let the submitted jobs finish, for STOP_SECONDS altogether."""
        until = time.monotonic() + STOP_SECONDS
        for _ in self.threads:
            self.jobs.put(None)
        for thread in self.threads:
            thread.join(max(0.0, until - time.monotonic()))


def run_logged(job: Callable[[], object]) -> None:
    """Run a job; an exception is logged and ends neither the thread nor the server."""
    try:
        job()
    except Exception:
        logger.exception("A request broke outside of Django")


class StartResponse:
    """WSGI's start_response; keeps what it is given."""

    __slots__ = ("headers", "status")

    def __call__(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        self.status = int(status[:3])
        self.headers = headers


class Application:
    """The RSGI interface around a WSGI application (Granian, docs/spec/RSGI.md)."""

    loop: asyncio.AbstractEventLoop
    threads: WorkerThreads

    def __init__(self, wsgi: Callable[..., Any], limits: ServerLimits) -> None:
        self.wsgi, self.limits = wsgi, limits
        self.store = limits.body_store()
        self.tasks: set[asyncio.Task[None]] = set()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.loop_thread = threading.get_ident()
        self.threads = WorkerThreads(self.limits.threads)
        self.schedule = loop.call_soon_threadsafe
        # Granian starts each request by this method, from a thread of its own. Another loop that does not
        # let itself be told is only slower: __rsgi__ looks where it runs.
        loop.call_soon_threadsafe = self.start  # type: ignore[method-assign,assignment]

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.threads.stop()

    def start(self, callback: Callable[..., object], *args: Any, context: Any = None) -> Any:
        """Give a request without a body to the worker threads; all else to the event loop.

        Waking the loop for each request would cost a third of the requests a second (docs/performance.md).
        With one thread a process it is answered right here, in the thread that starts requests: handing it
        over would cost a fifth to a third of them.
        """
        if len(args) == 2 and asyncio.iscoroutine(args[0]):
            method = getattr(getattr(args[1], "scope", None), "method", "")
            if method in BODYLESS_METHODS:
                if self.limits.threads == 1:
                    return run_logged(partial(self.run, args[0]))
                return self.threads.submit(partial(self.run, args[0]))
        return self.schedule(callback, *args, context=context)

    def run(self, request: Coroutine[Any, Any, None]) -> None:
        """Run a request in this thread; one that waits for something goes on on the event loop."""
        try:
            request.send(None)
        except StopIteration:
            return
        self.schedule(self.continue_on_loop, request)

    def continue_on_loop(self, request: Coroutine[Any, Any, None]) -> None:
        task = self.loop.create_task(request)
        self.tasks.add(task)  # the loop itself holds tasks weakly
        task.add_done_callback(self.tasks.discard)

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        environ = environ_of(scope)
        if not announces_body(environ, scope):
            environ["wsgi.input"] = BytesIO()
            if threading.get_ident() == self.loop_thread:
                await self.in_thread(partial(self.answer, environ, proto))
            else:
                self.answer(environ, proto)
            return
        if threading.get_ident() != self.loop_thread:
            await asyncio.sleep(0)  # a GET with a body: run() has the rest done by the loop
        await self.with_body(environ, proto)

    async def with_body(self, environ: dict[str, Any], proto: Any) -> None:
        """Receive the body, then let a worker thread answer; or refuse it."""
        expects = environ.get("HTTP_EXPECT", "").lower() == "100-continue"
        try:
            body = await self.received(environ, proto)
        except BodyRefused as refused:
            await self.refuse(environ, proto, refused.reason)
            if refused.reason == BodyRefusal.TOO_LARGE and not expects:
                await drain_body(proto, seconds=DRAIN_SECONDS)
            return
        environ["CONTENT_LENGTH"], environ["wsgi.input"] = str(body.size), body.file
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        await self.in_thread(partial(self.answer, environ, proto), after=body.close)

    async def received(self, environ: dict[str, Any], proto: Any) -> SpooledBody:
        said = environ.get("CONTENT_LENGTH", "")
        if said and not (said.isascii() and said.isdecimal()):
            raise BodyRefused(BodyRefusal.INCOMPLETE)
        return await receive_body(
            proto,
            length=int(said[:20]) if said else None,
            max_bytes=max_body_bytes(
                environ["PATH_INFO"].encode("latin-1").decode(), environ.get("CONTENT_TYPE", "")
            ),
            timeouts=self.limits.timeouts,
            store=self.store,
        )

    async def refuse(self, environ: dict[str, Any], proto: Any, reason: BodyRefusal) -> None:
        """Let Django say it, in its words and with its headers; the connection ends then, for what is still
        to come on it is the rest of a body."""
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ |= {
            "CONTENT_LENGTH": "0",
            "wsgi.input": BytesIO(),
            BODY_REFUSAL_ENVIRON_KEY: reason,
        }
        await self.in_thread(partial(self.answer, environ, proto))

    async def in_thread(
        self, job: Callable[[], None], *, after: Callable[[], None] | None = None
    ) -> None:
        """Run the job in a worker thread and wait for its end; `after` it, close what it used.

        Granian cancels the waiting when the client goes away. The job goes on, with the files it reads.
        """
        done = asyncio.Event()

        def end() -> None:
            if after:
                after()
            done.set()

        def run() -> None:
            try:
                job()
            finally:
                self.schedule(end)

        self.threads.submit(run)
        await done.wait()

    def answer(self, environ: dict[str, Any], proto: Any) -> None:
        """Run the WSGI application and send its answer. A reader who is slow to take it holds no thread."""
        begun = StartResponse()
        said = self.wsgi(environ, begun)
        try:
            status, headers = begun.status, begun.headers
            if BODY_REFUSAL_ENVIRON_KEY in environ and environ["SERVER_PROTOCOL"] != "HTTP/2":
                headers = [*headers, ("Connection", "close")]
            if isinstance(said, FileWrapper) and (path := path_of_whole_file(said.filelike)):
                proto.response_file(status, headers, path)
            elif getattr(said, "streaming", True):
                stream = proto.response_stream(status, headers)
                for chunk in said:
                    stream.send_bytes(chunk)
            else:
                proto.response_bytes(status, headers, b"".join(said))
        finally:
            close = getattr(said, "close", None)
            if close:
                close()


def environ_of(scope: Any) -> dict[str, Any]:
    """The WSGI environment of a request (PEP 3333), without its body.

    Header lines of one name are joined (RFC 9110, section 5.3). Names with an underscore are left out: they
    would be taken for those with a hyphen, which a proxy in front of us vouches for.
    """
    server, _, port = scope.server.rpartition(":")
    path = scope.path
    environ = {
        **ENVIRON_DEFAULTS,
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": path if path.isascii() else path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "wsgi.url_scheme": scope.scheme,
    }
    for name, value in scope.headers.items():
        key = environ_key(name)
        if key in environ:
            environ[key] += f"{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
        elif key:
            environ[key] = value
    if "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority or ""
    return environ


@lru_cache(maxsize=512)
def environ_key(name: str) -> str:
    """The name of a header in the WSGI environment; none for one with an underscore."""
    if "_" in name:
        return ""
    return UNPREFIXED_HEADERS.get(name) or f"HTTP_{name.upper().replace('-', '_')}"


def announces_body(environ: dict[str, Any], scope: Any) -> bool:
    """Whether a body may follow the head (RFC 9112, section 6; in HTTP/2 it needs no announcement)."""
    if environ.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in environ:
        return True
    has_frames = scope.http_version == "2" and "CONTENT_LENGTH" not in environ
    return has_frames and scope.method not in BODYLESS_METHODS


def path_of_whole_file(file: Any) -> str | None:
    """Where the file stands that an answer is to give whole; None for anything but such a file."""
    name = getattr(file, "name", None)
    if not isinstance(name, str) or not Path(name).is_absolute():
        return None
    try:
        is_same = os.path.samestat(Path(name).stat(), os.fstat(file.fileno()))
        return name if is_same and file.tell() == 0 else None
    except (AttributeError, OSError, ValueError):
        return None


application = Application(wsgi_application, server_limits())
