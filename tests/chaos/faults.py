"""Fault injection: which faults happen when, derived from a seed so that a run can be repeated."""

import random
import signal
import time
from collections.abc import Callable

from tests.chaos.newsroom import RunningNewsroom

FAULT_INTERVAL_SECONDS = 2.0  # seconds between two faults, on average
SUSPEND_SECONDS = 2.5

Fault = Callable[[RunningNewsroom, random.Random], None]


def kill_one_worker(newsroom: RunningNewsroom, random_source: random.Random) -> None:
    newsroom.processes[random_source.choice(["worker0", "worker1"])].kill()


def kill_both_workers(newsroom: RunningNewsroom, random_source: random.Random) -> None:
    for name in ("worker0", "worker1"):
        newsroom.processes[name].kill()


def kill_pool_process(newsroom: RunningNewsroom, random_source: random.Random) -> None:
    newsroom.processes[random_source.choice(["worker0", "worker1"])].kill_child(random_source)


def suspend_worker(newsroom: RunningNewsroom, random_source: random.Random) -> None:
    """SIGSTOP a worker in the middle of its work, and SIGCONT it later."""
    process = newsroom.processes[random_source.choice(["worker0", "worker1"])]
    process.signal_all(signal.SIGSTOP)
    newsroom.closed.wait(SUSPEND_SECONDS)
    process.signal_all(signal.SIGCONT)


def kill_one_beat(newsroom: RunningNewsroom, random_source: random.Random) -> None:
    newsroom.processes[random_source.choice(["beat0", "beat1"])].kill()


def kill_both_beats(newsroom: RunningNewsroom, random_source: random.Random) -> None:
    for name in ("beat0", "beat1"):
        newsroom.processes[name].kill()


def kill_web_server(newsroom: RunningNewsroom, random_source: random.Random) -> None:
    newsroom.processes["web"].kill()


def kill_a_web_process(newsroom: RunningNewsroom, random_source: random.Random) -> None:
    newsroom.processes["web"].kill_child(random_source)


def flush_broker(newsroom: RunningNewsroom, random_source: random.Random) -> None:
    newsroom.flush_broker(cut=False)


def flush_broker_and_disconnect(newsroom: RunningNewsroom, random_source: random.Random) -> None:
    newsroom.flush_broker(cut=True)


def restart_database(newsroom: RunningNewsroom, random_source: random.Random) -> None:
    assert newsroom.database
    newsroom.database.kill()
    newsroom.closed.wait(random_source.uniform(0.05, 0.5))
    newsroom.database.start()


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
    """Every kind of fault once, as far as there is time, then random ones; each with its time."""
    random_source = random.Random(f"blows {seed}")
    number = max(1, round(seconds / FAULT_INTERVAL_SECONDS))
    faults: list[Fault] = []
    while len(faults) < number:
        faults += random_source.sample(FAULTS, len(FAULTS))
    moments = sorted(random_source.uniform(0.5, seconds) for _ in range(number))
    return list(zip(moments, faults[:number], strict=True))


class FaultInjector:
    """Injects the faults of a seed from a time on; `injected` lists which and when."""

    def __init__(
        self, newsroom: RunningNewsroom, *, seed: int, begin: float, seconds: float
    ) -> None:
        self.newsroom, self.begin = newsroom, begin
        self.random_source = random.Random(f"mischief {seed}")
        self.faults = fault_schedule(seed, seconds=seconds)
        self.injected: list[str] = []
        self.broken: list[str] = []

    def inject_all(self) -> None:
        """Inject all faults; call it in the main thread.

        A database started by another thread would end with that thread (prctl(2), PDEATHSIG).
        """
        for at, fault in self.faults:
            time.sleep(max(0.0, self.begin + at - time.time()))
            self.injected.append(f"{time.time() - self.begin:5.1f} s  {fault.__name__}")
            try:
                fault(self.newsroom, self.random_source)
            except Exception as error:  # noqa: BLE001  # told at the end with everything else
                self.broken.append(f"{fault.__name__}: {error!r}")
