"""Fast loading of query rows as model instances, without `Model.__init__`.

Costs a third of Django's ModelIterable (docs/performance.md). The instances are equal to Django's: deferred
fields are fetched when accessed and `select_related` objects are set. Two differences: models with their
own `__init__`, `from_db` or init signals are refused with TypeError, and a reverse one-to-one or a
joined object has no cached reference back (accessing it is a query), so that rows are in no reference
cycle.

Depends on internals of Django's compiler (`klass_info`, `annotation_col_map`, `col_count`), see
tests/newsroom/db/test_django_version.py.

Typed read models from `values_list` rows take a fifth less processor time for a page with five cards (0.61
instead of 0.78 ms, docs/performance.md), but every text field would be declared twice, and the annotations
of lists, search, feeds and saved articles once more.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import orjson
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite
from django.db.models import JSONField, Model
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable
from django.db.models.signals import post_init, pre_init

RowValues = list[Any]
Converter = Callable[[Any, Any, Any], Any]


class RowLoader:
    """Converts rows of a compiled query to model instances."""

    def __init__(self, compiler: Any, *, db: str) -> None:
        """`compiler`: one whose `as_sql` or `execute_sql` was called.

        Raises TypeError for models with their own `__init__`, `from_db` or init signals.
        """
        self.root = ModelColumns(compiler.klass_info, compiler.select, db=db)
        self.annotations = list(compiler.annotation_col_map.items())
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        converters: dict[int, Any] = compiler.get_converters(columns)
        self.conversions = [
            (index, fast_converter(converter, compiler.connection), column)
            for index, (column_converters, column) in converters.items()
            for converter in column_converters
        ]

    def load(self, rows: Iterable[Any], connection: Any) -> Iterator[Any]:
        """The instances of these rows, fetched through this connection."""
        for row in map(list, rows):
            for index, convert, column in self.conversions:
                row[index] = convert(row[index], column, connection)
            instance = self.root.instance(row)
            for name, index in self.annotations:
                instance.__dict__[name] = row[index]
            yield instance


class LoadedModelState(ModelState):
    """State of an instance that is in the database."""

    adding = False

    def __init__(self, db: str) -> None:
        self.db = db
        self.fields_cache: dict[str, Any] = {}


class ModelColumns:
    """The columns of one model in a row, and those of the models joined to it."""

    def __init__(self, info: dict[str, Any], select: Any, *, db: str) -> None:
        indexes, self.model, self.db = info["select_fields"], info["model"], db
        refuse_init_hooks(self.model)
        self.first, self.end = indexes[0], indexes[-1] + 1
        self.names = [column.target.attname for column, *_ in select[self.first : self.end]]
        self.key = self.first + self.names.index(self.model._meta.pk.attname)
        self.joined = [
            (ModelColumns(inner, select, db=db), related_cache_name(inner))
            for inner in info.get("related_klass_infos", ())
        ]

    def instance(self, row: RowValues) -> Model:
        instance: Model = self.model.__new__(self.model)
        state = LoadedModelState(self.db)
        attributes = instance.__dict__
        attributes["_state"] = state
        attributes.update(zip(self.names, row[self.first : self.end], strict=True))
        for part, name in self.joined:
            state.fields_cache[name] = None if row[part.key] is None else part.instance(row)
        return instance


def related_cache_name(info: dict[str, Any]) -> str:
    """The name under which a joined object is in `_state.fields_cache`."""
    field = info["field"]
    return str(field.remote_field.cache_name if info["reverse"] else field.cache_name)


def refuse_init_hooks(model: type[Model]) -> None:
    """Raise TypeError for a model whose making is more than setting its columns."""
    own_classes = [c for c in model.__mro__ if c not in Model.__mro__]
    overridden = [n for n in ("__init__", "from_db") if any(n in c.__dict__ for c in own_classes)]
    has_receivers = any(signal.has_listeners(model) for signal in (pre_init, post_init))
    if overridden or has_receivers or model._meta.get_parent_list():
        raise TypeError(
            f"{model.__name__} has __init__, from_db, init signals or parents: use Django's iterable."
        )


class FastModelIterable(ModelIterable):  # type: ignore[type-arg]  # of whatever the queryset holds
    """The `_iterable_class` of a queryset whose rows a RowLoader loads."""

    def __iter__(self) -> Iterator[Any]:
        queryset: Any = self.queryset
        compiler = queryset.query.get_compiler(using=queryset.db)
        chunks = compiler.execute_sql(chunked_fetch=self.chunked_fetch, chunk_size=self.chunk_size)
        loader = RowLoader(compiler, db=queryset.db)
        yield from loader.load(chain.from_iterable(chunks), compiler.connection)


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
    return None if value is None else orjson.loads(value)


def convert_utc_datetime(value: Any, _column: Any, _connection: Any) -> Any:
    if isinstance(value, str):  # an expression; columns are datetimes already
        value = datetime.fromisoformat(value)
    return value and value.replace(tzinfo=UTC)
