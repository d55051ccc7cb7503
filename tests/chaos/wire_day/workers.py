"""Worker processes that file what is stored in disorder, and are killed before a random statement.

`python -m tests.chaos.wire_day.workers ORDERS`: reads the orders in the JSON file, forks the workers, forks
another for each that was killed, and writes there how many were.
"""

import json
import logging
import os
import random
import signal
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import django

django.setup()

from django.db import connection  # noqa: E402  # the settings stand now
from django.urls import reverse  # noqa: E402

from tests.support.faults.kill_before_statement import KillBeforeStatement  # noqa: E402
from wire.models import Delivery  # noqa: E402
from wire.tasks import parse_if_waiting, parse_waiting  # noqa: E402

WAITING_IN_SIGHT, PARSED_IN_A_ROW = 300, 25
TASK_SHARE = 0.05  # of the rounds is the periodic task itself


@dataclass(frozen=True)
class WorkerOrders:
    """How many workers file, and how many statements each sends on average until it is killed.

    No more than `most_kills` are killed. Everything random follows from the seed.
    """

    seed: int
    workers: int = 4
    statements: int = 1500
    most_kills: int = 10**6


@dataclass(frozen=True)
class WorkersReport:
    kills: int
    seconds: float
    failed: int


def run_workers(orders: WorkerOrders) -> WorkersReport:
    """Fork the workers, and a new one for each that was killed, until all is filed.

    This process never talks to the database, so that each child has a connection of its own.
    """
    reverse("admin:index")  # loads the URLs once, and not in each child
    random_source = random.Random(f"kills {orders.seed}")
    began, kills, failed = time.monotonic(), 0, 0
    running = {fork_worker(orders, random_source, kills) for _n in range(orders.workers)}
    while running:
        pid, status = os.wait()
        running.discard(pid)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            kills += 1
            running.add(fork_worker(orders, random_source, kills))
        elif status:
            failed += 1
    return WorkersReport(kills, time.monotonic() - began, failed)


def fork_worker(orders: WorkerOrders, random_source: random.Random, kills: int) -> int:
    """Fork a worker; its process id. It is killed before a statement that is drawn here, or not at all."""
    life = random_source.randrange(1, orders.statements * 2)
    own = random.Random(random_source.random())
    if pid := os.fork():
        return pid
    code = 1
    try:
        file_in_disorder(own, last_statement=life if kills < orders.most_kills else 0)
        code = 0
    except BaseException:  # a child must not return into its parent's code
        logging.getLogger(__name__).exception("A worker failed")
    finally:
        os._exit(code)


def file_in_disorder(random_source: random.Random, *, last_statement: int) -> None:
    """Parse what waits, in random order, until nothing does; other workers see the same deliveries.

    The process is killed before its statement of this number, COMMIT counted as one; 0 for never.
    """
    killer, database = KillBeforeStatement(last_statement), cast("Any", connection)
    commit = database._commit  # Django offers no wrapper for COMMIT

    def counted_commit() -> None:
        killer.step()
        commit()

    database._commit = counted_commit
    with connection.execute_wrapper(killer.wrap_execute):
        while waiting := list(
            Delivery.objects.unparsed().values_list("pk", flat=True)[:WAITING_IN_SIGHT]
        ):
            if random_source.random() < TASK_SHARE:
                parse_waiting()
                continue
            for pk in random_source.sample(waiting, min(PARSED_IN_A_ROW, len(waiting))):
                parse_if_waiting(pk)


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(json.dumps(asdict(run_workers(WorkerOrders(**json.loads(path.read_text()))))))
