"""Tables that queries read: collected while a response is rendered, so that the response cache knows on
which tables it depends.

Names after FROM and JOIN, and every other word that is a table of a model: too many rather than too few.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any

from django.apps import apps
from django.db import connection

SOURCES = re.compile(r'\b(?:FROM|JOIN)\s+(?:LATERAL\s+)?"?(\w+)"?(?!\w*\()', re.IGNORECASE)
NAMES_IN_WITH = re.compile(
    r'(?:\bWITH(?:\s+RECURSIVE)?|,)\s+"?(\w+)"?\s*(?:\([^()]*\)\s*)?AS\s', re.IGNORECASE
)
WORDS = re.compile(r"\w+")
FUNCTIONS = {
    "json_each",
    "jsonb_array_elements",
    "json_array_elements",
    "unnest",
    "generate_series",
}
# Django's own names of subqueries, and of columns after EXTRACT(... FROM).
ALIASES = re.compile(r"(?:subquery|col\d+|U\d+|[a-z]\d+)$")


class Collecting(threading.local):
    """Whether this thread's queries are ones whose results are in the response."""

    is_paused = False


collecting = Collecting()


@contextmanager
def tables_not_collected() -> Iterator[None]:
    """Within the block, queries do not count: the response does not show what they read."""
    collecting.is_paused = True
    try:
        yield
    finally:
        collecting.is_paused = False


@contextmanager
def collect_tables_read() -> Iterator[set[str]]:
    """Within the block, collect the tables that this thread's queries name."""
    tables = set[str]()

    def execute(run: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if not collecting.is_paused:
            tables.update(tables_in(str(sql)))
        return run(sql, params, many, context)

    with connection.execute_wrapper(execute):
        yield tables


@lru_cache(maxsize=2048)
def tables_in(sql: str) -> frozenset[str]:
    """Names of tables in a statement."""
    own = set(NAMES_IN_WITH.findall(sql)) | FUNCTIONS
    sources = {
        name for name in SOURCES.findall(sql) if name not in own and name.upper() != "SELECT"
    }
    named = set(WORDS.findall(sql)) & model_tables()
    return frozenset(named | {name for name in sources if not ALIASES.match(name)})


@cache
def model_tables() -> frozenset[str]:
    models = apps.get_models(include_auto_created=True)
    return frozenset(model._meta.db_table for model in models)
