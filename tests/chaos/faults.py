"""What goes wrong, and when: from a seed alone, so that a bad day can be had again."""

import random
import signal
import time
from collections.abc import Callable

from tests.chaos.newsroom import RunningNewsroom

FAULT_INTERVAL_SECONDS = 2.0  # seconds between two blows, on average
SUSPEND_SECONDS = 2.5

Fault = Callable[[RunningNewsroom, random.Random], None]


def kill_one_worker(town: RunningNewsroom, chance: random.Random) -> None:
    town.processes[chance.choice(["worker0", "worker1"])].kill()


def kill_both_workers(town: RunningNewsroom, chance: random.Random) -> None:
    for name in ("worker0", "worker1"):
        town.processes[name].kill()


def kill_pool_process(town: RunningNewsroom, chance: random.Random) -> None:
    town.processes[chance.choice(["worker0", "worker1"])].kill_child(chance)


def suspend_worker(town: RunningNewsroom, chance: random.Random) -> None:
    """It stops in the middle of whatever it holds, and goes on later as if nothing had been."""
    hand = town.processes[chance.choice(["worker0", "worker1"])]
    hand.signal_all(signal.SIGSTOP)
    town.closed.wait(SUSPEND_SECONDS)
    hand.signal_all(signal.SIGCONT)


def kill_one_beat(town: RunningNewsroom, chance: random.Random) -> None:
    town.processes[chance.choice(["beat0", "beat1"])].kill()


def kill_both_beats(town: RunningNewsroom, chance: random.Random) -> None:
    for name in ("beat0", "beat1"):
        town.processes[name].kill()


def kill_web_server(town: RunningNewsroom, chance: random.Random) -> None:
    town.processes["web"].kill()


def kill_a_web_process(town: RunningNewsroom, chance: random.Random) -> None:
    town.processes["web"].kill_child(chance)


def flush_broker(town: RunningNewsroom, chance: random.Random) -> None:
    town.flush_broker(cut=False)


def flush_broker_and_disconnect(town: RunningNewsroom, chance: random.Random) -> None:
    town.flush_broker(cut=True)


def restart_database(town: RunningNewsroom, chance: random.Random) -> None:
    assert town.database
    town.database.kill()
    town.closed.wait(chance.uniform(0.05, 0.5))
    town.database.start()


FAULTS: list[Fault] = [
    kill_one_worker,
    kill_both_workers,
    kill_pool_process,
    suspend_worker,
    kill_one_beat,
    kill_both_beats,
    kill_web_server,
    kill_a_web_process,
    flush_broker,
    flush_broker_and_disconnect,
    restart_database,
]


def fault_schedule(seed: int, *, seconds: float) -> list[tuple[float, Fault]]:
    """Every kind of blow once, as far as there is time, then any; each with its moment."""
    chance = random.Random(f"blows {seed}")
    number = max(1, round(seconds / FAULT_INTERVAL_SECONDS))
    blows: list[Fault] = []
    while len(blows) < number:
        blows += chance.sample(FAULTS, len(FAULTS))
    moments = sorted(chance.uniform(0.5, seconds) for _ in range(number))
    return list(zip(moments, blows[:number], strict=True))


class FaultInjector:
    """Deals the blows of a seed, from a moment on; `dealt` says which and when."""

    def __init__(self, town: RunningNewsroom, *, seed: int, begin: float, seconds: float) -> None:
        self.town, self.begin = town, begin
        self.chance = random.Random(f"mischief {seed}")
        self.blows = fault_schedule(seed, seconds=seconds)
        self.injected: list[str] = []
        self.broken: list[str] = []

    def inject_all(self) -> None:
        """In the main thread: a database started by a thread would end with it (prctl(2), PDEATHSIG)."""
        for at, blow in self.blows:
            time.sleep(max(0.0, self.begin + at - time.time()))
            self.injected.append(f"{time.time() - self.begin:5.1f} s  {blow.__name__}")
            try:
                blow(self.town, self.chance)
            except Exception as error:  # noqa: BLE001  # told at the end with everything else
                self.broken.append(f"{blow.__name__}: {error!r}")
