"""Query plans as text, on either database, by statistics of the rows that the test made.

PostgreSQL chooses between indexes by the statistics of the last ANALYZE, whichever test that ran in. A
plan is therefore asserted for tables that have rows, with statistics of these rows.
"""

from typing import Any

from django.db import connection, models, transaction


def plan_of(
    sql: str, params: Any = None, *, analyzed: list[type[models.Model]], bitmaps: bool = True
) -> str:
    """The plan of a statement, a line for each step; PostgreSQL's after ANALYZE of the tables `analyzed`.

    PostgreSQL reads no table in full where an index will do: it does that with the few pages of a test, and
    not with the tables of a newsroom. Without `bitmaps` it uses no bitmap scans either, which win over a
    scan of an index alone as long as the test's rows are not vacuumed.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for model in analyzed:
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
            set_scans(cursor, sequential=False, bitmaps=bitmaps)
        explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        cursor.execute(f"{explain} {sql}", params)
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
        if connection.vendor == "postgresql":
            set_scans(cursor, sequential=True, bitmaps=True)
    return plan


def set_scans(cursor: Any, *, sequential: bool, bitmaps: bool) -> None:
    cursor.execute(f"SET LOCAL enable_seqscan = {sequential}")
    cursor.execute(f"SET LOCAL enable_bitmapscan = {bitmaps}")


def plan_of_queryset(queryset: Any, *, analyzed: list[type[models.Model]]) -> str:
    """The plan of a queryset's statement (`plan_of`)."""
    sql, params = queryset.query.sql_with_params()
    return plan_of(sql, params, analyzed=analyzed)
