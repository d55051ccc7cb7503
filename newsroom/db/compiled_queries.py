"""Compiled queries: the SQL of a queryset is compiled once per process and executed with parameters.

Django needs about ten times as long to compile the query of an article page as the database to execute it
(docs/performance.md). Depends on internals of Django's compiler; tests/newsroom/db/test_django_version.py
names what to check before another version of Django is used.
"""

from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from functools import cache
from importlib import import_module
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from django.conf import settings
from django.db import connections
from django.db.models import BigIntegerField, DateTimeField, Expression, Field, Model, QuerySet
from django.db.models.query import ModelIterable

from newsroom.db.read_models import ReadModel, RowLoader
from newsroom.db.replica_reads import read_from_replica

Row = TypeVar("Row", bound=ReadModel | Model)
ParamValues = dict[str, Any]
_is_compiling: ContextVar[bool] = ContextVar("is_compiling", default=False)


class DeferredParam(Expression):
    """A query parameter whose value is computed at every execution; equal ones share one value."""

    def value(self, params: ParamValues, connection: Any) -> Any:
        raise NotImplementedError  # Django's expressions have no abstract methods

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        if _is_compiling.get():
            return "%s", (self,)
        return "%s", (self.value({}, connection),)


class Param(DeferredParam):
    """A named parameter, given to `fetch()` as the database takes it: a number or a text."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def value(self, params: ParamValues, connection: Any) -> Any:
        return params[self.name]


class DateTimeParam(Param):
    """A named parameter, given to `fetch()` as an aware datetime."""

    def __init__(self, name: str) -> None:
        super().__init__(name, DateTimeField())

    def value(self, params: ParamValues, connection: Any) -> Any:
        return connection.ops.adapt_datetimefield_value(params[self.name])


class Loader(Protocol):
    """Makes objects of rows."""

    def load(self, rows: Iterable[Any], connection: Any) -> Iterator[Any]: ...


class InstanceLoader:
    """Makes model instances of the rows of a compiled query, as Django's querysets do."""

    def __init__(self, compiler: Any, model: type[Model]) -> None:
        """`compiler`: one whose `as_sql` was called, of all columns of the model and no others."""
        self.model = model
        self.names = [field.attname for field in model._meta.concrete_fields]
        columns = [column for column, *_ in compiler.select]
        if [column.target.attname for column in columns] != self.names:
            raise ValueError(f"not the columns of {model._meta.label}")
        self.converters: dict[int, Any] = compiler.get_converters(columns)

    def load(self, rows: Iterable[Any], connection: Any) -> Iterator[Any]:
        """The instances of these rows, fetched through this connection."""
        for row in map(list, rows):
            for index, (converters, column) in self.converters.items():
                for convert in converters:
                    row[index] = convert(row[index], column, connection)
            yield self.model.from_db(connection.alias, self.names, row)


class CompiledSQL(NamedTuple):
    """SQL with named placeholders, its constant and deferred parameters, and the loader of its rows."""

    sql: str
    constants: ParamValues
    deferred: dict[str, DeferredParam]
    loader: Loader


def is_prepared(connection: Any) -> bool:
    """Whether compiled queries are prepared statements of this connection's database."""
    return bool(connection.vendor == "postgresql" and settings.PREPARED_STATEMENTS)


@cache
def prepared_statements() -> Any:
    """The module of prepared statements, which loads psycopg."""
    return import_module("newsroom.db.prepared_statements")


def fetch_rows(connection: Any, sql: str, params: ParamValues) -> list[Any]:
    """All rows of this statement, with named placeholders. One query.

    Where queries are logged Django's own cursor executes it, whose log has the parameters.
    """
    if is_prepared(connection) and not connection.queries_logged:
        rows: list[Any] = prepared_statements().fetch_prepared(connection, sql, params)
        return rows
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


class CompiledQuery(Generic[Row]):
    """A queryset that may contain `Param`, compiled at its first execution: of a read model, or of model
    instances without joined ones, annotations and deferred fields.

    `CompiledQuery(Article.objects.filter(slug=Param("slug", CharField())).as_cards()).fetch(slug="a")`
    """

    def __init__(self, queryset: QuerySet[Any, Row]) -> None:
        self.queryset: Any = queryset
        self.compiled: CompiledSQL | None = None

    def fetch(self, **params: Any) -> list[Row]:
        """The rows for these parameters. One query."""
        compiled = self.compiled or self.compile()
        connection = connections[self.queryset.db]  # each thread has its own
        values = {
            name: param.value(params, connection) for name, param in compiled.deferred.items()
        }
        params = compiled.constants | values
        rows = read_from_replica(connection, lambda to: fetch_rows(to, compiled.sql, params))
        return list(compiled.loader.load(rows, connection))

    def compile(self) -> CompiledSQL:
        """Compile the SQL and keep it.

        Placeholders become named ones: executing with a dict is much cheaper than counting question marks,
        and a parameter that occurs several times is passed once.
        """
        compiler = self.queryset.query.clone().get_compiler(self.queryset.db)
        token = _is_compiling.set(True)
        try:
            sql, parameters = compiler.as_sql()
        finally:
            _is_compiling.reset(token)
        names: dict[Any, str] = {}
        placeholders = [
            names.setdefault(value if isinstance(value, DeferredParam) else number, f"p{number}")
            for number, value in enumerate(parameters)
        ]
        values = dict(zip(placeholders, parameters, strict=True))
        deferred = {n: value for n, value in values.items() if isinstance(value, DeferredParam)}
        constants = {n: value for n, value in values.items() if n not in deferred}
        sql_of_names = {name: f"%({name})s" for name in placeholders}
        if is_prepared(compiler.connection):
            literal = prepared_statements().sql_literal
            sql_of_names |= {
                n: literal(value, compiler.connection) for n, value in constants.items()
            }
            constants = {}
        final_sql = sql.replace("%%", "%%%%") % tuple(sql_of_names[name] for name in placeholders)
        self.compiled = CompiledSQL(final_sql, constants, deferred, self.loader(compiler))
        return self.compiled

    def loader(self, compiler: Any) -> Loader:
        if self.queryset._iterable_class is ModelIterable:
            return InstanceLoader(compiler, self.queryset.model)
        return RowLoader(compiler, self.queryset._iterable_class.model)


@cache
def row_query(model: type[Row]) -> CompiledQuery[Row]:
    """The row of a model by its primary key, a number: `row_query(Article).fetch(pk=7)`."""
    rows: Any = model._default_manager  # type: ignore[attr-defined]  # of models, not of read models
    return CompiledQuery(rows.filter(pk=Param("pk", BigIntegerField())))
