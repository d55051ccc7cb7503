"""Rows of a query as model instances, at a third of what Django's own making of them costs.

For what readers read all day (docs/performance.md).  The instances are what Django would make: fields
that were deferred are asked for when somebody looks at them, and joined models hang where they should.
But they are made past `Model.__init__`, so that a model with one of its own, or with listeners to it,
is refused here; and what is joined does not lead back to what it hangs on (whoever asks it for that
asks the database), so that a row is gone with its last reader and waits for no garbage collector.
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

Values = list[Any]
Converter = Callable[[Any, Any, Any], Any]


class RowLoader:
    """How the rows of a written query are read."""

    def __init__(self, compiler: Any, *, db: str) -> None:
        """From a compiler whose `as_sql` or `execute_sql` was called. Raises TypeError for models that
        want to know of their making."""
        self.root = ModelColumns(compiler.klass_info, compiler.select, db=db)
        self.annotations = list(compiler.annotation_col_map.items())
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        converters: dict[int, Any] = compiler.get_converters(columns)
        self.conversions = [
            (place, fast_converter(converter, compiler.connection), column)
            for place, (several, column) in converters.items()
            for converter in several
        ]

    def load(self, rows: Iterable[Any], connection: Any) -> Iterator[Any]:
        """The instances of these rows, which this connection gave."""
        for row in map(list, rows):
            for place, convert, column in self.conversions:
                row[place] = convert(row[place], column, connection)
            made = self.root.made(row)
            for name, place in self.annotations:
                made.__dict__[name] = row[place]
            yield made


class LoadedModelState(ModelState):
    """Of an instance that the database has."""

    adding = False

    def __init__(self, db: str) -> None:
        self.db = db
        self.fields_cache: dict[str, Any] = {}


class ModelColumns:
    """One model in a row, and those joined to it."""

    def __init__(self, info: dict[str, Any], select: Any, *, db: str) -> None:
        places, self.model, self.db = info["select_fields"], info["model"], db
        refuse_init_hooks(self.model)
        self.first, self.end = places[0], places[-1] + 1
        self.names = [column.target.attname for column, *_ in select[self.first : self.end]]
        self.key = self.first + self.names.index(self.model._meta.pk.attname)
        self.joined = [
            (ModelColumns(inner, select, db=db), related_cache_name(inner))
            for inner in info.get("related_klass_infos", ())
        ]

    def made(self, row: Values) -> Model:
        thing: Model = self.model.__new__(self.model)
        state = LoadedModelState(self.db)
        own = thing.__dict__
        own["_state"] = state
        own.update(zip(self.names, row[self.first : self.end], strict=True))
        for part, name in self.joined:
            state.fields_cache[name] = None if row[part.key] is None else part.made(row)
        return thing


def related_cache_name(info: dict[str, Any]) -> str:
    """Where a joined model hangs."""
    field = info["field"]
    return str(field.remote_field.cache_name if info["reverse"] else field.cache_name)


def refuse_init_hooks(model: type[Model]) -> None:
    changed = [
        n for n in ("__init__", "from_db") if any(n in c.__dict__ for c in project_bases(model))
    ]
    heard = [s for s in (pre_init, post_init) if s.has_listeners(model)]
    if changed or heard or model._meta.get_parent_list():
        raise TypeError(f"{model.__name__} wants to know when it is made; read it as Django does.")


def project_bases(model: type[Model]) -> list[type]:
    """The model and what it inherits on this side of Django's."""
    return [c for c in model.__mro__ if c not in Model.__mro__]


class FastModelIterable(ModelIterable):  # type: ignore[type-arg]  # of whatever the queryset holds
    """The `_iterable_class` of a queryset that reads its rows this way."""

    def __iter__(self) -> Iterator[Any]:
        asking: Any = self.queryset
        compiler = asking.query.get_compiler(using=asking.db)
        found = compiler.execute_sql(chunked_fetch=self.chunked_fetch, chunk_size=self.chunk_size)
        reading = RowLoader(compiler, db=asking.db)
        yield from reading.load(chain.from_iterable(found), compiler.connection)


def fast_converter(converter: Converter, connection: Any) -> Converter:
    """Django's converter, or one that does the same in less time."""
    field = getattr(converter, "__self__", None)
    if isinstance(field, JSONField) and type(field).from_db_value is JSONField.from_db_value:
        return converter if field.decoder else convert_json
    if is_sqlite_datetime_converter(converter) and connection.timezone is UTC:
        return convert_utc_datetime
    return converter


def is_sqlite_datetime_converter(converter: Converter) -> bool:
    """Whether it is SQLite's converter of a moment, which is a text there."""
    return getattr(converter, "__func__", None) is SQLite.ops_class.convert_datetimefield_value


def convert_json(value: Any, _column: Any, _connection: Any) -> Any:
    return None if value is None else orjson.loads(value)


def convert_utc_datetime(value: Any, _column: Any, _connection: Any) -> Any:
    if isinstance(value, str):  # of an expression: only columns come as moments
        value = datetime.fromisoformat(value)
    return value and value.replace(tzinfo=UTC)
