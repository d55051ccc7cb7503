"""Request ids: one id from a request into its log lines and into the tasks that it enqueues."""

import re
import secrets
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from newsroom.http.client_ip import forwarded_addresses

REQUEST_ID_HEADER = "HTTP_X_REQUEST_ID"
# Long enough to be unique, and without characters that could break out of a log line or a header.
REQUEST_ID_PATTERN = re.compile(r"[A-Za-z0-9._-]{8,64}")


class Trace:
    """The request that the current thread serves. Its id is made at the first use: most public reads are
    answered from the response cache and need none.
    """

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
        """The fields of a log line: ids, never a name or an e-mail address."""
        user = loaded_user_id(self.request)
        return {"request_id": self.id} | ({} if user is None else {"user_id": user})


class TaskTrace(Trace):
    """A task: its id is that of the request or task that enqueued it, else its own."""

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
    """The id that our own proxy gave the request; a new one where there is none, or an invalid one."""
    if request is not None and forwarded_addresses(request.META, proxies=settings.TRUSTED_PROXIES):
        request_id = request.META.get(REQUEST_ID_HEADER, "")
        if is_valid_request_id(request_id):
            return str(request_id)
    return secrets.token_hex(16)


def is_valid_request_id(value: object) -> bool:
    return isinstance(value, str) and REQUEST_ID_PATTERN.fullmatch(value) is not None


def loaded_user_id(request: HttpRequest | None) -> int | None:
    """The signed-in user's id, if the request has loaded it already; loading it here would cost a query."""
    if request is None:
        return None
    user = request.__dict__.get("user")
    if isinstance(user, SimpleLazyObject):  # Django's, which keeps the loaded user here
        user = request.__dict__.get("_cached_user")
    user_id = getattr(user, "pk", None)
    return user_id if isinstance(user_id, int) else None
