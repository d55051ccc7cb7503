"""Public reads one after the other, as long as each is quick."""

import threading
import time
from collections.abc import Callable

from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from newsroom.http.middleware import is_public_read

# Seconds, from the moment the other began: most answers take less. Behind one that takes more, such as a
# search, all others go on as if there were no turns.
PATIENCE = 0.003


class Turns:
    """Lets a process's threads answer public reads in turns.

    They share the interpreter's lock, and SQLite, which works in our own thread, gives it back at every
    row: two at once take it from each other many times an answer, and both take half as long again
    (docs/performance.md).  Raises MiddlewareNotUsed where a server has the database: while one thread
    waits for it another works.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if connection.vendor != "sqlite":
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.turn = threading.Lock()
        self.began = 0.0  # of whoever has the turn; monotonic seconds

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_public_read(request):
            return self.get_response(request)
        left = self.began + PATIENCE - time.monotonic()
        is_ours = self.turn.acquire(timeout=left) if left > 0 else self.turn.acquire(blocking=False)
        if is_ours:
            self.began = time.monotonic()
        try:
            return self.get_response(request)
        finally:
            if is_ours:
                self.turn.release()
