"""Phases of a replay, each in a process: `python -m tests.chaos.wire_day.phases NAME FOLDER ORDERS`."""

import json
import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # the settings stand now

from tests.chaos.wire_day.deliveries import WireDay, generate_day, shuffled_twice  # noqa: E402
from tests.chaos.wire_day.newsroom import (  # noqa: E402
    file_in_order,
    prepare_newsroom,
    store_deliveries,
)
from tests.chaos.wire_day.outcome import differences, read_outcome, violations  # noqa: E402


def prepare(day: WireDay, folder: Path, seed: int) -> None:
    call_command("migrate", verbosity=0)
    prepare_newsroom(day)


def in_order(day: WireDay, folder: Path, seed: int) -> None:
    store_deliveries(day.rest)
    file_in_order()
    (folder / "in_order.json").write_text(json.dumps(read_outcome()))


def store_in_disorder(day: WireDay, folder: Path, seed: int) -> None:
    store_deliveries(shuffled_twice(day.rest, seed=seed))


def outcome(day: WireDay, folder: Path, seed: int) -> None:
    """Compare the outcome with that of the ordered day."""
    ordered, found = json.loads((folder / "in_order.json").read_text()), read_outcome()
    (folder / "in_disorder.json").write_text(json.dumps(found))
    wrong = [f"in order: {line}" for line in violations(ordered, [*day.morning, *day.rest])]
    wrong += [f"in disorder: {line}" for line in violations(found, [*day.morning, *day.rest * 2])]
    wrong += differences(ordered, found)
    cancelled = sum(row[2] == "cancelled" for row in found["stories"])
    drafts = found["drafts"].values()
    on_hold = sum(draft["hold"] is not None for draft in drafts)
    texts = sum(len(row[6]) for row in found["stories"])
    lines = [
        f"{len(day.morning) + len(day.rest) * 2} deliveries, {len(found['deliveries'])} different ones",
        f"{len(found['stories'])} stories with {texts} texts, {cancelled} cancelled",
        f"{len(drafts)} drafts, {on_hold} on hold",
    ]
    (folder / "outcome.json").write_text(json.dumps({"wrong": wrong, "lines": lines}))


PHASES: dict[str, Any] = {
    each.__name__: each for each in (prepare, in_order, store_in_disorder, outcome)
}

if __name__ == "__main__":
    name, folder, orders = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
    day = generate_day(orders["deliveries"], seed=orders["seed"], followed=orders["followed"])
    PHASES[name](day, folder, orders["seed"])
