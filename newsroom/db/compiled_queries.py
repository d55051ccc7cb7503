"""Questions to the database that are written down once and asked many times.

Django took ten times as long to write the SQL of a reader's page as the database took to answer it
(docs/performance.md).  Here the SQL is kept, with holes for what differs from one asking to the next.
"""

from contextvars import ContextVar
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connections
from django.db.models import Expression, Field, Model, QuerySet

from newsroom.db.row_loading import RowLoader

Row = TypeVar("Row", bound=Model)
ParamValues = dict[str, Any]
_is_kept: ContextVar[bool] = ContextVar("is_kept", default=False)


class DeferredParam(Expression):
    """Stands for a value that is another whenever the question is asked; equal ones for one value."""

    def value(self, given: ParamValues, connection: Any) -> Any:
        raise NotImplementedError  # Django's expressions have no abstract methods

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        if _is_kept.get():
            return "%s", (self,)
        return "%s", (self.value({}, connection),)


class Param(DeferredParam):
    """What the asker gives under this name, as the database takes it: a number, words."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def value(self, given: ParamValues, connection: Any) -> Any:
        return given[self.name]


class CompiledSQL(NamedTuple):
    """A question as it was written down, what it is asked with, by name, and how its rows are read."""

    sql: str
    fixed: ParamValues
    later: dict[str, DeferredParam]
    reading: RowLoader


class CompiledQuery(Generic[Row]):
    """A queryset with `Asked` in it, without prefetches. Its SQL is written at the first asking."""

    def __init__(self, rows: QuerySet[Row]) -> None:
        self.rows = rows
        self.written: CompiledSQL | None = None

    def fetch(self, **given: Any) -> list[Row]:
        """The rows for these values. One query."""
        kept = self.written or self.write()
        connection = connections[self.rows.db]  # each thread has its own
        values = {name: later.value(given, connection) for name, later in kept.later.items()}
        with connection.cursor() as cursor:
            cursor.execute(kept.sql, kept.fixed | values)
            return list(kept.reading.load(cursor.fetchall(), connection))

    def write(self) -> CompiledSQL:
        compiler = self.rows.query.clone().get_compiler(self.rows.db)
        token = _is_kept.set(True)
        try:
            sql, parameters = compiler.as_sql()
        finally:
            _is_kept.reset(token)
        # By name: to put names into the words is much less work than to count question marks in them.
        # A value that is asked for in several places has one name.
        names: dict[Any, str] = {}
        places = [
            names.setdefault(value if isinstance(value, DeferredParam) else number, f"p{number}")
            for number, value in enumerate(parameters)
        ]
        values = dict(zip(places, parameters, strict=True))
        self.written = CompiledSQL(
            sql.replace("%%", "%%%%") % tuple(f"%({name})s" for name in places),
            {name: value for name, value in values.items() if not isinstance(value, DeferredParam)},
            {name: value for name, value in values.items() if isinstance(value, DeferredParam)},
            RowLoader(compiler, db=self.rows.db),
        )
        return self.written
