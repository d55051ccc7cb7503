"""Questions to the database that are written down once and asked many times.

Django took ten times as long to write the SQL of a reader's page as the database took to answer it
(docs/performance.md).  Here the SQL is kept, with holes for what differs from one asking to the next.
"""

import copy
from collections.abc import Callable
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import ModelIterable

Row = TypeVar("Row", bound=Model)
Given = dict[str, Any]
_is_kept: ContextVar[bool] = ContextVar("is_kept", default=False)


class Hole:
    """A place among the parameters of a kept question."""

    def __init__(self, value: Callable[[Given], Any]) -> None:
        self.value = value


class Later(Expression):
    """Stands for a value that is another whenever the question is asked."""

    def value(self, given: Given, connection: Any) -> Any:
        raise NotImplementedError  # Django's expressions have no abstract methods

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        if _is_kept.get():
            return "%s", (Hole(lambda given: self.value(given, connection)),)
        return "%s", (self.value({}, connection),)


class Asked(Later):
    """What the asker gives under this name, as the database takes it: a number, words."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def value(self, given: Given, connection: Any) -> Any:
        return given[self.name]


class Written(NamedTuple):
    """A question as it was written down, and how its rows are read."""

    compiler: Any
    sql: str
    holes: list[Any]
    converters: Any


class Prepared(Generic[Row]):
    """A queryset with `Asked` in it, without prefetches. Its SQL is written at the first asking."""

    def __init__(self, rows: QuerySet[Row]) -> None:
        self.rows = rows
        self.written: Written | None = None

    def ask(self, **given: Any) -> list[Row]:
        """The rows for these values. One query."""
        kept = self.written or self.write()
        filled = [hole.value(given) if isinstance(hole, Hole) else hole for hole in kept.holes]
        compiler = copy.copy(kept.compiler)
        compiler.connection = connections[self.rows.db]  # each thread has its own
        compiler.as_sql = lambda *_args, **_options: (kept.sql, filled)
        compiler.get_converters = lambda _columns: kept.converters
        # As much of a queryset as Django's own maker of rows looks at.
        asking: Any = SimpleNamespace(
            db=self.rows.db,
            query=SimpleNamespace(get_compiler=lambda **_using: compiler),
            _known_related_objects={},
        )
        return list(ModelIterable(asking))

    def write(self) -> Written:
        compiler = self.rows.query.clone().get_compiler(self.rows.db)
        token = _is_kept.set(True)
        try:
            sql, holes = compiler.as_sql()
        finally:
            _is_kept.reset(token)
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        converters = compiler.get_converters(columns)
        self.written = Written(compiler, sql, list(holes), converters)
        return self.written
