"""A server that is away is a 503, a full disk a 507: at every address, for whoever asks."""

import errno
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, ProgrammingError, connection
from django.test import Client
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import TimeoutError as RedisTimeout

from newsroom.unavailable import Failure, cause_of
from tests import make
from tests.nosy import Guesses, routes


def from_driver(kind: type[DatabaseError], driver: Exception) -> DatabaseError:
    """A database error as Django raises it, from the driver's own."""
    error = kind(str(driver))
    error.__cause__ = driver
    return error


def of_sqlite(code: int, words: str) -> DatabaseError:
    driver = sqlite3.OperationalError(words)
    driver.sqlite_errorcode = code
    return from_driver(OperationalError, driver)


def away() -> DatabaseError:
    return from_driver(OperationalError, psycopg.OperationalError("connection refused"))


def full() -> DatabaseError:
    return of_sqlite(13, "database or disk is full")


@contextmanager
def database_raises(error: Callable[[], Exception]) -> Iterator[None]:
    """Every query of this thread fails."""

    def fail(*_args: Any, **_options: Any) -> Any:
        raise error()

    with connection.execute_wrapper(fail):
        yield


UNAVAILABLE, FULL = Failure.UNAVAILABLE, Failure.STORAGE_FULL


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (away(), UNAVAILABLE),
        (from_driver(OperationalError, psycopg.errors.AdminShutdown("ended")), UNAVAILABLE),
        (from_driver(OperationalError, psycopg.errors.LockNotAvailable("lock")), UNAVAILABLE),
        (from_driver(OperationalError, psycopg.errors.DiskFull("no space")), FULL),
        (of_sqlite(5, "database is locked"), UNAVAILABLE),
        (full(), FULL),
        (of_sqlite(8, "attempt to write a readonly database"), FULL),
        (of_sqlite(10 | (19 << 8), "disk I/O error"), FULL),
        (of_sqlite(14, "unable to open database file"), FULL),
        (of_sqlite(1, "no such column: colour"), None),
        (from_driver(ProgrammingError, psycopg.errors.UndefinedColumn("colour")), None),
        (from_driver(ProgrammingError, psycopg.errors.InsufficientPrivilege("no")), None),
        (OSError(errno.ENOSPC, "No space left on device"), FULL),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), FULL),
        (OSError(errno.EROFS, "Read-only file system"), FULL),
        (FileNotFoundError(errno.ENOENT, "No such file"), None),
        (RedisTimeout("too slow"), UNAVAILABLE),
        (BrokerError("refused"), UNAVAILABLE),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), UNAVAILABLE),
        (KeyError("colour"), None),
    ],
)
def test_a_failure_of_a_backend_is_told_from_a_mistake_of_ours(
    error: Exception, failure: Failure | None
) -> None:
    found = cause_of(error)
    assert (found.failure if found else None) == failure


GUESSES = Guesses(slugs=["a-slug"], numbers=[1], keys=["0" * 12], files=["640.jpg"])
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def requests_to_every_address() -> Iterator[tuple[str, str]]:
    for route in routes():
        if "/account/phone" in route.template:
            continue  # allauth's own mistake: its view asks for `self.user` before it is there
        for address in route.addresses(GUESSES, 1):
            yield from ((method, address) for method in METHODS)


@pytest.mark.django_db
@pytest.mark.parametrize(("error", "status"), [(away, 503), (full, 507)])
def test_no_address_answers_500_while_the_database_fails(
    error: Callable[[], DatabaseError], status: int
) -> None:
    """Whoever asks by whatever method: 503 or 507, or what needs no database."""
    anonymous, chief = (Client(raise_request_exception=False) for _ in range(2))
    chief.force_login(make.staff("boss", role="chief"))
    wrong, met = list[Any](), Counter[int]()
    with database_raises(error):
        for method, address in requests_to_every_address():
            for who in (anonymous, chief):
                answer = who.generic(method, address, "{}", content_type="application/json")
                met[answer.status_code] += 1
                if answer.status_code >= 500 and not is_said_well(answer, address, status):
                    wrong.append((method, address, who is chief, answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))
    assert met[status] > 100


def is_said_well(answer: Any, address: str, status: int) -> bool:
    """Whether it is this status, to be kept by nobody, in words for programs or for people."""
    if address == "/health/ready":
        return bool(answer.status_code == 503)
    if (answer.status_code, answer["Cache-Control"]) != (status, "no-store"):
        return False
    is_api = address.startswith(("/api/", "/_allauth/", "/desk/photos/"))
    kind = "application/problem+json" if is_api else "text/html; charset=utf-8"
    waits = answer.has_header("Retry-After") == (status == 503)
    return bool(answer["Content-Type"] == kind and waits)
