"""Many rows in one statement, as one parameter.

`bulk_create` makes a model of every row and writes down every value by itself. For two rows beside
each of ten thousand stories that was half of what a burst took.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

InsertRow = dict[str, Any]
INSERT_SQL = """
INSERT INTO "{table}" ({columns})
SELECT {columns}
FROM ROWS FROM (json_to_recordset(%s::json) AS ({types})) WITH ORDINALITY AS given({columns}, place)
ORDER BY place
"""


def bulk_insert(model: type[Model], rows: Iterable[InsertRow]) -> None:
    """Write these rows, in this order: values by the names of the model's columns, the same names in
    each. For rows whose numbers nobody needs; `bulk_create` where the database has no record sets."""
    rows = list(rows)
    if not rows:
        return
    if connection.vendor != "postgresql":
        model._default_manager.bulk_create(model(**row) for row in rows)
        return
    known = {field.attname: field for field in model._meta.concrete_fields}
    fields = [known[name] for name in rows[0]]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    types = ", ".join(f'"{field.column}" {field.db_type(connection)}' for field in fields)
    asked = INSERT_SQL.format(table=model._meta.db_table, columns=columns, types=types)
    told = [{name: json_column_value(value) for name, value in row.items()} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(asked, [json.dumps(told, ensure_ascii=False)])


def json_column_value(value: Any) -> Any:
    """A moment to the microsecond and a UUID as words; what is within JSON must be JSON."""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
