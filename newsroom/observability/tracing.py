"""One piece of work, followed: from a request into its log lines and into the tasks it leaves behind."""

import re
import secrets
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from newsroom.http.client_ip import came_through

HEADER = "HTTP_X_REQUEST_ID"
# Long enough to be one of a kind, nothing that could break out of a log line or a header.
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")


class Trace:
    """What is being done at the moment in this thread. Its id is made at the first need: most public
    reads are answered from memory and need none."""

    __slots__ = ("_id", "request")

    def __init__(self, request: HttpRequest | None) -> None:
        self.request = request
        self._id = ""

    @property
    def id(self) -> str:
        if not self._id:
            self._id = id_of(self.request)
        return self._id

    def told(self) -> dict[str, Any]:
        """What a log line says of it: ids, never a name or an address."""
        user = known_user(self.request)
        return {"request_id": self.id} | ({} if user is None else {"user_id": user})


class TaskTrace(Trace):
    """A task: with the id of the request or task that left it behind, else its own."""

    __slots__ = ("task", "task_id")

    def __init__(self, task: str, task_id: str, left_by: object) -> None:
        super().__init__(None)
        self._id = str(left_by) if is_well_formed(left_by) else task_id
        self.task = task
        self.task_id = task_id

    def told(self) -> dict[str, Any]:
        return super().told() | {"task": self.task, "task_id": self.task_id}


current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def id_of(request: HttpRequest | None) -> str:
    """The id that our own proxy gave the request; a new one where none did, or not well."""
    if request is not None and came_through(request.META, proxies=settings.TRUSTED_PROXIES):
        given = request.META.get(HEADER, "")
        if is_well_formed(given):
            return str(given)
    return secrets.token_hex(16)


def is_well_formed(given: object) -> bool:
    return isinstance(given, str) and WELL_FORMED.fullmatch(given) is not None


def known_user(request: HttpRequest | None) -> int | None:
    """The number of who is signed in, if anybody has looked; looking here would cost a query."""
    if request is None:
        return None
    user = request.__dict__.get("user")
    if isinstance(user, SimpleLazyObject):  # Django's, which keeps here whom it has looked up
        user = request.__dict__.get("_cached_user")
    number = getattr(user, "pk", None)
    return number if isinstance(number, int) else None
