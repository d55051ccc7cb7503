"""Mapping of backend failures to HTTP status: 503 for an unavailable server, 507 for a full disk.

A backend is the database, Redis, the mail server, object storage or the data folder. Whatever part of a
request fails (view, middleware, session, commit), the response is a problem document for programs and a
page for people (RFC 9110, section 15.6.4; RFC 4918, section 11.5). Programming errors (`no such column`)
stay 500.
"""

import errno
import logging
import os
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import (
    Error as DatabaseError,
)
from django.db import (
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
    connection,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from newsroom import clock
from newsroom.errors import Refused
from newsroom.observability.metrics import count_backend_failure

logger = logging.getLogger(__name__)
RETRY_AFTER_SECONDS = 5
LOG_EVERY_SECONDS = 10.0
# A failure that took longer than this came from a server that does not even refuse connections: the circuit
# opens, so that other requests do not wait for it.
SLOW_FAILURE_SECONDS = 1.0
CIRCUIT_OPEN_SECONDS = 2.0
NO_SPACE_ERRNOS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
# SQLite's primary result codes (sqlite.org/rescode.html).
SQLITE_ERROR, SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN = 1, 8, 10, 13, 14
# PostgreSQL's (appendix A of its manual).
DISK_FULL, READ_ONLY_TRANSACTION, INSUFFICIENT_PRIVILEGE = "53100", "25006", "42501"
FAILURE_ATTRIBUTE = "backend_failure"  # attribute of the responses made here


class FailureKind(Enum):
    """The kind of a backend failure: HTTP status and stable error code."""

    UNAVAILABLE = (HTTPStatus.SERVICE_UNAVAILABLE, "unavailable")
    STORAGE_FULL = (HTTPStatus.INSUFFICIENT_STORAGE, "storage_full")

    @property
    def status(self) -> int:
        return int(self.value[0])

    @property
    def code(self) -> str:
        return self.value[1]

    @property
    def sentence(self) -> Promise:
        return FAILURE_SENTENCES[self]

    @property
    def headers(self) -> dict[str, str]:
        if self is FailureKind.UNAVAILABLE:
            return {"Retry-After": str(RETRY_AFTER_SECONDS)}
        return {}


FAILURE_SENTENCES: dict[FailureKind, Promise] = {
    FailureKind.UNAVAILABLE: _(
        "A server that is needed for this does not answer at the moment. Try again in a few seconds."
    ),
    FailureKind.STORAGE_FULL: _(
        "This could not be saved: the disk is full or cannot be written. Ask whoever runs the "
        "newsroom to make room, then save again."
    ),
}


@dataclass(frozen=True)
class BackendFailure:
    """Which backend failed (a label of the metric) and how.

    `is_unreachable`: the database server does not answer at all, as against a lock timeout or a full disk.
    """

    backend: str
    kind: FailureKind
    is_unreachable: bool = False


def backend_failure_of(error: BaseException | None) -> BackendFailure | None:
    """The backend failure behind an exception or one of its causes; None for other errors.

    None also for exceptions that are a response of their own: 404, 403, refusals.
    """
    if isinstance(error, Http404 | PermissionDenied | Refused):
        return None
    for exception in exception_chain(error):
        if isinstance(exception, DatabaseError):
            return database_failure_of(exception)
        if isinstance(exception, RedisConnectionError | RedisTimeoutError | BrokerError):
            return BackendFailure("redis", FailureKind.UNAVAILABLE)
        if isinstance(exception, OSError) and exception.errno in NO_SPACE_ERRNOS:
            return BackendFailure("files", FailureKind.STORAGE_FULL)
        if is_network_failure(exception):
            return BackendFailure("network", FailureKind.UNAVAILABLE)
    return None


def exception_chain(error: BaseException | None) -> Iterator[BaseException]:
    """The exception and its causes and contexts, outermost first, each once."""
    seen_ids: set[int] = set()
    while error is not None and id(error) not in seen_ids:
        seen_ids.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def is_network_failure(error: BaseException) -> bool:
    """Whether a mail server or object storage (botocore, which may not be installed) is unavailable."""
    names = {f"{kind.__module__}.{kind.__name__}" for kind in type(error).__mro__}
    return isinstance(error, ConnectionError | TimeoutError) or bool(
        names & {"botocore.exceptions.HTTPClientError", "smtplib.SMTPServerDisconnected"}
    )


def database_failure_of(error: DatabaseError) -> BackendFailure | None:
    """The failure behind a database error, by the driver's error code; None for a programming error."""
    driver_error = error.__cause__
    if isinstance(driver_error, sqlite3.Error):
        kind = sqlite_failure_kind(error, driver_error)
        return BackendFailure("database", kind) if kind else None
    kind = postgres_failure_kind(error, driver_error)
    is_unreachable = getattr(driver_error, "sqlstate", None) is None
    return BackendFailure("database", kind, is_unreachable) if kind else None


def sqlite_failure_kind(error: DatabaseError, driver_error: sqlite3.Error) -> FailureKind | None:
    if not isinstance(error, OperationalError):
        return None
    code = int(getattr(driver_error, "sqlite_errorcode", SQLITE_ERROR)) & 0xFF
    if code == SQLITE_ERROR:
        return None
    # A full disk shows as any of these: neither the log nor its index can grow.
    full = {SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN}
    return FailureKind.STORAGE_FULL if code in full else FailureKind.UNAVAILABLE


def postgres_failure_kind(
    error: DatabaseError, driver_error: BaseException | None
) -> FailureKind | None:
    state = getattr(driver_error, "sqlstate", None)
    if state == DISK_FULL:
        return FailureKind.STORAGE_FULL
    if isinstance(error, ProgrammingError) and state == INSUFFICIENT_PRIVILEGE:
        # PostgreSQL reports a read-only file system as insufficient privilege.
        return FailureKind.STORAGE_FULL if os.strerror(errno.EROFS) in str(error) else None
    if isinstance(error, InternalError):  # a standby, until it is promoted
        return FailureKind.UNAVAILABLE if state == READ_ONLY_TRANSACTION else None
    is_unavailable = isinstance(error, OperationalError | InterfaceError)
    return FailureKind.UNAVAILABLE if is_unavailable else None


# -- Responses ---------------------------------------------------------------------------------------


def set_backend_failure(response: Any, failure: BackendFailure) -> None:
    """Record the failure on the response made for it, and set its headers."""
    setattr(response, FAILURE_ATTRIBUTE, failure)
    for name, value in failure.kind.headers.items():
        response[name] = value


def backend_failure_of_response(response: HttpResponseBase) -> BackendFailure | None:
    """The backend failure for which this response was made, if it was."""
    return getattr(response, FAILURE_ATTRIBUTE, None)


def backend_failure_page(request: HttpRequest, kind: FailureKind) -> HttpResponse:
    """An HTML error page rendered without the database; after a form POST, with its fields to send
    again."""
    context = {
        "sentence": kind.sentence,
        "failure": kind,
        "typed": submitted_form_fields(request),
    }
    # Without the request, whose context processors would query the database for the user.
    text = render_to_string("newsroom/unavailable.html", context)
    response = HttpResponse(text, status=kind.status)
    response["Cache-Control"] = "no-store"
    return response


def submitted_form_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form submitted to the admin, by name; none if the form has a password.

    Only after the CSRF check: otherwise another site could have its text displayed here.
    """
    if not (request.method == "POST" and request.path_info.startswith("/admin/")):
        return []
    if not getattr(request, "csrf_processing_done", False):
        return []
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    return [] if any("password" in name for name, _value in fields) else fields


# -- Circuit breaker, log and metric -----------------------------------------------------------------


class CircuitBreaker:
    """Open for CIRCUIT_OPEN_SECONDS after a request that failed slowly."""

    def __init__(self) -> None:
        self.open_until = float("-inf")

    def record_duration(self, *, seconds: float) -> None:
        """Record how long a request took that failed because the database is unreachable."""
        if seconds >= SLOW_FAILURE_SECONDS:
            self.open_until = clock.monotonic() + CIRCUIT_OPEN_SECONDS

    def is_open(self) -> bool:
        return clock.monotonic() < self.open_until


def close_connection_after_request() -> None:
    """Close this thread's database connection at the end of the request or task.

    SQLite opens a database read-only while the disk is, and the connection would stay so.
    """
    connection.close_at = time.monotonic()


class FailureReporter:
    """Counts every failure and logs the reason, at most once in LOG_EVERY_SECONDS for each failure."""

    def __init__(self) -> None:
        self.last_logged_at: dict[BackendFailure, float] = {}
        self.last_seen_at: dict[FailureKind, float] = {}

    def report(self, failure: BackendFailure, error: BaseException) -> None:
        count_backend_failure(failure.backend, failure.kind.code)
        if failure.backend == "database":
            close_connection_after_request()
        now = self.last_seen_at[failure.kind] = clock.monotonic()
        if now - self.last_logged_at.get(failure, float("-inf")) >= LOG_EVERY_SECONDS:
            self.last_logged_at[failure] = now
            reason = " ".join(str(error).split())[:300]
            logger.warning("%s: %s: %s", failure.backend, type(error).__name__, reason)

    def seconds_since(self, kind: FailureKind) -> float:
        """Seconds since this process last had such a failure."""
        return clock.monotonic() - self.last_seen_at.get(kind, float("-inf"))


circuit_breaker = CircuitBreaker()
failure_reporter = FailureReporter()
