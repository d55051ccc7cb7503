"""Rows beside a row, in the same query, on PostgreSQL and SQLite."""

from typing import Any

from django.db.models import JSONField, QuerySet, Subquery
from django.db.models.functions import JSONObject


class JSONArraySubquery(Subquery):
    """The rows of a correlated queryset as one JSON array, in its order.

    `JSONRows(Byline.objects.filter(article=OuterRef("pk")), name="author__name")` gives
    [{"name": ...}, ...].  Names are read as text, numbers and booleans as such.
    """

    template = "(SELECT COALESCE(jsonb_agg(item), '[]'::jsonb) FROM (%(subquery)s) items)"

    def __init__(self, rows: QuerySet[Any], **fields: Any) -> None:
        item = rows.annotate(item=JSONObject(**fields)).values("item")
        super().__init__(item, output_field=JSONField())

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        array = "(SELECT json_group_array(json(item)) FROM (%(subquery)s) items)"
        return self.as_sql(compiler, connection, template=array, **extra)
