"""Benchmark of the deployment: seconds until readers behind the proxy see a publication or a withdrawal.

Starts everything in deploy/ on loopback (tests/support/loopback/deployment.py), publishes and withdraws
story after story while readers look at each of its addresses fifty times a second, and prints one
Markdown table.
Ends with 1 where a promise was not kept.  Writes no file.
"""

import argparse
import math
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from bench.drivers.report import cpu_model, memory_size
from scripts.errors import exit_with_message
from tests.support.clients.reader_watch import observing_readers
from tests.support.loopback.deployment import Deployment, deployment
from tests.support.loopback.processes import wait_until

APPEARS, GONE = 1.5, 2.0  # seconds, p99; what issue 3 promises
Times = dict[str, list[float]]


def main() -> int:
    asked = arguments()
    with exit_with_message(), tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        Path(folder).chmod(0o755)
        with deployment(Path(folder)) as (house, _stack):
            appeared = collect_times(asked.publications, lambda n: time_to_appear(house, n))
            gone = collect_times(asked.withdrawals, lambda n: time_to_disappear(house, n))
            with purges_disabled(house):
                unheard = collect_times(
                    asked.unheard, lambda n: time_to_disappear(house, 10_000 + n)
                )
    print(report_table("seen after its planned moment", appeared))
    print(report_table("last seen after the wish to withdraw", gone))
    print(report_table("the same, while no purge goes out", unheard))
    print(report_facts())
    return int(
        longest_time(appeared) > APPEARS
        or longest_time(gone) > GONE
        or longest_time(unheard) > GONE
    )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.deploy", description=__doc__)
    parser.add_argument("--publications", type=int, default=20, help="planned stories (default 20)")
    parser.add_argument("--withdrawals", type=int, default=50, help="of live ones (default 50)")
    parser.add_argument("--unheard", type=int, default=10, help="without any purge (default 10)")
    return parser.parse_args()


def collect_times(repeats: int, measure: Callable[[int], dict[str, float]]) -> Times:
    """Seconds of each repetition, by address."""
    times: Times = defaultdict(list)
    for number in range(repeats):
        for name, seconds in measure(number).items():
            times[name].append(seconds)
    return times


def time_to_appear(house: Deployment, number: int) -> dict[str, float]:
    """Seconds from a story's scheduled time until each address showed it."""
    headline = f"예약 시험 {number}호, 제때 문을 열다"
    draft = house.draft(headline=headline)
    due = datetime.now(UTC) + timedelta(seconds=3)
    slug = str(house.act(draft, "schedule", {"at": due.isoformat()})["article"])
    with observing_readers(house, slug, word=headline) as watches:
        wait_until(lambda: all(watch.first for watch in watches.values()), within=20)
    return {name: w.first - due.timestamp() for name, w in watches.items() if w.first}


def time_to_disappear(house: Deployment, number: int) -> dict[str, float]:
    """Seconds from the request to withdraw a story until each address last showed it."""
    headline = f"내림 시험 {number}호, 문을 닫다"
    slug = house.publish(headline=headline)
    with observing_readers(house, slug, word=headline) as watches:
        wait_until(lambda: all(watch.first for watch in watches.values()), within=20)
        asked = time.time()
        house.withdraw(slug)
        answered = time.time() - asked
        time.sleep(GONE + 1)
    times = {name: max(0.0, w.last - asked) for name, w in watches.items() if w.last}
    return times | {"(the wish was answered)": answered}


@contextmanager
def purges_disabled(house: Deployment) -> Iterator[None]:
    """Context without workers, so that the proxy receives no purges."""
    for name in ("worker", "worker#2"):
        house.processes[name].kill()
        house.processes[name].wait()
    yield


def longest_time(times: Times) -> float:
    """The highest p99 of any address."""
    return max((quantile(found, 0.99) for found in times.values()), default=0.0)


def quantile(found: list[float], share: float) -> float:
    """The value that so large a share does not exceed."""
    return sorted(found)[max(0, math.ceil(share * len(found)) - 1)]


def report_table(title: str, times: Times) -> str:
    lines = [f"| {title} | times | p50 s | p99 s | max s |", "|---|--:|--:|--:|--:|"]
    lines += [
        f"| {name} | {len(found)} | {quantile(found, 0.5):.2f} | {quantile(found, 0.99):.2f} "
        f"| {max(found):.2f} |"
        for name, found in times.items()
    ]
    return "\n".join([*lines, ""])


def report_facts() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("Django", "granian", "celery"))
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {cpu_model()}, {memory_size()}; {packages}; PostgreSQL, "
        f"Redis, Varnish, two "
        "web processes, two workers, one beat and the six readers on the same machine."
    )


if __name__ == "__main__":
    sys.exit(main())
