"""Processes of the crowd, which are killed before a random statement.

`python -m tests.chaos.community.workers ORDERS` reads the orders in the JSON file, forks the workers, forks
another for each that was killed, and writes there how many were.
"""

import json
import logging
import os
import random
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import django

django.setup()

from django.db import connection  # noqa: E402  # the settings stand now
from django.urls import reverse  # noqa: E402

from tests.chaos.community.clicks import Crowd  # noqa: E402
from tests.support.faults.kill_before_statement import KillBeforeStatement  # noqa: E402


@dataclass(frozen=True)
class CrowdOrders:
    """How often each process clicks; `kills` of them are killed within so many statements."""

    seed: int
    clicks: int
    workers: int = 4
    kills: int = 2
    statements: int = 2000


@dataclass(frozen=True)
class CrowdReport:
    kills: int
    failed: int


def run_workers(orders: CrowdOrders) -> CrowdReport:
    """Fork the workers, and a new one for each that was killed, until all have clicked.

    This process never talks to the database, so that each child has a connection of its own.
    """
    reverse("admin:index")  # loads the URLs once, and not in each child
    random_source = random.Random(f"kills {orders.seed}")
    started, kills, failed, running = 0, 0, 0, set[int]()
    while running or started < orders.workers + kills:
        if started < orders.workers + kills:
            life = random_source.randrange(1, orders.statements) if started < orders.kills else 0
            running.add(fork_worker(orders, number=started, last_statement=life))
            started += 1
            continue
        pid, status = os.wait()
        running.discard(pid)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            kills += 1
        elif status:
            failed += 1
    return CrowdReport(kills, failed)


def fork_worker(orders: CrowdOrders, *, number: int, last_statement: int) -> int:
    """Fork a worker, which is killed before its statement of this number, or not at all; its process id."""
    if pid := os.fork():
        return pid
    code = 1
    try:
        click(random.Random(f"{orders.seed} {number}"), orders.clicks, last_statement)
        code = 0
    except BaseException:  # a child must not return into its parent's code
        logging.getLogger(__name__).exception("A worker failed")
    finally:
        os._exit(code)


def click(chance: random.Random, clicks: int, last_statement: int) -> None:
    """Make so many random changes, COMMIT counted as a statement."""
    killer, database = KillBeforeStatement(last_statement), cast("Any", connection)
    commit = database._commit  # Django offers no wrapper for COMMIT

    def counted_commit() -> None:
        killer.step()
        commit()

    database._commit = counted_commit
    crowd = Crowd(chance)
    with connection.execute_wrapper(killer.wrap_execute):
        for _number in range(clicks):
            crowd.click()


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(json.dumps(asdict(run_workers(CrowdOrders(**json.loads(path.read_text()))))))
