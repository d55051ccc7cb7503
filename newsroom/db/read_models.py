"""Typed read models: rows of a query without model instances.

A read model declares what is read by its annotations, and nothing else does:

    class ListedSection(ReadModel):
        slug: str
        name: str

    class ListedArticle(ReadModel):
        pk: int
        section: ListedSection | None
        rank: int = 0

    read_as(Article.objects.all(), ListedArticle)

selects `pk`, `section__slug` and `section__name` with `values_list()`, and the rows of the queryset are
`ListedArticle`. Annotations that are made later are attributes of the rows too; a field with a default
(`rank`) is for these and is not selected. What was not read is an AttributeError, never a query.

The values are Django's, converted as its model instances have them; a row costs less than a third of
those (docs/performance.md). Depends on internals of Django's compiler, see
tests/newsroom/db/test_django_version.py.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import chain, groupby
from typing import Any, ClassVar, TypeVar, get_args, get_type_hints

import orjson
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite
from django.db.models import JSONField, QuerySet
from django.db.models.query import ValuesListIterable

Converter = Callable[[Any, Any, Any], Any]
Model = TypeVar("Model", bound="ReadModel")


class ReadModel:
    """Base of read models. An annotation is a column or annotation of the query, or a joined read model.

    A joined one is None where its first column is null, so that must be one that is never null in its
    table. `columns` are names that a registry knows, not the source code.
    """

    columns: ClassVar[tuple[str, ...]] = ()
    joined: ClassVar[dict[str, type["ReadModel"]]] = {}

    def __init_subclass__(cls, *, columns: Collection[str] = ()) -> None:
        fields = {
            name: joined_model(hint)
            for name, hint in get_type_hints(cls).items()
            if name not in ReadModel.__annotations__ and not hasattr(cls, name)
        }
        own = [name for name, model in fields.items() if model is None]
        inherited = chain.from_iterable(getattr(base, "columns", ()) for base in cls.__bases__)
        cls.columns = tuple(dict.fromkeys((*own, *inherited, *columns)))
        cls.joined = {name: model for name, model in fields.items() if model}

    @classmethod
    def column_names(cls, *, without: Collection[str] = ()) -> list[str]:
        """The columns as `values_list()` takes them, without these fields."""
        joined = [
            f"{name}__{column}"
            for name, model in cls.joined.items()
            if name not in without
            for column in model.column_names()
        ]
        return [*(name for name in cls.columns if name not in without), *joined]


def joined_model(hint: Any) -> type[ReadModel] | None:
    """The read model in this annotation, which may be optional; None for a column."""
    models = [
        t for t in (hint, *get_args(hint)) if isinstance(t, type) and issubclass(t, ReadModel)
    ]
    return models[0] if models else None


def read_as(
    queryset: QuerySet[Any, Any], model: type[ReadModel], *, without: Collection[str] = ()
) -> Any:
    """The queryset with rows of this read model, of which the fields `without` are not read.

    Of annotations made before only those that the model names are read.
    """
    rows: Any = queryset.values_list(*model.column_names(without=without))
    rows._iterable_class = iterable_of(model)  # type: ignore[arg-type]  # mypy takes its instances' hash
    return rows


class ReadModelIterable(ValuesListIterable):  # type: ignore[type-arg]  # of whatever the queryset holds
    """The `_iterable_class` of a queryset whose rows are of a read model."""

    model: ClassVar[type[ReadModel]]

    def __iter__(self) -> Iterator[Any]:
        queryset: Any = self.queryset
        compiler = queryset.query.get_compiler(using=queryset.db)
        chunks = compiler.execute_sql(chunked_fetch=self.chunked_fetch, chunk_size=self.chunk_size)
        loader = RowLoader(compiler, self.model)
        yield from loader.load(chain.from_iterable(chunks), compiler.connection)


@cache
def iterable_of(model: type[ReadModel]) -> type[ReadModelIterable]:
    return type(f"{model.__name__}Iterable", (ReadModelIterable,), {"model": model})


class RowLoader:
    """Makes read models of the rows of a compiled query."""

    def __init__(self, compiler: Any, model: type[ReadModel]) -> None:
        """`compiler`: one whose `as_sql` or `execute_sql` was called, of a `read_as()`."""
        self.model = model
        self.parts = list(parts_of_row(model, list(compiler.query.selected)))
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        converters: dict[int, Any] = compiler.get_converters(columns)
        self.conversions = [
            (index, fast_converter(converter, compiler.connection), column)
            for index, (column_converters, column) in converters.items()
            for converter in column_converters
        ]

    def load(self, rows: Iterable[Any], connection: Any) -> Iterator[Any]:
        """The read models of these rows, fetched through this connection."""
        new = object.__new__
        for row in map(list, rows):
            for index, convert, column in self.conversions:
                if (value := row[index]) is not None:
                    row[index] = convert(value, column, connection)
            loaded = new(self.model)
            attributes = loaded.__dict__
            for name, model, columns, first, end in self.parts:
                if model is None:
                    attributes.update(zip(columns, row[first:end], strict=True))
                elif row[first] is None:
                    attributes[name] = None
                else:
                    attributes[name] = joined = new(model)
                    joined.__dict__.update(zip(columns, row[first:end], strict=True))
            yield loaded


def parts_of_row(
    model: type[ReadModel], names: list[str]
) -> Iterator[tuple[str, type[ReadModel] | None, list[str], int, int]]:
    """(name, read model, columns, first index, end) of each joined read model in a row of these columns.

    The columns of the row itself have the name "" and no read model.
    """
    first = 0
    for name, run in groupby(names, key=lambda name: joined_name(model, name)):
        columns = [column.removeprefix(f"{name}__") for column in run]
        yield name, model.joined.get(name), columns, first, first + len(columns)
        first += len(columns)


def joined_name(model: type[ReadModel], column: str) -> str:
    name, separator, _column = column.partition("__")
    return name if separator and name in model.joined else ""


def fast_converter(converter: Converter, connection: Any) -> Converter:
    """A faster equivalent of Django's converter for JSON and SQLite datetimes; else the converter
    itself."""
    field = getattr(converter, "__self__", None)
    if isinstance(field, JSONField) and type(field).from_db_value is JSONField.from_db_value:
        return converter if field.decoder else convert_json
    function = getattr(converter, "__func__", None)
    is_sqlite_datetime = function is SQLite.ops_class.convert_datetimefield_value
    if is_sqlite_datetime and connection.timezone is UTC:
        return convert_utc_datetime
    return converter


def convert_json(value: Any, _column: Any, _connection: Any) -> Any:
    return orjson.loads(value)


def convert_utc_datetime(value: Any, _column: Any, _connection: Any) -> Any:
    if isinstance(value, str):  # an expression; columns are datetimes already
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC)
