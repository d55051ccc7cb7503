"""Backend failures: an unavailable server is a 503, a full disk a 507, at every URL and for everybody."""

import errno
import logging
import os
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, ProgrammingError, connection
from django.test import Client
from kombu.exceptions import OperationalError as BrokerError
from prometheus_client.mmap_dict import MmapedDict
from redis.exceptions import TimeoutError as RedisTimeout

from accounts.models import User
from desk.models import Draft
from newsroom.http.backend_errors import FailureKind, backend_failure_of
from newsroom.observability import metric_files
from newsroom.observability.metric_files import MetricFile
from tests.desk.admin.test_admin_stories import form_value
from tests.support import make
from tests.support.clients.anonymous_crawler import CandidateValues, routes


def from_driver(kind: type[DatabaseError], driver_error: Exception) -> DatabaseError:
    """A database error as Django raises it, caused by the driver's error."""
    error = kind(str(driver_error))
    error.__cause__ = driver_error
    return error


def sqlite_error(code: int, message: str) -> DatabaseError:
    driver_error = sqlite3.OperationalError(message)
    driver_error.sqlite_errorcode = code
    return from_driver(OperationalError, driver_error)


def unreachable_database() -> DatabaseError:
    return from_driver(OperationalError, psycopg.OperationalError("connection refused"))


def full_disk() -> DatabaseError:
    return sqlite_error(13, "database or disk is full")


@contextmanager
def database_raises(error: Callable[[], Exception]) -> Iterator[None]:
    """Every query of this thread fails."""

    def fail(*_args: Any, **_options: Any) -> Any:
        raise error()

    with connection.execute_wrapper(fail):
        yield


UNAVAILABLE, FULL = FailureKind.UNAVAILABLE, FailureKind.STORAGE_FULL


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (unreachable_database(), UNAVAILABLE),
        (from_driver(OperationalError, psycopg.errors.AdminShutdown("ended")), UNAVAILABLE),
        (from_driver(OperationalError, psycopg.errors.LockNotAvailable("lock")), UNAVAILABLE),
        (from_driver(OperationalError, psycopg.errors.DiskFull("no space")), FULL),
        (sqlite_error(5, "database is locked"), UNAVAILABLE),
        (full_disk(), FULL),
        (sqlite_error(8, "attempt to write a readonly database"), FULL),
        (sqlite_error(10 | (19 << 8), "disk I/O error"), FULL),
        (sqlite_error(14, "unable to open database file"), FULL),
        (sqlite_error(1, "no such column: colour"), None),
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
def test_backend_failure_is_distinguished_from_a_bug(
    error: Exception, kind: FailureKind | None
) -> None:
    failure = backend_failure_of(error)
    assert (failure.kind if failure else None) == kind


GUESSES = CandidateValues(slugs=["a-slug"], numbers=[1], keys=["0" * 12], files=["640.jpg"])
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def requests_to_every_url() -> Iterator[tuple[str, str]]:
    for route in routes():
        if "/account/phone" in route.template:
            continue  # a bug of allauth: its view uses `self.user` before it is set
        for address in route.addresses(GUESSES, 1):
            yield from ((method, address) for method in METHODS)


@pytest.fixture
def silent_log() -> Iterator[None]:
    """Nothing is logged: of thousands of refused requests, each would be a line."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(("error", "status"), [(unreachable_database, 503), (full_disk, 507)])
def test_no_url_answers_500_while_the_database_fails(
    silent_log: None, error: Callable[[], DatabaseError], status: int
) -> None:
    """Every method, anonymous and signed in: 503 or 507, or a response that needs no database."""
    anonymous, chief = (Client(raise_request_exception=False) for _ in range(2))
    chief.force_login(make.staff("boss", role="chief"))
    wrong, statuses = list[Any](), Counter[int]()
    with database_raises(error):
        for method, address in requests_to_every_url():
            for client in (anonymous, chief):
                response = client.generic(method, address, "{}", content_type="application/json")
                statuses[response.status_code] += 1
                if response.status_code >= 500 and not is_failure_response(
                    response, address, status
                ):
                    wrong.append((method, address, client is chief, response.status_code))
    assert not wrong, "\n".join(map(str, wrong))
    assert statuses[status] > 100


def is_failure_response(response: Any, address: str, status: int) -> bool:
    """Whether it has this status, is no-store, and is a problem document or an HTML page as the path
    demands."""
    if address == "/health/ready":
        return bool(response.status_code == 503)
    if (response.status_code, response["Cache-Control"]) != (status, "no-store"):
        return False
    is_api = address.startswith(("/api/", "/_allauth/", "/desk/photos/"))
    content_type = "application/problem+json" if is_api else "text/html; charset=utf-8"
    has_retry_after = response.has_header("Retry-After") == (status == 503)
    return bool(response["Content-Type"] == content_type and has_retry_after)


# -- Submitted forms ---------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status", "message"),
    [(full_disk, 507, "가득 찼거나"), (unreachable_database, 503, "답하지 않습니다")],
)
def test_failure_page_has_the_submitted_form_to_send_again(
    ben: User,
    monkeypatch: pytest.MonkeyPatch,
    error: Callable[[], DatabaseError],
    status: int,
    message: str,
) -> None:
    draft, client = make.draft(), Client()
    client.force_login(ben)
    address = f"/admin/desk/draft/{draft.pk}/change/"
    submitted = fields_of(client, address) | {"headline": "끝까지 쓴 제목", "_continue": "1"}

    def fail(*_args: Any, **_options: Any) -> Any:
        raise error()

    with monkeypatch.context() as patched:
        patched.setattr(Draft, "save", fail)
        refused = client.post(address, submitted)
    assert refused.status_code == status
    page = refused.content.decode()
    assert message in page
    assert "다시 보내기" in page
    hidden = dict(HIDDEN_INPUT_PATTERN.findall(page))
    assert hidden["headline"] == "끝까지 쓴 제목"
    draft.refresh_from_db()
    assert draft.headline != "끝까지 쓴 제목"
    assert client.post(address, hidden_in(page)).status_code == 302
    draft.refresh_from_db()
    assert draft.headline == "끝까지 쓴 제목"


HIDDEN_INPUT_PATTERN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def hidden_in(page: str) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in HIDDEN_INPUT_PATTERN.findall(page):
        fields.setdefault(name, []).append(unescape(value))
    return fields


def fields_of(client: Client, address: str) -> dict[str, Any]:
    """The fields that the admin form would submit unchanged."""
    form = client.get(address).context["adminform"].form
    values = {field.name: field.value() for field in form}
    return {name: form_value(value) for name, value in values.items() if value is not None}


@pytest.mark.django_db
def test_password_is_never_rendered_on_a_failure_page() -> None:
    client = Client()
    credentials = {"username": "ben@example.com", "password": "a-secret-of-bens"}
    with database_raises(unreachable_database):
        page = client.post("/admin/login/", credentials)
    assert page.status_code == 503
    assert "a-secret-of-bens" not in page.content.decode()
    assert "ben@example.com" not in page.content.decode()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a pragma of SQLite")
@pytest.mark.django_db
def test_read_only_database_is_a_507_for_writes_and_reads_go_on() -> None:
    vote_url = f"/api/v1/polls/{make.live(poll=make.poll_data()).poll_id}/vote/"
    client = Client()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        try:
            response = client.put(vote_url, {"side": "pro"}, content_type="application/json")
            assert (response.status_code, response.json()["code"]) == (507, "storage_full")
            assert client.get("/api/v1/articles/").status_code == 200
        finally:
            cursor.execute("PRAGMA query_only = OFF")
    again = client.put(vote_url, {"side": "pro"}, content_type="application/json")
    assert again.status_code == 200


# -- Metric files ------------------------------------------------------------------------------------


def test_metric_file_survives_a_full_disk_and_catches_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A memory-mapped file would end the process with SIGBUS here."""
    monkeypatch.setattr(metric_files, "RETRY_SECONDS", 0.0)
    file = tmp_path / "counter_1.db"
    values = MetricFile(str(file))
    values.write_value("a", 1.0, 0.0)
    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", no_space)
        for number in range(500):  # beyond what was there at the beginning
            values.write_value(f"name-{number}" * 20, float(number), 0.0)
        values.write_value("a", 2.0, 0.0)
        assert values_of(file) == {"a": 1.0}
        new = MetricFile(str(tmp_path / "counter_2.db"))
        new.write_value("b", 1.0, 0.0)
        assert new.read_value("b") == (1.0, 0.0)  # type: ignore[no-untyped-call]
    values.write_value("a", 3.0, 0.0)
    found = values_of(file)
    assert (found["a"], found["name-499" * 20], len(found)) == (3.0, 499.0, 501)
    values.close()
    again = MetricFile(str(file))
    assert again.read_value("a") == (3.0, 0.0)  # type: ignore[no-untyped-call]
    again.close()


def values_of(file: Path) -> dict[str, float]:
    rows = MmapedDict.read_all_values_from_file(str(file))
    return {key: value for key, value, *_rest in rows}


def no_space(*_args: Any) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")
