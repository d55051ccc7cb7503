"""Statement coverage: which SQL each test executes, to decide which tests run on both databases.

`python -m tests.support.statement_coverage FOLDER` runs all tests that use a database on PostgreSQL, for
half an hour, and reports, from what each executed:

- statements of tests in SQLITE_ONLY (database_matrix.py) that no test of the servers' run executes, with
  the quickest test that does: a line for on_both_databases.txt;
- lines of on_both_databases.txt that are not needed any more.

A statement is compared without its values, with lists of any length as one, and together with the class
of the error in which it ends.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.utils import CursorWrapper

from tests.support.database_matrix import ON_BOTH, REQUIREMENTS, SQLITE_ONLY
from tests.support.loopback.servers import servers

SAVEPOINTS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO")
VALUE = r"(?:%s|0|'\?')"
executed = set[str]()
execute_with_wrappers = CursorWrapper._execute_with_wrappers  # type: ignore[attr-defined]


@cache
def without_values(sql: str) -> str:
    for pattern, replacement in (
        (r"'(?:[^']|'')*'", "'?'"),
        (r"\b\d+\b", "0"),
        (rf"\({VALUE}(?:, ?{VALUE})*\)", "(…)"),
        (r"(\((?:[^()]|\(…\))*\))(?:, ?\1)+", r"\1"),
    ):
        sql = re.sub(pattern, replacement, sql)
    return sql


def execute_and_record(self: Any, sql: Any, *arguments: Any, **options: Any) -> Any:
    statement = without_values(str(sql))
    if statement.startswith(SAVEPOINTS):
        return execute_with_wrappers(self, sql, *arguments, **options)
    try:
        result = execute_with_wrappers(self, sql, *arguments, **options)
    except Exception as error:
        executed.add(f"{statement} [{type(error).__name__}]")
        raise
    executed.add(statement)
    return result


def pytest_configure() -> None:
    CursorWrapper._execute_with_wrappers = execute_and_record  # type: ignore[attr-defined]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    executed.clear()
    began = time.process_time()
    result = yield
    row = (item.nodeid, time.process_time() - began, sorted(executed))
    with Path(os.environ["NEWSROOM_STATEMENTS"]).open("a") as file:
        file.write(json.dumps(row) + "\n")
    return result


def run_all(file: Path) -> None:
    """Run what uses a database, but for the tests marked as needing servers, on PostgreSQL."""
    with servers() as addresses:
        environment = {**os.environ, **addresses, "NEWSROOM_STATEMENTS": str(file)}
        unmarked = f"not ({' or '.join(REQUIREMENTS)})"
        plugin = ["-p", "tests.support.statement_coverage"]
        command = [sys.executable, "-m", "pytest", "-q", *plugin, "-m", unmarked]
        subprocess.run(command, env=environment, check=False)


def report(rows: list[tuple[str, float, list[str]]]) -> Iterator[str]:
    """Lines that on_both_databases.txt lacks, then those it does not need."""
    chosen = {test: set(found) for test, _, found in rows if test.startswith(ON_BOTH)}
    others = {test: set(found) for test, _, found in rows if not test.startswith(SQLITE_ONLY)}
    always = set[str]().union(*others.values())
    covered = always.union(*chosen.values())
    for test, _seconds, found in sorted(rows, key=lambda row: row[1]):
        if missing := set(found) - covered:
            covered |= missing
            yield from (f"+ {test}", *(f"    {statement}" for statement in sorted(missing)))
    for line in ON_BOTH:
        rest = (found for test, found in chosen.items() if not test.startswith(line))
        own = set[str]().union(*(found for test, found in chosen.items() if test.startswith(line)))
        if own and own <= always.union(*rest):
            yield f"- {line}"


if __name__ == "__main__":
    recorded = Path(sys.argv[1]) / "statements.jsonl"
    run_all(recorded)
    for text in report([json.loads(line) for line in recorded.read_text().splitlines()]):
        print(text)
