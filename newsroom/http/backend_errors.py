"""Mapping of backend failures to HTTP status: 503 for a server that is away, 507 for a full disk.

A backend is the database, Redis, the mail server, object storage or the data folder.  Whatever part of
a request meets the failure (view, middleware, session, commit), the answer is a problem document for
programs and a page for people (RFC 9110, section 15.6.4; RFC 4918, section 11.5).  Statements and
values that are wrong (`no such column`) are mistakes of ours and stay 500.
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

from newsroom.errors import Refused
from newsroom.observability.metrics import count_backend_failure

logger = logging.getLogger(__name__)
RETRY_AFTER_SECONDS = 5
LOG_EVERY_SECONDS = 10.0
# A failure that took this long to show itself was a server that does not even refuse; meanwhile nobody
# else waits for it.
SLOW_FAILURE_SECONDS = 1.0
CIRCUIT_OPEN_SECONDS = 2.0
NO_SPACE_ERRNOS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
# SQLite's primary result codes (sqlite.org/rescode.html).
SQLITE_ERROR, SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN = 1, 8, 10, 13, 14
# PostgreSQL's (appendix A of its manual).
DISK_FULL, READ_ONLY_TRANSACTION, INSUFFICIENT_PRIVILEGE = "53100", "25006", "42501"
FAILURE_ATTRIBUTE = "backend_failure"  # attribute of the answers made here


class FailureKind(Enum):
    """What a client is told: status and stable code."""

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
    """Which backend failed (a label of the metric), and how; `is_unreachable` for a database that is not
    there, as against one that could not do this one thing, such as get a lock in time."""

    backend: str
    failure: FailureKind
    is_unreachable: bool = False


def backend_failure_of(error: BaseException | None) -> BackendFailure | None:
    """The backend failure behind an exception or one of its causes; None for a mistake of ours, and for
    what is an answer in itself."""
    if isinstance(error, Http404 | PermissionDenied | Refused):
        return None
    for each in exception_chain(error):
        if isinstance(each, DatabaseError):
            return database_failure_of(each)
        if isinstance(each, RedisConnectionError | RedisTimeoutError | BrokerError):
            return BackendFailure("redis", FailureKind.UNAVAILABLE)
        if isinstance(each, OSError) and each.errno in NO_SPACE_ERRNOS:
            return BackendFailure("files", FailureKind.STORAGE_FULL)
        if is_network_failure(each):
            return BackendFailure("network", FailureKind.UNAVAILABLE)
    return None


def exception_chain(error: BaseException | None) -> Iterator[BaseException]:
    """The exception and what it was raised from or during, outermost first; each once."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def is_network_failure(error: BaseException) -> bool:
    """Whether a mail server or object storage (botocore, which need not be installed) is away."""
    names = {f"{kind.__module__}.{kind.__name__}" for kind in type(error).__mro__}
    return isinstance(error, ConnectionError | TimeoutError) or bool(
        names & {"botocore.exceptions.HTTPClientError", "smtplib.SMTPServerDisconnected"}
    )


def database_failure_of(error: DatabaseError) -> BackendFailure | None:
    driver = error.__cause__
    if isinstance(driver, sqlite3.Error):
        failure = sqlite_failure_kind(error, driver)
        return BackendFailure("database", failure) if failure else None
    failure = postgres_failure_kind(error, driver)
    is_unreachable = getattr(driver, "sqlstate", None) is None
    return BackendFailure("database", failure, is_unreachable) if failure else None


def sqlite_failure_kind(error: DatabaseError, driver: sqlite3.Error) -> FailureKind | None:
    if not isinstance(error, OperationalError):
        return None
    code = int(getattr(driver, "sqlite_errorcode", SQLITE_ERROR)) & 0xFF
    if code == SQLITE_ERROR:
        return None
    # A disk that takes no byte shows itself in all of these: the log or its index cannot grow.
    full = {SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN}
    return FailureKind.STORAGE_FULL if code in full else FailureKind.UNAVAILABLE


def postgres_failure_kind(error: DatabaseError, driver: BaseException | None) -> FailureKind | None:
    state = getattr(driver, "sqlstate", None)
    if state == DISK_FULL:
        return FailureKind.STORAGE_FULL
    if isinstance(error, ProgrammingError) and state == INSUFFICIENT_PRIVILEGE:
        # PostgreSQL reports a read-only file system as a lack of permission.
        return FailureKind.STORAGE_FULL if os.strerror(errno.EROFS) in str(error) else None
    if isinstance(error, InternalError):  # a standby, until it takes over
        return FailureKind.UNAVAILABLE if state == READ_ONLY_TRANSACTION else None
    away = isinstance(error, OperationalError | InterfaceError)
    return FailureKind.UNAVAILABLE if away else None


# -- Answers -----------------------------------------------------------------------------------------


def set_backend_failure(answer: Any, cause: BackendFailure) -> None:
    """Note on an answer which backend's failure made it; sets its headers."""
    setattr(answer, FAILURE_ATTRIBUTE, cause)
    for name, value in cause.failure.headers.items():
        answer[name] = value


def backend_failure_of_response(answer: HttpResponseBase) -> BackendFailure | None:
    """The backend failure that made this answer, if one did."""
    return getattr(answer, FAILURE_ATTRIBUTE, None)


def page(request: HttpRequest, failure: FailureKind) -> HttpResponse:
    """A page in words that needs no database. After a form, it holds what was typed, to send again."""
    words = {
        "sentence": failure.sentence,
        "failure": failure,
        "typed": submitted_form_fields(request),
    }
    # Without the request, whose context processors would ask the database who this is.
    text = render_to_string("newsroom/unavailable.html", words)
    answer = HttpResponse(text, status=failure.status)
    answer["Cache-Control"] = "no-store"
    return answer


def submitted_form_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form of the desk that this browser sent, by name; of nobody else's and no secret.

    Only after the CSRF check: else another site could have its words shown here.
    """
    if not (request.method == "POST" and request.path_info.startswith("/admin/")):
        return []
    if not getattr(request, "csrf_processing_done", False):
        return []
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    return [] if any("password" in name for name, _value in fields) else fields


# -- What happened, in the log and as a figure -------------------------------------------------------


class CircuitBreaker:
    """Circuit breaker: open for two seconds after a failure that took long to show itself."""

    def __init__(self) -> None:
        self.open_until = float("-inf")

    def record_duration(self, *, seconds: float) -> None:
        if seconds >= SLOW_FAILURE_SECONDS:
            self.open_until = time.monotonic() + CIRCUIT_OPEN_SECONDS

    def is_open(self) -> bool:
        return time.monotonic() < self.open_until


def close_connection_after_request() -> None:
    """Let this thread's connection end with the request or task in hand: SQLite opens a file for reading
    alone where the disk is read-only, and would go on to when it is not any more."""
    connection.close_at = time.monotonic()


class FailureReporter:
    """Counts every failure and logs why, at most once in ten seconds for each kind."""

    def __init__(self) -> None:
        self.last_logged_at: dict[BackendFailure, float] = {}
        self.last_seen_at: dict[FailureKind, float] = {}

    def report(self, cause: BackendFailure, error: BaseException) -> None:
        count_backend_failure(cause.backend, cause.failure.code)
        if cause.backend == "database":
            close_connection_after_request()
        now = self.last_seen_at[cause.failure] = time.monotonic()
        if now - self.last_logged_at.get(cause, float("-inf")) >= LOG_EVERY_SECONDS:
            self.last_logged_at[cause] = now
            words = " ".join(str(error).split())[:300]
            logger.warning("%s: %s: %s", cause.backend, type(error).__name__, words)

    def seconds_since(self, failure: FailureKind) -> float:
        """How long ago a request of this process last met such a failure."""
        return time.monotonic() - self.last_seen_at.get(failure, float("-inf"))


circuit_breaker = CircuitBreaker()
failure_reporter = FailureReporter()
