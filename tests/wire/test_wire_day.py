"""Replay of a small day of agency copy in all formats: killed workers in disorder end as one in order.

Larger: `python -m tests.chaos.wire_day --deliveries 20000`.
"""

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.chaos.wire_day.deliveries import (
    FORM_SHARES,
    WireDay,
    generate_day,
    shuffled_twice,
)
from tests.chaos.wire_day.newsroom import file_in_order, prepare_newsroom, store_deliveries
from tests.chaos.wire_day.outcome import Outcome, differences, read_outcome, violations
from tests.chaos.wire_day.workers import WorkerOrders
from tests.desk.actions.test_publish_clock import address_of_test_database
from tests.support.database_reset import reset_database
from tests.support.loopback.processes import PROJECT_ROOT, process_environment

SEED, DELIVERIES, FOLLOWED = 20261114, 150, 10
ORDERS = WorkerOrders(seed=SEED, workers=2, statements=300, most_kills=6)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_killed_workers_in_disorder_end_as_one_process_in_order(tmp_path: Path) -> None:
    """300 deliveries: the same versions are current, no strangers are merged, no bytes are lost, and each
    cancellation is notified once."""
    day = generate_day(DELIVERIES, seed=SEED, followed=FOLLOWED)
    prepare_newsroom(day)
    store_deliveries(day.rest)
    file_in_order()
    ordered = read_outcome()
    assert list(violations(ordered, [*day.morning, *day.rest])) == []
    reset_database()
    prepare_newsroom(day)
    store_deliveries(shuffled_twice(day.rest, seed=SEED))
    kills = kills_of_workers(tmp_path)
    found = read_outcome()
    assert kills >= 2
    assert list(violations(found, [*day.morning, *day.rest * 2])) == []
    assert list(differences(ordered, found)) == []
    assert any("cancelled" in state["hold"] for state in found["drafts"].values() if state["hold"])
    assert_flaws_are_found(ordered, day)


def kills_of_workers(folder: Path) -> int:
    """Let two workers file what is stored, in processes that are killed; how many were."""
    path = folder / "workers.json"
    path.write_text(json.dumps(asdict(ORDERS)))
    env = process_environment(folder, DATABASE_URL=address_of_test_database(), REDIS_URL="")
    command = [sys.executable, "-m", "tests.chaos.wire_day.workers", str(path)]
    subprocess.run(command, cwd=PROJECT_ROOT, env=env, check=True)
    report = json.loads(path.read_text())
    assert report["failed"] == 0
    return int(report["kills"])


def drop_version(outcome: Outcome) -> None:
    story = next(row for row in outcome["stories"] if len(row[-2]) > 1)
    story[-2].pop()


def show_another_version(outcome: Outcome) -> None:
    story = next(row for row in outcome["stories"] if len(row[-2]) > 1)
    story[-3] = next(name for name in story[-2] if name != story[-3])


def let_cancelled_story_be_used(outcome: Outcome) -> None:
    next(row for row in outcome["stories"] if row[2] == "cancelled")[2] = "usable"


def lose_text_of_delivery(outcome: Outcome) -> None:
    next(state for state in outcome["deliveries"].values() if state["texts"])["texts"].pop()


def lose_bytes(outcome: Outcome) -> None:
    next(iter(outcome["deliveries"].values()))["whole"] -= 1


def leave_delivery_waiting(outcome: Outcome) -> None:
    next(iter(outcome["deliveries"].values()))["outcomes"] = {"received": 1}


def merge_strangers(outcome: Outcome) -> None:
    outcome["strangers"].append("story 1 has texts of two")


def notify_twice(outcome: Outcome) -> None:
    notices = (state["notices"] for state in outcome["drafts"].values())
    cancelled = next(found for found in notices if any("wire_cancelled" in name for name in found))
    cancelled[next(name for name in cancelled if "wire_cancelled" in name)] = 2


def notify_nobody(outcome: Outcome) -> None:
    on_hold = (s for s in outcome["drafts"].values() if s["hold"] and s["hold"][0] == "cancelled")
    next(on_hold)["notices"] = {}


FLAWS: list[Callable[[Outcome], None]] = [
    drop_version,
    show_another_version,
    let_cancelled_story_be_used,
    lose_text_of_delivery,
    lose_bytes,
    leave_delivery_waiting,
    merge_strangers,
    notify_twice,
    notify_nobody,
]


def assert_flaws_are_found(outcome: Outcome, day: WireDay) -> None:
    """Each planted flaw is found by the comparison."""
    for flaw in FLAWS:
        flawed = copy.deepcopy(outcome)
        flaw(flawed)
        found = [*violations(flawed, [*day.morning, *day.rest]), *differences(outcome, flawed)]
        assert found, flaw.__name__


def test_a_seed_gives_the_same_day_with_every_form_and_every_delivery_twice() -> None:
    day, same = (generate_day(400, seed=7, followed=5) for _n in range(2))
    assert day == same != generate_day(400, seed=8, followed=5)
    sources = {each.source for each in [*day.morning, *day.rest]}
    assert sources == {f"day-{form}" for form in (*FORM_SHARES, "unread")}
    disorder = shuffled_twice(day.rest, seed=7)
    assert sorted(each.raw for each in disorder) == sorted(each.raw for each in day.rest * 2)
    assert disorder != day.rest * 2


def test_first_arrivals_of_tied_deliveries_keep_their_order_in_disorder() -> None:
    day = generate_day(400, seed=7, followed=0)
    in_order, in_disorder = (
        list(dict.fromkeys((each.tied_in, each.raw) for each in deliveries if each.tied_in))
        for deliveries in (day.rest, shuffled_twice(day.rest, seed=7))
    )
    for tie in {tied_in for tied_in, _raw in in_order}:
        orders = [
            [raw for tied_in, raw in found if tied_in == tie] for found in (in_order, in_disorder)
        ]
        assert orders[0] == orders[1]
