"""Database connections of Celery tasks: kept from task to task, replaced after they broke."""

from types import SimpleNamespace

import psycopg
import pytest
from celery.fixups.django import DjangoWorkerFixup  # type: ignore[attr-defined]
from django.conf import settings
from django.db import OperationalError, connection

from newsroom.celery import app, close_unusable_connections

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
WORKER_TASK = SimpleNamespace(request=SimpleNamespace(is_eager=False))
EAGER_TASK = SimpleNamespace(request=SimpleNamespace(is_eager=True))


def backend_pid() -> int:
    """The process of PostgreSQL that serves this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid: int = cursor.fetchone()[0]
    return pid


def test_connection_is_kept_from_task_to_task() -> None:
    pid = backend_pid()
    DjangoWorkerFixup(app).on_task_postrun(WORKER_TASK)
    close_unusable_connections(WORKER_TASK)
    DjangoWorkerFixup(app).on_task_prerun(WORKER_TASK)
    assert backend_pid() == pid


def test_connection_that_broke_is_replaced_before_the_next_task() -> None:
    pid = backend_pid()
    database = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    with psycopg.connect(**{name: database[name] for name in names}, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    with pytest.raises(OperationalError):
        backend_pid()
    close_unusable_connections(EAGER_TASK)
    with pytest.raises(OperationalError):
        backend_pid()
    close_unusable_connections(WORKER_TASK)
    assert backend_pid() != pid


def test_connection_of_a_task_is_as_old_as_others_at_most() -> None:
    pid = backend_pid()
    assert settings.DATABASES["default"]["CONN_MAX_AGE"] > 0
    connection.close_at = 0.0
    close_unusable_connections(WORKER_TASK)
    assert backend_pid() != pid
