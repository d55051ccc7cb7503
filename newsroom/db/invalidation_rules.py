"""Invalidation rules: which surrogate keys a change of a row invalidates in the response caches of all
processes. Registry. docs/decisions/0023.

An app registers in `AppConfig.ready()` a rule for each table that its public responses read, and a
resolver for each kind of key that its rules name. Triggers of the database write (kind, value) of each
changed row into INVALIDATION_TABLE (newsroom/db/invalidation_triggers.py); the processes with a response
cache read them and resolve them into surrogate keys (newsroom/db/invalidation_log.py). What reads a table
without a rule is reused for RESPONSE_CACHE_SECONDS after any commit, as before.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

INVALIDATION_TABLE = "outbox_invalidation"
EVERYTHING = "*"  # kind of a row that invalidates all responses
PRUNED = "pruned"  # kind of a row that says up to which position rows were deleted
ALL_EVENTS = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class InvalidationRule:
    """Keys that a change of a row of `table` invalidates, each as a kind and the column of its value (""
    for none).

    An update counts if one of the expressions `compared` differs ({row} is the row), by default any
    column but the `ignored` ones. `is_count`: only counts change, which readers may see a second late.
    `name` tells several rules of one table apart.
    """

    table: str
    keys: tuple[tuple[str, str], ...]
    name: str = "row"
    compared: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    events: Sequence[str] = ALL_EVENTS
    is_count: bool = False

    def trigger(self) -> str:
        return f"invalidate_{self.table}_{self.name}"


# Takes a database cursor and the values of one kind; returns the surrogate keys that they stand for.
KeyResolver = Callable[[Any, Collection[str]], Iterable[str]]

INVALIDATION_RULES: dict[str, InvalidationRule] = {}
KEY_RESOLVERS: dict[str, KeyResolver] = {}


def register_invalidation(
    rules: Iterable[InvalidationRule], resolvers: dict[str, KeyResolver]
) -> None:
    """Register an app's rules and resolvers. Call it in `AppConfig.ready()`."""
    INVALIDATION_RULES.update((rule.trigger(), rule) for rule in rules)
    KEY_RESOLVERS.update(resolvers)


def fetch_texts(cursor: Any, sql: str, ids: Collection[str]) -> list[str]:
    """The first column of `sql`, in which {ids} stands for these numbers."""
    cursor.execute(sql.format(ids=", ".join(str(int(number)) for number in ids)))
    return [str(row[0]) for row in cursor.fetchall()]
