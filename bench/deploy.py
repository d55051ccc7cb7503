"""`python -m bench.deploy`: how soon the world sees, through the proxy, that a story is out or gone.

Starts everything in deploy/ on loopback (tests/support/deployment.py), publishes and withdraws story after
story while readers look at each of its addresses fifty times a second, and prints one Markdown table.
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

from bench.drivers.report import cpu, memory
from scripts.errors import told
from tests.support.deployment import Deployment, deployment
from tests.support.processes import wait_until
from tests.support.reader_watch import readers

APPEARS, GONE = 1.5, 2.0  # seconds, p99; what issue 3 promises
Seen = dict[str, list[float]]


def main() -> int:
    asked = arguments()
    with told(), tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        Path(folder).chmod(0o755)
        with deployment(Path(folder)) as (house, _stack):
            appeared = gather(asked.publications, lambda n: appears(house, n))
            gone = gather(asked.withdrawals, lambda n: goes(house, n))
            with without_purges(house):
                unheard = gather(asked.unheard, lambda n: goes(house, 10_000 + n))
    print(table("seen after its planned moment", appeared))
    print(table("last seen after the wish to withdraw", gone))
    print(table("the same, while no purge goes out", unheard))
    print(facts())
    return int(worst(appeared) > APPEARS or worst(gone) > GONE or worst(unheard) > GONE)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.deploy", description=__doc__)
    parser.add_argument("--publications", type=int, default=20, help="planned stories (default 20)")
    parser.add_argument("--withdrawals", type=int, default=50, help="of live ones (default 50)")
    parser.add_argument("--unheard", type=int, default=10, help="without any purge (default 10)")
    return parser.parse_args()


def gather(times: int, once: Callable[[int], dict[str, float]]) -> Seen:
    """What each turn found, by address."""
    seen: Seen = defaultdict(list)
    for number in range(times):
        for name, seconds in once(number).items():
            seen[name].append(seconds)
    return seen


def appears(house: Deployment, number: int) -> dict[str, float]:
    """Seconds from the planned moment of one story until each address showed it."""
    headline = f"예약 시험 {number}호, 제때 문을 열다"
    draft = house.draft(headline=headline)
    due = datetime.now(UTC) + timedelta(seconds=3)
    slug = str(house.act(draft, "schedule", {"at": due.isoformat()})["article"])
    with readers(house, slug, word=headline) as watches:
        wait_until(lambda: all(watch.first for watch in watches.values()), within=20)
    return {name: w.first - due.timestamp() for name, w in watches.items() if w.first}


def goes(house: Deployment, number: int) -> dict[str, float]:
    """Seconds from the wish to withdraw one story until each address last showed it."""
    headline = f"내림 시험 {number}호, 문을 닫다"
    slug = house.publish(headline=headline)
    with readers(house, slug, word=headline) as watches:
        wait_until(lambda: all(watch.first for watch in watches.values()), within=20)
        asked = time.time()
        house.withdraw(slug)
        answered = time.time() - asked
        time.sleep(GONE + 1)
    seen = {name: max(0.0, w.last - asked) for name, w in watches.items() if w.last}
    return seen | {"(the wish was answered)": answered}


@contextmanager
def without_purges(house: Deployment) -> Iterator[None]:
    """With the workers gone, so that nobody tells the proxy anything."""
    for name in ("worker", "worker#2"):
        house.processes[name].kill()
        house.processes[name].wait()
    yield


def worst(seen: Seen) -> float:
    """The highest p99 of any address."""
    return max((share_of(found, 0.99) for found in seen.values()), default=0.0)


def share_of(found: list[float], share: float) -> float:
    """The value that so large a share does not exceed."""
    return sorted(found)[max(0, math.ceil(share * len(found)) - 1)]


def table(title: str, seen: Seen) -> str:
    lines = [f"| {title} | times | p50 s | p99 s | max s |", "|---|--:|--:|--:|--:|"]
    lines += [
        f"| {name} | {len(found)} | {share_of(found, 0.5):.2f} | {share_of(found, 0.99):.2f} "
        f"| {max(found):.2f} |"
        for name, found in seen.items()
    ]
    return "\n".join([*lines, ""])


def facts() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("Django", "granian", "celery"))
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {cpu()}, {memory()}; {packages}; PostgreSQL, Redis, Varnish, two "
        "web processes, two workers, one beat and the six readers on the same machine."
    )


if __name__ == "__main__":
    sys.exit(main())
