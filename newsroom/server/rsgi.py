"""RSGI application for Granian: the event loop receives request bodies, a pool of threads runs Django.

With Granian's WSGI interface a thread is occupied while it waits for the body of a request, or for a slow
client to read the response; two half-sent requests stop a process with two threads
(docs/decisions/0020-request-bodies-on-the-event-loop.md).

A request without a body is handled by one thread from beginning to end, without the event loop: by a worker
thread, or, with one thread a process, by the thread that starts it. One with a body is a task of the event
loop until the body is complete; then a worker thread handles it.
"""

import asyncio
import logging
import os
import threading
import time
from collections.abc import Callable, Coroutine
from functools import partial
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
from newsroom.server.wsgi_environ import BODYLESS_METHODS, announces_body, environ_of

logger = logging.getLogger(__name__)

DRAIN_SECONDS = 2.0
STOP_SECONDS = 4.0  # less than Granian's --workers-kill-timeout


class WorkerThreads:
    """Thread pool of a fixed size; runs jobs in the order of their submission."""

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
            del job  # it keeps its connection open

    def stop(self) -> None:
        """Wait for the submitted jobs, at most STOP_SECONDS altogether."""
        deadline = time.monotonic() + STOP_SECONDS
        for _ in self.threads:
            self.jobs.put(None)
        for thread in self.threads:
            thread.join(max(0.0, deadline - time.monotonic()))


def run_logged(job: Callable[[], object]) -> None:
    """Run a job; an exception is logged and ends neither the thread nor the server."""
    try:
        job()
    except Exception:
        logger.exception("A request failed outside of Django")


class StartResponse:
    """WSGI's start_response; stores status and headers."""

    __slots__ = ("headers", "status")

    def __call__(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        self.status = int(status[:3])
        self.headers = headers


class Application:
    """RSGI adapter of a WSGI application (Granian, docs/spec/RSGI.md)."""

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
        # Granian starts each request with this method, from its own thread. With a loop whose method
        # cannot be replaced requests are only slower: __rsgi__ checks in which thread it runs.
        loop.call_soon_threadsafe = self.start  # type: ignore[method-assign,assignment]

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.threads.stop()

    def start(self, callback: Callable[..., object], *args: Any, context: Any = None) -> Any:
        """Replaces `loop.call_soon_threadsafe`: requests without a body bypass the event loop.

        Waking the loop for each request would cost a third of the requests per second
        (docs/performance.md). With one thread a process the request is handled here, in the thread that
        starts it: handing it over would cost a fifth to a third of them.
        """
        if len(args) == 2 and asyncio.iscoroutine(args[0]):
            method = getattr(getattr(args[1], "scope", None), "method", "")
            if method in BODYLESS_METHODS:
                if self.limits.threads == 1:
                    return run_logged(partial(self.run, args[0]))
                return self.threads.submit(partial(self.run, args[0]))
        return self.schedule(callback, *args, context=context)

    def run(self, request: Coroutine[Any, Any, None]) -> None:
        """Run a request in this thread; if it awaits something, continue it on the event loop."""
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
                await self.run_in_thread(partial(self.respond, environ, proto))
            else:
                self.respond(environ, proto)
            return
        if threading.get_ident() != self.loop_thread:
            await asyncio.sleep(0)  # a GET with a body: run() continues it on the loop
        await self.respond_with_body(environ, proto)

    async def respond_with_body(self, environ: dict[str, Any], proto: Any) -> None:
        """Receive the body, then respond in a worker thread; or refuse the body."""
        expects_continue = environ.get("HTTP_EXPECT", "").lower() == "100-continue"
        try:
            body = await self.receive_body(environ, proto)
        except BodyRefused as error:
            await self.refuse_body(environ, proto, error.reason)
            if error.reason == BodyRefusal.TOO_LARGE and not expects_continue:
                await drain_body(proto, seconds=DRAIN_SECONDS)
            return
        environ["CONTENT_LENGTH"], environ["wsgi.input"] = str(body.size), body.file
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        await self.run_in_thread(partial(self.respond, environ, proto), after=body.close)

    async def receive_body(self, environ: dict[str, Any], proto: Any) -> SpooledBody:
        """Receive the body within the limits of the endpoint. Raises BodyRefused."""
        length = environ.get("CONTENT_LENGTH", "")
        if length and not (length.isascii() and length.isdecimal()):
            raise BodyRefused(BodyRefusal.INCOMPLETE)
        return await receive_body(
            proto,
            length=int(length[:20]) if length else None,
            max_bytes=max_body_bytes(
                environ["PATH_INFO"].encode("latin-1").decode(), environ.get("CONTENT_TYPE", "")
            ),
            timeouts=self.limits.timeouts,
            store=self.store,
        )

    async def refuse_body(self, environ: dict[str, Any], proto: Any, reason: BodyRefusal) -> None:
        """Let Django render the error response; then the connection is closed, since the rest of the
        body may follow."""
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ |= {
            "CONTENT_LENGTH": "0",
            "wsgi.input": BytesIO(),
            BODY_REFUSAL_ENVIRON_KEY: reason,
        }
        await self.run_in_thread(partial(self.respond, environ, proto))

    async def run_in_thread(
        self, job: Callable[[], None], *, after: Callable[[], None] | None = None
    ) -> None:
        """Run the job in a worker thread and wait for its end; then call `after` on the event loop.

        Granian cancels the coroutine when the client disconnects. The job and the files it reads go on.
        """
        done = asyncio.Event()

        def finish() -> None:
            if after:
                after()
            done.set()

        def run() -> None:
            try:
                job()
            finally:
                self.schedule(finish)

        self.threads.submit(run)
        await done.wait()

    def respond(self, environ: dict[str, Any], proto: Any) -> None:
        """Run the WSGI application and send its response. A client that reads slowly occupies no thread."""
        start_response = StartResponse()
        chunks = self.wsgi(environ, start_response)
        try:
            status, headers = start_response.status, start_response.headers
            if BODY_REFUSAL_ENVIRON_KEY in environ and environ["SERVER_PROTOCOL"] != "HTTP/2":
                headers = [*headers, ("Connection", "close")]
            if isinstance(chunks, FileWrapper) and (path := path_of_whole_file(chunks.filelike)):
                proto.response_file(status, headers, path)
            elif getattr(chunks, "streaming", True):
                stream = proto.response_stream(status, headers)
                for chunk in chunks:
                    stream.send_bytes(chunk)
            else:
                proto.response_bytes(status, headers, b"".join(chunks))
        finally:
            close = getattr(chunks, "close", None)
            if close:
                close()


def path_of_whole_file(file: Any) -> str | None:
    """The path of a file that is sent from its beginning, for the server to send; None for anything
    else."""
    name = getattr(file, "name", None)
    if not isinstance(name, str) or not Path(name).is_absolute():
        return None
    try:
        is_same = os.path.samestat(Path(name).stat(), os.fstat(file.fileno()))
        return name if is_same and file.tell() == 0 else None
    except (AttributeError, OSError, ValueError):
        return None


application = Application(wsgi_application, server_limits())
