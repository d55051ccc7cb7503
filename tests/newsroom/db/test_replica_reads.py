"""Reads from a streaming replica: never older than what the primary has committed."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test import Client

from articles.models import Article
from desk.actions.withdrawing import withdraw
from newsroom import clock
from newsroom.db import replica_reads
from newsroom.db.replica_backend import base
from newsroom.db.tables_read import collect_tables_read
from tests.support import make
from tests.support.loopback.postgres_replica import Replica, postgres_replica
from tests.support.loopback.processes import wait_until
from tests.support.loopback.servers import free_port

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with postgres_replica(os.environ["DATABASE_URL"]) as server:
        yield server


@pytest.fixture(autouse=True)
def configured_replica(replica: Replica, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The newsroom with this replica, as DATABASE_REPLICA_URL configures it."""
    own = {"ENGINE": "newsroom.db.replica_backend", "PORT": str(replica.port)}
    monkeypatch.setitem(connections.settings, "replica", connection.settings_dict | own)
    monkeypatch.setattr(replica_reads, "availability", replica_reads.ReplicaAvailability())
    # Django's tests refuse connections to databases that were not there when the test class was made.
    monkeypatch.setattr(base.DatabaseWrapper, "ensure_connection", connect_if_necessary)
    yield
    connections["replica"].close()
    del connections["replica"]


def connect_if_necessary(database: Any) -> None:
    if database.connection is None:
        with database.wrap_database_errors:
            database.connect()


@contextmanager
def executed_by() -> Iterator[set[str]]:
    """The databases that execute the queries of articles within the block."""
    aliases = set[str]()

    def record(run: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if "articles_article" in str(sql):
            aliases.add(context["connection"].alias)
        return run(sql, params, many, context)

    with connection.execute_wrapper(record):
        yield aliases


def address(article: Article) -> str:
    return f"/api/v1/articles/{article.slug}/"


def databases_of(
    path: str, client: Client | None = None, *, status: int = 200, **more: Any
) -> set[str]:
    """Which databases answer this request."""
    with executed_by() as aliases:
        assert (client or Client()).get(path, **more).status_code == status
    return aliases


def wait_for_replica(path: str, *, status: int = 200) -> None:
    """Other tests write to the same server: the replica may lag at any single request."""
    wait_until(lambda: "replica" in databases_of(path, status=status), within=60)


def test_public_reads_go_to_the_replica_and_others_to_the_primary() -> None:
    article = make.live()
    for path in (address(article), "/api/v1/articles/", "/"):
        wait_for_replica(path)
    with executed_by() as aliases:
        Client().get(address(article), headers={"Authorization": "Bearer x"})
    assert aliases <= {"default"}
    client = Client()
    client.force_login(make.reader("chi"))
    assert databases_of(address(article), client) == {"default"}
    with transaction.atomic():
        assert databases_of(address(article)) == {"default"}


def test_the_tables_of_a_response_of_the_replica_are_collected() -> None:
    path, tables = address(make.live()), set[str]()

    def is_read_from_the_replica_alone() -> bool:
        with collect_tables_read() as read:
            databases = databases_of(path)
        tables.clear()
        tables.update(read)
        return databases == {"replica"}

    wait_until(is_read_from_the_replica_alone, within=60)
    assert "articles_article" in tables


def test_withdrawn_text_is_not_served_while_replay_is_paused(
    replica: Replica, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    article, other, client = make.live(), make.live(), Client()
    wait_for_replica(address(article))
    settings.RESPONSE_CACHE_SECONDS = 0.5
    assert databases_of(address(article), client)  # which is cached now
    replica.execute("SELECT pg_wal_replay_pause()")
    try:
        withdraw(article, notice="사실과 달라 거두어들입니다.", by=make.ben())
        now = clock.monotonic()
        with monkeypatch.context() as half_a_second_later:
            half_a_second_later.setattr(clock, "monotonic", lambda: now + 0.5)
            assert databases_of(address(article), client, status=410) == {"default"}
            assert databases_of(address(other), client) == {"default"}
            # Without the comparison of positions, the replica would still serve it.
            half_a_second_later.setattr(
                replica_reads, "HAS_REPLAYED", "SELECT %s::pg_lsn IS NOT NULL"
            )
            half_a_second_later.setattr(replica_reads.availability, "retry_at", 0.0)
            assert databases_of(address(article), Client()) == {"replica"}
    finally:
        replica.execute("SELECT pg_wal_replay_resume()")
    settings.RESPONSE_CACHE_SECONDS = 0
    wait_for_replica(address(article), status=410)


def test_frozen_replica_is_given_up_and_asked_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    path, availability = address(make.live()), replica_reads.availability
    wait_for_replica(path)
    with connections["replica"].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    now = clock.monotonic() + replica_reads.RETRY_AFTER_LAG_SECONDS
    with monkeypatch.context() as moment:
        moment.setattr(clock, "monotonic", lambda: now)
        moment.setattr(base, "MAX_ANSWER_SECONDS", 0.1)
        os.kill(backend, signal.SIGSTOP)
        try:
            assert databases_of(path) == {"default"}
        finally:
            os.kill(backend, signal.SIGCONT)
        assert availability.retry_at == now + replica_reads.RETRY_AFTER_FAILURE_SECONDS
        assert databases_of(path) == {"default"}  # without asking it
    monkeypatch.setattr(availability, "retry_at", clock.monotonic())
    wait_for_replica(path)


def test_replica_that_fails_in_a_query_or_is_gone_is_replaced_by_the_primary(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path, availability, failures = address(make.live()), replica_reads.availability, set[str]()

    def fail_on_replica(run: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if context["connection"].alias == "replica" and "articles_article" in str(sql):
            failures.add(sql)
            raise OperationalError("canceling statement due to conflict with recovery")
        return run(sql, params, many, context)

    began = clock.monotonic()
    with connection.execute_wrapper(fail_on_replica):
        wait_until(lambda: databases_of(path) == {"default"} and bool(failures), within=60)
    assert availability.retry_at >= began + replica_reads.RETRY_AFTER_FAILURE_SECONDS
    monkeypatch.setattr(availability, "retry_at", began)
    connections["replica"].settings_dict["PORT"] = str(free_port())
    assert databases_of(path) == {"default"}
    assert availability.retry_at >= began + replica_reads.RETRY_AFTER_FAILURE_SECONDS
