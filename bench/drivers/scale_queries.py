"""In a process of its own, over the database to measure: `python -m bench.drivers.scale_queries
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
from bench.drivers.addresses import Asked, everything
from bench.drivers.report import business, machine
from bench.load.articles import size

AGAIN = 5  # times that each statement is asked by itself


# -- Asking ------------------------------------------------------------------------------------------


def ask(client: Client, asked: Asked, address: str) -> None:
    began = time.perf_counter()
    answer = client.get(address)
    body = answer.content
    asked.times.append((time.perf_counter() - began) * 1000)
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code} {body.decode()[:300]}")


@contextmanager
def written_down() -> Iterator[list[tuple[str, Any]]]:
    """The statements that go to the database meanwhile."""
    statements: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        statements.append((sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(note):
        yield statements


def statements_of(address: str) -> list[tuple[str, Any]]:
    client = Client()
    client.get(address)  # what is looked up once in a while is no part of it
    with written_down() as statements:
        client.get(address)
    return [said for said in statements if said[0].lstrip().upper().startswith("SELECT")]


def by_themselves(statements: Sequence[tuple[str, Any]]) -> float:
    """Milliseconds that these take, each asked by itself and all its rows fetched: medians, together."""
    return sum(median(once(sql, values) for _ in range(AGAIN)) for sql, values in statements)


def once(sql: str, values: Any) -> float:
    with connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute(sql, values)
        cursor.fetchall()
        return (time.perf_counter() - began) * 1000


@contextmanager
def inside(database: Any) -> Iterator[None]:
    """With this connection in place of the usual one."""
    usual = connections["default"]
    connections["default"] = database
    try:
        yield
    finally:
        connections["default"] = usual


def beside(name: str) -> Any:
    """A connection to the other database of this name."""
    other = connections.create_connection("default")
    other.settings_dict = {**other.settings_dict, "NAME": name}
    return other


def measure(small: str, rounds: int) -> tuple[list[Asked], list[Asked]]:
    """Ask both newsrooms in turns."""
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    big = everything()
    other = beside(small)
    with inside(other):
        few = everything()
    for asked in big:
        statements = statements_of(asked.addresses[0])
        asked.statements, asked.database = len(statements), by_themselves(statements)
    turns = [(big, connections["default"]), (few, other)]
    chance = random.Random(rounds)
    roads = {id(a): cycle(a.addresses) for pages, _ in turns for a in pages}
    for number in range(rounds + 1):
        for pages, database in turns:
            with inside(database):
                for asked in chance.sample(pages, len(pages)):
                    ask(client, asked, next(roads[id(asked)]))
                    if not number:
                        asked.times.clear()  # warming up
    return big, few


# -- Saying --------------------------------------------------------------------------------------------


def table(big: Sequence[Asked], few: Sequence[Asked]) -> Iterator[str]:
    yield "| what | statements | in the database ms | p50 ms | p95 | p50 of 1,000 stories | times |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for asked, other in zip(big, few, strict=True):
        yield (
            f"| {asked.what} | {asked.statements} | {asked.database:.1f} | {asked.p50():.1f} "
            f"| {asked.p95():.1f} | {other.p50():.1f} | {asked.p50() / other.p50():.2f} |"
        )


def verdict(big: Sequence[Asked]) -> str:
    first, deep = big[0], big[1]
    times = deep.p50() / first.p50()
    counted = [
        asked.what
        for asked in big
        if asked.what.startswith("list")
        and any(counts(sql) for sql, _ in statements_of(asked.addresses[0]))
    ]
    return (
        f"{deep.what} against page 1: {times:.2f} times. "
        + (
            f"Stories were counted for: {', '.join(counted)}."
            if counted
            else "No list counted stories."
        )
        + (f" {opened(first)}" if connection.vendor == "postgresql" else "")
    )


def counts(sql: str) -> bool:
    """Whether anything is counted but the votes of the polls on the page."""
    return len(re.findall(r"COUNT\(", sql)) > len(re.findall('FROM "polls_vote"', sql))


def opened(asked: Asked) -> str:
    """How many rows of articles PostgreSQL has read for a page, by its own account."""
    most = 0
    for sql, values in statements_of(asked.addresses[0]):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values)
            most = max(most, rows_of(cursor.fetchone()[0][0]["Plan"]))
    return f"PostgreSQL read {most} rows of articles for page 1."


def rows_of(plan: dict[str, Any]) -> int:
    """The rows that a plan reads of articles, thrown away ones included."""
    own = 0
    if plan.get("Relation Name") == Article._meta.db_table:
        own = (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    return int(own) + sum(map(rows_of, plan.get("Plans", ())))


def main(rounds: int, small: str) -> None:
    big, few = measure(small, rounds)
    print(f"{Article.objects.count():,} articles on {connection.vendor}, {size()}:\n")
    print("\n".join(table(big, few)))
    print(f"\n{verdict(big)}\n\n{machine()}. {business()}")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
