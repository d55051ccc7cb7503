"""Fixtures of all tests: database, clients, people (ada writes, ben edits, chi reads, mal misbehaves)."""

import gc
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article, Section
from desk.tasks import process_due
from newsroom.db import expressions
from newsroom.http.backend_errors import circuit_breaker, failure_reporter
from tests.support import database_reset, make
from tests.support.loopback.receivers import LOOPBACK_NETWORKS, HTTPReceiver, running_receiver

# The modules that take longest, mostly waiting for processes. They come first: a worker of pytest gets them
# in one piece, so their processes start once, and what is left for the end of the run is short.
LONG_MODULES = (
    "tests/e2e/test_chaos.py",
    "tests/e2e/test_deploy.py",
    "tests/e2e/test_servers_away.py",
    "tests/e2e/test_proxy.py",
    "tests/e2e/test_crash_at_statement.py",
    "tests/e2e/test_schemathesis.py",
    "tests/newsroom/backup/test_backup_drill.py",
    "tests/newsroom/test_broker.py",
    "tests/outbox/test_promptness.py",
)


@pytest.hookimpl(trylast=True)  # after the order was shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONG_MODULES))


def pytest_collection_finish() -> None:
    """Leave modules and collected tests out of all garbage collections to come."""
    gc.collect()
    gc.freeze()


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
