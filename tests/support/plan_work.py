"""Work of query plans: how many rows PostgreSQL visits for each statement of a block, by EXPLAIN ANALYZE.

A count and no time, so that it is the same on every machine. `analyze_beside_transaction` lets
the planner believe that every table is empty, as where an ANALYZE ran before a burst was committed.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

EXPLAIN = "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) "
PLANNED_VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
DISCARDED_ROWS = (
    "Rows Removed by Filter",
    "Rows Removed by Join Filter",
    "Rows Removed by Index Recheck",
)


@dataclass
class PlanWork:
    """Rows visited by statement, the most of its executions; `worst` is the highest of them."""

    rows_by_statement: dict[str, int] = field(default_factory=dict)
    plans: dict[str, Any] = field(default_factory=dict)

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not many and sql.lstrip("( \n").upper().startswith(PLANNED_VERBS):
            plan = explained(sql, params)
            rows = visited_rows(plan)
            if rows > self.rows_by_statement.get(sql, -1):
                self.rows_by_statement[sql], self.plans[sql] = rows, plan
        return execute(sql, params, many, context)

    def above(self, rows: int) -> dict[str, str]:
        """{beginning of the statement: its plan} of those that visited more rows."""
        return {
            f"{visited} rows: {sql.strip()[:200]}": outline(self.plans[sql])
            for sql, visited in self.rows_by_statement.items()
            if visited > rows
        }


@contextmanager
def counting_plan_work() -> Iterator[PlanWork]:
    """Every statement of the block is executed twice, the first time in a savepoint that is undone."""
    work = PlanWork()
    with connection.execute_wrapper(work):
        yield work


def explained(sql: str, params: Any) -> dict[str, Any]:
    raw: Any = connection.connection
    with raw.cursor() as cursor:
        cursor.execute("SAVEPOINT explained")
        cursor.execute(EXPLAIN + sql, params)
        (plans,) = cursor.fetchone()
        cursor.execute("ROLLBACK TO SAVEPOINT explained")
        cursor.execute("RELEASE SAVEPOINT explained")
    return dict((json.loads(plans) if isinstance(plans, str) else plans)[0]["Plan"])


def visited_rows(plan: dict[str, Any]) -> int:
    """Rows that the nodes of a plan return or discard, in all their loops."""
    each_loop = plan["Actual Rows"] + sum(plan.get(name, 0) for name in DISCARDED_ROWS)
    own = int(each_loop * plan["Actual Loops"])
    return own + sum(map(visited_rows, plan.get("Plans", ())))


def outline(plan: dict[str, Any], depth: int = 0) -> str:
    names = (plan["Node Type"], plan.get("Relation Name", ""), plan.get("Index Name", ""))
    counted = f"rows={plan['Actual Rows']} loops={plan['Actual Loops']}"
    line = f"\n{'  ' * depth}{' '.join(filter(None, names))} {counted}"
    return line + "".join(outline(each, depth + 1) for each in plan.get("Plans", ()))


def analyze_beside_transaction() -> None:
    """ANALYZE all tables from another connection, by which rows of an open transaction count as none.

    The rest of the transaction reads no table in full where an index will do: PostgreSQL does that with
    the few pages of a test, and not with the tables of a newsroom.
    """
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("ANALYZE")
    finally:
        other.close()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
