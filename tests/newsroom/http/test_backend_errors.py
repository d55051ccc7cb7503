"""A server that is away is a 503, a full disk a 507: at every address, for whoever asks."""

import errno
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
from tests.support.anonymous_crawler import CandidateValues, routes


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


UNAVAILABLE, FULL = FailureKind.UNAVAILABLE, FailureKind.STORAGE_FULL


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
    error: Exception, failure: FailureKind | None
) -> None:
    found = backend_failure_of(error)
    assert (found.failure if found else None) == failure


GUESSES = CandidateValues(slugs=["a-slug"], numbers=[1], keys=["0" * 12], files=["640.jpg"])
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


# -- What an editor typed ----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status", "words"), [(full, 507, "가득 찼거나"), (away, 503, "답하지 않습니다")]
)
def test_what_an_editor_typed_stands_on_the_page_that_says_that_it_was_not_saved(
    ben: User,
    monkeypatch: pytest.MonkeyPatch,
    error: Callable[[], DatabaseError],
    status: int,
    words: str,
) -> None:
    draft, client = make.draft(), Client()
    client.force_login(ben)
    address = f"/admin/desk/draft/{draft.pk}/change/"
    typed = fields_of(client, address) | {"headline": "끝까지 쓴 제목", "_continue": "1"}

    def fail(*_args: Any, **_options: Any) -> Any:
        raise error()

    with monkeypatch.context() as patched:
        patched.setattr(Draft, "save", fail)
        refused = client.post(address, typed)
    assert refused.status_code == status
    page = refused.content.decode()
    assert words in page
    assert "다시 보내기" in page
    sent_again = dict(HIDDEN.findall(page))
    assert sent_again["headline"] == "끝까지 쓴 제목"
    draft.refresh_from_db()
    assert draft.headline != "끝까지 쓴 제목"
    assert client.post(address, hidden_in(page)).status_code == 302
    draft.refresh_from_db()
    assert draft.headline == "끝까지 쓴 제목"


HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def hidden_in(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in HIDDEN.findall(page):
        found.setdefault(name, []).append(unescape(value))
    return found


def fields_of(client: Client, address: str) -> dict[str, Any]:
    """What the story page would send back if nothing were typed."""
    form = client.get(address).context["adminform"].form
    values = {field.name: field.value() for field in form}
    return {name: form_value(value) for name, value in values.items() if value is not None}


@pytest.mark.django_db
def test_a_password_is_never_given_back_on_a_page() -> None:
    client = Client()
    secret = {"username": "ben@example.com", "password": "a-secret-of-bens"}
    with database_raises(away):
        page = client.post("/admin/login/", secret)
    assert page.status_code == 503
    assert "a-secret-of-bens" not in page.content.decode()
    assert "ben@example.com" not in page.content.decode()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's way to refuse every write")
@pytest.mark.django_db
def test_a_database_that_takes_no_writes_is_a_507_and_reads_go_on() -> None:
    vote = f"/api/v1/polls/{make.live(poll=make.poll_data()).poll_id}/vote/"
    client = Client()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        try:
            answer = client.put(vote, {"side": "pro"}, content_type="application/json")
            assert (answer.status_code, answer.json()["code"]) == (507, "storage_full")
            assert client.get("/api/v1/articles/").status_code == 200
        finally:
            cursor.execute("PRAGMA query_only = OFF")
    again = client.put(vote, {"side": "pro"}, content_type="application/json")
    assert again.status_code == 200


# -- Files of figures --------------------------------------------------------------------------------


def test_figures_outlive_a_full_disk_and_are_whole_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A memory map would end the process with SIGBUS here."""
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
