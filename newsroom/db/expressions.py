"""Query expressions: JSON arrays of subqueries, arrays of ids, literals, current time of the database."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    DateTimeField,
    Field,
    ForeignObject,
    Func,
    JSONField,
    Lookup,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import JSONObject
from django.utils import timezone

from newsroom.db.compiled_queries import DeferredParam, ParamValues


class JSONArraySubquery(Subquery):
    """The rows of a correlated queryset as one JSON array of objects, in its order (PostgreSQL, SQLite).

    `JSONArraySubquery(Byline.objects.filter(article=OuterRef("pk")), name="author__name")` gives
    [{"name": ...}, ...]. Values are text, numbers, booleans or null, as their columns are.
    """

    template = "(SELECT COALESCE(jsonb_agg(item), '[]'::jsonb) FROM (%(subquery)s) items)"

    def __init__(self, rows: QuerySet[Any], **fields: Any) -> None:
        item = rows.annotate(item=JSONObject(**fields)).values("item")
        super().__init__(item, output_field=JSONField())

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        array = "(SELECT json_group_array(json(item)) FROM (%(subquery)s) items)"
        return self.as_sql(compiler, connection, template=array, **extra)


class JSONTextArraySubquery(JSONArraySubquery):
    """The same array as text, for a column that is the same in all rows, of which one is parsed."""

    def __init__(self, rows: QuerySet[Any], **fields: Any) -> None:
        super().__init__(rows, **fields)
        self.output_field = TextField()


class IntegerLiteral(Value):
    """An integer written into the SQL instead of passed as a parameter.

    SQLite uses a partial index only where the query repeats the index's condition literally; with a
    parameter it would scan the table.
    """

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return str(int(self.value)), []


class KeywordLiteral(Value):
    """A keyword, such as a state, written into the SQL for the same reason: ASCII letters, underscores."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        keyword = str(self.value)
        if not re.fullmatch("[a-z_]+", keyword):
            raise ValueError(keyword)
        return f"'{keyword}'", []


class CurrentTime(DeferredParam):
    """The time at which a query is executed, also of a compiled one (newsroom/db/compiled_queries.py).

    By this process's clock, like all Python code that compares with it. PostgreSQL's `now()` is the
    start of the transaction instead. A compiled query has one value for all its occurrences.
    """

    def __init__(self) -> None:
        super().__init__(output_field=DateTimeField())

    def value(self, params: ParamValues, connection: Any) -> Any:
        return connection.ops.adapt_datetimefield_value(timezone.now())


class UtcHour(Func):
    """A time rounded down to the hour, in UTC. Immutable, so that a generated column can have it."""

    arity = 1
    template = "(date_trunc('hour', %(expressions)s AT TIME ZONE 'UTC') AT TIME ZONE 'UTC')"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        # Without spaces: Django's introspection of SQLite splits the columns of a table by ", ".
        template = "(substr(%(expressions)s,1,13) || ':00:00')"
        return self.as_sql(compiler, connection, template=template, **extra)


class MinuteOf(Func):
    """A time rounded down to the minute. Unlike TruncMinute, without a call of Python by row on SQLite."""

    arity = 1
    template = "date_trunc('minute', %(expressions)s)"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "(substr(%(expressions)s, 1, 16) || ':00')"
        return self.as_sql(compiler, connection, template=template, **extra)


def database_now() -> datetime:
    """The time by which releases are due: PostgreSQL's clock, the same for every worker; SQLite: this
    one."""
    return database_server_now() if connection.vendor == "postgresql" else timezone.now()


def database_server_now() -> datetime:
    """PostgreSQL's wall clock. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now


def sql_integers(numbers: Iterable[int]) -> str:
    """Integers as a comma-separated SQL list. Digits only, nothing to escape."""
    return ", ".join(str(int(number)) for number in numbers)


class IdArray:
    """Ids for the lookup `in_array`."""

    def __init__(self, numbers: Iterable[int]) -> None:
        self.sql = sql_integers(numbers)


@Field.register_lookup
@ForeignObject.register_lookup
class InArray(Lookup[IdArray]):
    """`pk__in_array=IdArray(ids)`: is one of these ids, all of which are one parameter on PostgreSQL.

    `pk__in=[...]` sends every id as a parameter of its own; a burst that asks about 500 articles thirty
    times spent a quarter of its time on them. `IN (SELECT unnest(...))` is planned as a join, which
    PostgreSQL nests over whole tables while its statistics call them empty; this is a condition on one
    table, which is read once whatever the statistics say.
    """

    lookup_name = "in_array"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        column, params = self.process_lhs(compiler, connection)
        if not self.rhs.sql:
            raise EmptyResultSet
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s::bigint[])", (*params, f"{{{self.rhs.sql}}}")
        return f"{column} IN ({self.rhs.sql})", (*params,)
