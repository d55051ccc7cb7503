"""Fixtures of all tests: database, clients, people (ada writes, ben edits, chi reads, mal misbehaves)."""

import gc
from collections.abc import Callable, Generator, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

import newsroom.celery  # noqa: F401  -- the application of all tasks
from accounts.models import User
from articles.models import Article, Section
from desk.tasks import process_due
from newsroom.admin.apps import load_admin_pages
from newsroom.db import expressions
from newsroom.http.backend_errors import circuit_breaker, failure_reporter
from tests.support import database_reset, database_templates, make
from tests.support.clients import recorded_templates
from tests.support.loopback.receivers import LOOPBACK_NETWORKS, HTTPReceiver, running_receiver
from tests.support.observability.request_series import forget_request_series

recorded_templates.install()
load_admin_pages()  # tests are parametrised by the registered pages

# The modules that take longest, mostly waiting for processes. A worker of pytest gets each in one piece, so
# its processes start once, and what is left for the end of the run is short. Each tuple begins the share of
# a worker of its own, in this order: one after the other, in one worker, they would take longer than all
# other tests, and what must be on time runs beside what waits.
LONG_MODULES = (
    (
        "tests/e2e/test_chaos.py",
        "tests/e2e/test_servers_away.py",
        "tests/newsroom/test_broker.py",
        "tests/e2e/test_proxy.py",
        "tests/outbox/test_promptness.py",
    ),
    (
        "tests/newsroom/backup/test_backup_drill.py",
        "tests/e2e/test_deploy.py",
        "tests/e2e/test_schemathesis.py",
        "tests/e2e/test_crash_at_statement.py",
        "tests/outbox/test_delivery_races.py",
    ),
)

# With Python's own (700, 10, 10), a twelfth of the processor time of tests is spent on collecting garbage.
GC_THRESHOLDS = (10_000, 10, 10)


@pytest.hookimpl(trylast=True)  # after the order was shuffled
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    items[:] = items_with_long_modules_first(items, workers)


def items_with_long_modules_first(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """The tests in their order, but each worker's share begins with long modules, or tests marked `slow`.

    At first, `worksteal` of pytest-xdist gives each worker an equal number of tests in a row.
    """
    begins: list[list[pytest.Item]] = [[] for _ in range(workers)]
    others = list(items)
    for number, modules in enumerate(LONG_MODULES):
        for module in modules:
            begins[number % workers] += [i for i in others if i.nodeid.startswith(module)]
            others = [i for i in others if not i.nodeid.startswith(module)]
    begins[len(LONG_MODULES) % workers] += [i for i in others if i.get_closest_marker("slow")]
    others = [i for i in others if not i.get_closest_marker("slow")]
    ordered = list[pytest.Item]()
    for number, begin in enumerate(begins):
        room = max(0, (len(items) - len(ordered)) // (workers - number) - len(begin))
        ordered += [*begin, *others[:room]]
        del others[:room]
    return ordered


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect no garbage while tests are collected: it would look through all modules each time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish() -> None:
    """Leave modules and collected tests out of all garbage collections to come, and collect less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _no_failure_before() -> Iterator[None]:
    """No test inherits that a backend failed in the one before it."""
    yield
    failure_reporter.last_seen_at.clear()
    failure_reporter.last_logged_at.clear()
    circuit_breaker.open_until = float("-inf")


@pytest.fixture(autouse=True)
def _one_clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database's clock is the one that tests travel in, but for those marked `database_clock`."""
    if not request.node.get_closest_marker("database_clock"):
        monkeypatch.setattr(expressions, "database_server_now", timezone.now)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """The test database is created with its tables."""
    database_templates.install()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Ask SQLite once whether it knows JSON: Django asks at the first need, which is no test's query."""
    with django_db_blocker.unblock():
        assert connection.features.supports_json_field
        database_reset.install()


@pytest.fixture(scope="session")
def media_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Paths of folders for photos. The storage creates one with its first photo; few tests have any."""
    parent = tmp_path_factory.mktemp("media")
    return (parent / str(number) for number in count())


@pytest.fixture(autouse=True)
def _own_files(settings: Any, media_folders: Iterator[Path]) -> None:
    """Each test has its own folder for photos."""
    settings.MEDIA_ROOT = next(media_folders)


@pytest.fixture
def no_request_series_before() -> None:
    """No test that reads /metrics reads the thousands of series of other tests."""
    forget_request_series()


@pytest.fixture
def ada(db: None) -> User:
    return make.staff("ada", role="reporter")


@pytest.fixture
def ben(db: None) -> User:
    return make.staff("ben", role="editor")


@pytest.fixture
def chief(db: None) -> User:
    return make.staff("chief", role="chief")


@pytest.fixture
def mo(db: None) -> User:
    return make.staff("mo", role="moderator")


@pytest.fixture
def chi(db: None) -> User:
    return make.reader("chi")


@pytest.fixture
def mal(db: None) -> User:
    return make.reader("mal")


@pytest.fixture
def section(db: None) -> Section:
    return make.section()


@pytest.fixture
def api() -> APIClient:
    """Anonymous API client."""
    return APIClient()


@pytest.fixture
def desk_api(ben: User) -> "make.DeskClient":
    """Desk API client of ben that sends If-Match."""
    return make.DeskClient(ben)


@pytest.fixture
def as_user() -> Callable[[User], APIClient]:
    """Sign in as a user: a client with a session, without CSRF checks."""

    def sign_in(user: User) -> APIClient:
        client = APIClient()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def run_clock() -> Callable[[], Any]:
    """Publish what is due, as the periodic task does."""
    return process_due


@pytest.fixture
def receiver(settings: Any) -> Iterator[HTTPReceiver]:
    """A real HTTP receiver on loopback that the newsroom may call."""
    with running_receiver() as receiver:
        settings.OUTBOX_PRIVATE_NETWORKS = LOOPBACK_NETWORKS
        settings.OUTBOX_EXTRA_PORTS = [receiver.port]
        yield receiver


@pytest.fixture
def article(db: None) -> Article:
    """A live article."""
    return make.live()


@pytest.fixture
def reading(api: APIClient, article: Article) -> Callable[..., Any]:
    """Comments under the article as an anonymous client reads them: `reading("?sort=oldest")`."""

    def read(query: str = "") -> Any:
        answer = api.get(f"/api/v1/articles/{article.slug}/comments/{query}")
        assert answer.status_code == 200, answer.content
        return answer.json()["results"]

    return read
