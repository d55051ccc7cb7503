"""Driver of `bench.scale`, a process over the database to measure: `python -m bench.drivers.scale_queries
ROUNDS SMALL`.

SMALL is the name (or file) of the small database beside it; both are asked in turns, so that what else
the machine does meets both.
"""

import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from statistics import median
from typing import Any

import django

if __name__ == "__main__":
    django.setup()

from django.conf import settings  # the settings stand now
from django.db import connection, connections
from django.test import Client

from articles.models import Article
from bench.drivers.report import describe_load, describe_machine
from bench.drivers.requests_to_measure import MeasuredRequest, all_requests
from bench.load.articles import database_size

STATEMENT_REPEATS = 5  # times that each statement is asked by itself


# -- Asking ------------------------------------------------------------------------------------------


def time_request(client: Client, asked: MeasuredRequest, address: str) -> None:
    began = time.perf_counter()
    answer = client.get(address)
    body = answer.content
    asked.times.append((time.perf_counter() - began) * 1000)
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code} {body.decode()[:300]}")


@contextmanager
def captured_statements() -> Iterator[list[tuple[str, Any]]]:
    """SQL statements and parameters that are executed in the block."""
    statements: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        statements.append((sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(note):
        yield statements


def select_statements_of(address: str) -> list[tuple[str, Any]]:
    client = Client()
    client.get(address)  # what is looked up once in a while is no part of it
    with captured_statements() as statements:
        client.get(address)
    return [
        statement for statement in statements if statement[0].lstrip().upper().startswith("SELECT")
    ]


def statements_milliseconds(statements: Sequence[tuple[str, Any]]) -> float:
    """Sum of the median milliseconds of these statements, each executed by itself, all rows fetched."""
    return sum(
        median(statement_milliseconds(sql, values) for _ in range(STATEMENT_REPEATS))
        for sql, values in statements
    )


def statement_milliseconds(sql: str, values: Any) -> float:
    with connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute(sql, values)
        cursor.fetchall()
        return (time.perf_counter() - began) * 1000


@contextmanager
def default_connection(database: Any) -> Iterator[None]:
    """Use this connection as the default one in the block."""
    usual = connections["default"]
    connections["default"] = database
    try:
        yield
    finally:
        connections["default"] = usual


def connect_to(name: str) -> Any:
    """A new connection to the database of this name."""
    other = connections.create_connection("default")
    other.settings_dict = {**other.settings_dict, "NAME": name}
    return other


def measure_both(small: str, rounds: int) -> tuple[list[MeasuredRequest], list[MeasuredRequest]]:
    """Measure the large and the small newsroom in turns."""
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    big = all_requests()
    other = connect_to(small)
    with default_connection(other):
        few = all_requests()
    for asked in big:
        statements = select_statements_of(asked.addresses[0])
        asked.statements, asked.database = len(statements), statements_milliseconds(statements)
    turns = [(big, connections["default"]), (few, other)]
    chance = random.Random(rounds)
    roads = {id(a): cycle(a.addresses) for pages, _ in turns for a in pages}
    for number in range(rounds + 1):
        for pages, database in turns:
            with default_connection(database):
                for asked in chance.sample(pages, len(pages)):
                    time_request(client, asked, next(roads[id(asked)]))
                    if not number:
                        asked.times.clear()  # warming up
    return big, few


# -- Saying --------------------------------------------------------------------------------------------


def report_table(big: Sequence[MeasuredRequest], few: Sequence[MeasuredRequest]) -> Iterator[str]:
    yield "| what | statements | in the database ms | p50 ms | p95 | p50 of 1,000 stories | times |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for asked, other in zip(big, few, strict=True):
        yield (
            f"| {asked.what} | {asked.statements} | {asked.database:.1f} | {asked.p50():.1f} "
            f"| {asked.p95():.1f} | {other.p50():.1f} | {asked.p50() / other.p50():.2f} |"
        )


def conclusions(big: Sequence[MeasuredRequest]) -> str:
    first, deep = big[0], big[1]
    times = deep.p50() / first.p50()
    counted = [
        asked.what
        for asked in big
        if asked.what.startswith("list")
        and any(is_counting_articles(sql) for sql, _ in select_statements_of(asked.addresses[0]))
    ]
    return (
        f"{deep.what} against page 1: {times:.2f} times. "
        + (
            f"Stories were counted for: {', '.join(counted)}."
            if counted
            else "No list counted stories."
        )
        + (f" {describe_rows_read(first)}" if connection.vendor == "postgresql" else "")
    )


def is_counting_articles(sql: str) -> bool:
    """Whether the statement counts more than the votes of the polls on the page."""
    return len(re.findall(r"COUNT\(", sql)) > len(re.findall('FROM "polls_vote"', sql))


def describe_rows_read(asked: MeasuredRequest) -> str:
    """How many article rows PostgreSQL read for a page, by EXPLAIN ANALYZE."""
    most = 0
    for sql, values in select_statements_of(asked.addresses[0]):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values)
            most = max(most, article_rows_read(cursor.fetchone()[0][0]["Plan"]))
    return f"PostgreSQL read {most} rows of articles for page 1."


def article_rows_read(plan: dict[str, Any]) -> int:
    """Article rows that a query plan reads, those removed by filters included."""
    own = 0
    if plan.get("Relation Name") == Article._meta.db_table:
        own = (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    return int(own) + sum(map(article_rows_read, plan.get("Plans", ())))


def main(rounds: int, small: str) -> None:
    big, few = measure_both(small, rounds)
    print(f"{Article.objects.count():,} articles on {connection.vendor}, {database_size()}:\n")
    print("\n".join(report_table(big, few)))
    print(f"\n{conclusions(big)}\n\n{describe_machine()}. {describe_load()}")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
