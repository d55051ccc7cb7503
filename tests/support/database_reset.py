"""Fast database reset after transactional tests: only written tables are emptied, reference rows come back.

Django's own flush truncates every table and emits `post_migrate`, which creates content types and
permissions anew; both stay here.  What else migrations wrote (roles, the first wire source) is read once
and inserted again.
"""

from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.test import TransactionTestCase

KEPT_MODELS = (ContentType, Permission)  # no test writes them
Rows = dict[type[models.Model], list[models.Model]]


def models_with_tables() -> list[type[models.Model]]:
    found = apps.get_models(include_auto_created=True)
    return [m for m in found if m._meta.managed and not m._meta.proxy and m not in KEPT_MODELS]


class DatabaseReset:
    """Empties the database and restores its reference rows; created once, right after the migrations."""

    def __init__(self) -> None:
        rows = {model: list(model._base_manager.all()) for model in models_with_tables()}
        self.reference_rows: Rows = {model: found for model, found in rows.items() if found}

    def __call__(self) -> None:
        with transaction.atomic():
            empty(written_tables())
            for model, rows in self.reference_rows.items():
                model._base_manager.bulk_create(rows)


def written_tables() -> list[str]:
    """Tables that have rows, in one query. Some have no model: search indexes that migrations made."""
    kept_tables = {model._meta.db_table for model in KEPT_MODELS} | {"django_migrations"}
    names = [name for name in all_tables() if name not in kept_tables]
    quoted = connection.ops.quote_name
    parts = [f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {quoted(name)})" for name in names]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return [name for (name,) in cursor.fetchall()]


@cache
def all_tables() -> list[str]:
    return list(
        connection.introspection.django_table_names(only_existing=True, include_views=False)
    )


def empty(tables: list[str]) -> None:
    """Delete all rows of these tables, past foreign keys and triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and is_superuser():
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in tables:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        elif tables:
            cascade = connection.vendor == "postgresql"
            for statement in connection.ops.sql_flush(
                no_style(), tables, reset_sequences=False, allow_cascade=cascade
            ):
                cursor.execute(statement)


@cache
def is_superuser() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


@cache
def database_reset() -> DatabaseReset:
    """The reset of this process; created by `install`."""
    return DatabaseReset()


def reset_database() -> None:
    """Empty the database in a transactional test. Django's `flush` would renumber the permissions, to which
    the reference rows refer."""
    database_reset()()


def install() -> None:
    """Use the fast reset in place of the flush of every TransactionTestCase."""
    database_reset()

    def teardown(_case: Any) -> None:
        reset_database()

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[attr-defined]
