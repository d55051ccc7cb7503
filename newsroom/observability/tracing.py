"""One piece of work, followed: from a request into its log lines and into the tasks it leaves behind."""

import re
import secrets
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from newsroom.http.client_ip import forwarded_addresses

REQUEST_ID_HEADER = "HTTP_X_REQUEST_ID"
# Long enough to be one of a kind, nothing that could break out of a log line or a header.
REQUEST_ID_PATTERN = re.compile(r"[A-Za-z0-9._-]{8,64}")


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
            self._id = request_id_of(self.request)
        return self._id

    def fields(self) -> dict[str, Any]:
        """What a log line says of it: ids, never a name or an address."""
        user = loaded_user_id(self.request)
        return {"request_id": self.id} | ({} if user is None else {"user_id": user})


class TaskTrace(Trace):
    """A task: with the id of the request or task that left it behind, else its own."""

    __slots__ = ("task", "task_id")

    def __init__(self, task: str, task_id: str, parent_id: object) -> None:
        super().__init__(None)
        self._id = str(parent_id) if is_valid_request_id(parent_id) else task_id
        self.task = task
        self.task_id = task_id

    def fields(self) -> dict[str, Any]:
        return super().fields() | {"task": self.task, "task_id": self.task_id}


current_trace: ContextVar[Trace | None] = ContextVar("trace", default=None)


def request_id_of(request: HttpRequest | None) -> str:
    """The id that our own proxy gave the request; a new one where none did, or not well."""
    if request is not None and forwarded_addresses(request.META, proxies=settings.TRUSTED_PROXIES):
        given = request.META.get(REQUEST_ID_HEADER, "")
        if is_valid_request_id(given):
            return str(given)
    return secrets.token_hex(16)


def is_valid_request_id(given: object) -> bool:
    return isinstance(given, str) and REQUEST_ID_PATTERN.fullmatch(given) is not None


def loaded_user_id(request: HttpRequest | None) -> int | None:
    """The number of who is signed in, if anybody has looked; looking here would cost a query."""
    if request is None:
        return None
    user = request.__dict__.get("user")
    if isinstance(user, SimpleLazyObject):  # Django's, which keeps here whom it has looked up
        user = request.__dict__.get("_cached_user")
    number = getattr(user, "pk", None)
    return number if isinstance(number, int) else None
