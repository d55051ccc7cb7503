"""Releases that fail to publish, travel to their due time, and writes that the database rejects."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from desk.models import Release
from tests.support import make


@contextmanager
def after_due_time(by: timedelta = make.DUE_AFTER) -> Iterator[datetime]:
    """Travel to one second after the due time."""
    moment = timezone.now() + by + timedelta(seconds=1)
    with time_machine.travel(moment, tick=False):
        yield moment


def failing_release(**words: Any) -> Release:
    """A release whose publication raises an unexpected error."""
    release = make.planned(**words)
    break_release(release)
    return release


def break_release(release: Release) -> None:
    """Make the publication fail unexpectedly: corrections of a wrong type."""
    row = Article.objects.filter(pk=release.article_id)
    row.update(corrections="broken", first_published_at=release.planned_at)


def repair_release(release: Release) -> None:
    row = Article.objects.filter(pk=release.article_id)
    row.update(corrections=[], first_published_at=None)


def count_queries(act: Any) -> int:
    """Number of queries of a call."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


@contextmanager
def writes_rejected(table: str, *, verb: str = "UPDATE", where: str = "TRUE") -> Iterator[None]:
    """Trigger that rejects such writes in the block; `where` is a condition on OLD or NEW."""
    lite = connection.vendor == "sqlite"
    refuse = REJECT_TRIGGER_SQLITE if lite else REJECT_TRIGGER_POSTGRES
    execute_sql(*(part.format(table=table, verb=verb, where=where) for part in refuse))
    try:
        yield
    finally:
        execute_sql(f"DROP TRIGGER no{'' if lite else f' ON {table}'}")


REJECT_TRIGGER_SQLITE = (
    "CREATE TRIGGER no BEFORE {verb} ON {table} WHEN {where} BEGIN SELECT RAISE(ABORT, 'no'); END",
)
REJECT_TRIGGER_POSTGRES = (
    """CREATE OR REPLACE FUNCTION say_no() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'no'; END $$""",
    """CREATE TRIGGER no BEFORE {verb} ON {table} FOR EACH ROW WHEN ({where})
    EXECUTE FUNCTION say_no()""",
)


def execute_sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
