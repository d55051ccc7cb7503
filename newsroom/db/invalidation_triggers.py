"""Database triggers that write invalidations (newsroom/db/invalidation_rules.py), whatever path writes a
row.

A trigger names its own table and INVALIDATION_TABLE only, so that SQLite can make other tables anew. Where
a migration makes a table anew, its triggers are gone: `restore_invalidation_triggers` creates what is
missing (`manage.py migrate` and `prepare` call it). `covered_tables` are those whose triggers stand exactly
as their rules say now; the response cache trusts no others. Who bypasses triggers
(`session_replication_role`) has to insert a row of the kind `*` afterwards.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db import connection

from newsroom.db.invalidation_rules import (
    INVALIDATION_RULES,
    INVALIDATION_TABLE,
    InvalidationRule,
)

INSERT = f"INSERT INTO {INVALIDATION_TABLE} (kind, value, is_count)"
INSTALLED_ON_POSTGRESQL = """
SELECT t.tgname, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
JOIN pg_class c ON c.oid = t.tgrelid
WHERE t.tgname LIKE 'invalidate\\_%' AND t.tgenabled = 'O' AND pg_table_is_visible(c.oid)
"""
INSTALLED_ON_SQLITE = """
SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, 11) = 'invalidate_'
"""


def covered_tables(cursor: Any, *, is_postgresql: bool) -> frozenset[str]:
    """Tables all of whose rules have their triggers in the database, as they are defined now."""
    cursor.execute(INSTALLED_ON_POSTGRESQL if is_postgresql else INSTALLED_ON_SQLITE)
    installed = dict(cursor.fetchall())
    rules = sorted(INVALIDATION_RULES.values(), key=lambda rule: rule.table)
    return frozenset(
        table
        for table, of_table in groupby(rules, key=lambda rule: rule.table)
        if all(
            installed.get(name) == text
            for rule in of_table
            for name, text in trigger_texts(rule, cursor, is_postgresql=is_postgresql)
        )
    )


def restore_invalidation_triggers() -> None:
    """Create the triggers that are missing or differ from their rules, and invalidate all responses once
    there were any."""
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        covered = covered_tables(cursor, is_postgresql=is_postgresql)
        missing = [
            rule
            for rule in INVALIDATION_RULES.values()
            if rule.table in tables - covered and INVALIDATION_TABLE in tables
        ]
        for rule in missing:
            create_triggers(cursor, rule, is_postgresql=is_postgresql)
        if missing and (covered or has_invalidations(cursor)):  # not in a new database
            cursor.execute(f"{INSERT} VALUES ('*', '', %s)", [False])


def has_invalidations(cursor: Any) -> bool:
    cursor.execute(f"SELECT 1 FROM {INVALIDATION_TABLE} LIMIT 1")  # noqa: S608 -- our own tables
    return cursor.fetchone() is not None


def create_triggers(cursor: Any, rule: InvalidationRule, *, is_postgresql: bool) -> None:
    for name, text in trigger_texts(rule, cursor, is_postgresql=is_postgresql):
        if not is_postgresql:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(text)
            continue
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${text}$$"
        )
        events = " OR ".join(rule.events)
        cursor.execute(
            f"CREATE OR REPLACE TRIGGER {name} AFTER {events} ON {rule.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        )


def drop_sqlite_triggers() -> None:
    """Drop the triggers of a database of SQLite, whatever rules they are of."""
    with connection.cursor() as cursor:
        cursor.execute(INSTALLED_ON_SQLITE)
        for name, _sql in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")


def drop_all_triggers() -> None:
    """Drop the triggers of all rules."""
    if connection.vendor == "sqlite":
        drop_sqlite_triggers()
        return
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for rule in INVALIDATION_RULES.values():
            if rule.table in tables:
                cursor.execute(f"DROP TRIGGER IF EXISTS {rule.trigger()} ON {rule.table}")


def trigger_texts(
    rule: InvalidationRule, cursor: Any, *, is_postgresql: bool
) -> list[tuple[str, str]]:
    """Names and texts of the triggers of a rule: on PostgreSQL one, whose text is that of its function."""
    if is_postgresql:
        return [(rule.trigger(), postgresql_function(rule))]
    return [
        (f"{rule.trigger()}_{event.lower()}", sqlite_trigger(rule, event, cursor))
        for event in rule.events
    ]


def postgresql_function(rule: InvalidationRule) -> str:
    if rule.compared:
        old, new = (
            f"ROW({', '.join(expression.format(row=row) for expression in rule.compared)})"
            for row in ("OLD", "NEW")
        )
    else:
        ignored = "".join(f" - '{column}'" for column in rule.ignored)
        old, new = (f"to_jsonb({row}){ignored}" for row in ("OLD", "NEW"))
    rows = ", ".join(
        f"('{kind}', {f'{row}.{column}::text' if column else repr('')})"
        for kind, column in rule.keys
        for row in (("OLD", "NEW") if column else ("",))
    )
    return f"""
BEGIN
    IF TG_OP = 'UPDATE' AND {old} IS NOT DISTINCT FROM {new} THEN
        RETURN NULL;
    END IF;
    {INSERT}
    SELECT DISTINCT kind, value, {str(rule.is_count).lower()}
    FROM (VALUES {rows}) AS changed (kind, value) WHERE value IS NOT NULL;
    RETURN NULL;
END """  # noqa: S608 -- our own tables


def sqlite_trigger(rule: InvalidationRule, event: str, cursor: Any) -> str:
    condition = ""
    if event == "UPDATE":
        expressions = rule.compared or sqlite_columns(rule, cursor)
        differs = " OR ".join(
            f"{expression.format(row='OLD')} IS NOT {expression.format(row='NEW')}"
            for expression in expressions
        )
        condition = f"WHEN {differs} "
    rows = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}[event]
    statements = " ".join(sqlite_statements(rule, rows))
    return (
        f"CREATE TRIGGER {rule.trigger()}_{event.lower()} AFTER {event} ON {rule.table} "
        f"{condition}BEGIN {statements} END"
    )


def sqlite_statements(rule: InvalidationRule, rows: Iterable[str]) -> Iterable[str]:
    for kind, column in rule.keys:
        if not column:
            yield f"{INSERT} VALUES ('{kind}', '', {int(rule.is_count)});"
            continue
        for number, row in enumerate(rows):
            is_same = f" AND NEW.{column} IS NOT OLD.{column}" if number else ""
            yield (
                f"{INSERT} SELECT '{kind}', {row}.{column}, {int(rule.is_count)} "
                f"WHERE {row}.{column} IS NOT NULL{is_same};"
            )


def sqlite_columns(rule: InvalidationRule, cursor: Any) -> list[str]:
    """The columns that the table has now but for the ignored ones, as expressions."""
    cursor.execute(f"SELECT name FROM pragma_table_info('{rule.table}')")  # noqa: S608 -- our own tables
    return [f"{{row}}.{name}" for (name,) in cursor.fetchall() if name not in rule.ignored]
