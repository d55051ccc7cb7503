"""What goes wrong, and when: from a seed alone, so that a bad day can be had again."""

import random
import signal
import time
from collections.abc import Callable

from tests.chaos.newsroom import Town

EVERY = 2.0  # seconds between two blows, on average
FROZEN_FOR = 2.5

Blow = Callable[[Town, random.Random], None]


def kill_a_worker(town: Town, chance: random.Random) -> None:
    town.hands[chance.choice(["worker0", "worker1"])].die()


def kill_both_workers(town: Town, chance: random.Random) -> None:
    for name in ("worker0", "worker1"):
        town.hands[name].die()


def kill_in_a_pool(town: Town, chance: random.Random) -> None:
    town.hands[chance.choice(["worker0", "worker1"])].lose_a_child(chance)


def freeze_a_worker(town: Town, chance: random.Random) -> None:
    """It stops in the middle of whatever it holds, and goes on later as if nothing had been."""
    hand = town.hands[chance.choice(["worker0", "worker1"])]
    hand.signal_all(signal.SIGSTOP)
    town.closed.wait(FROZEN_FOR)
    hand.signal_all(signal.SIGCONT)


def kill_a_beat(town: Town, chance: random.Random) -> None:
    town.hands[chance.choice(["beat0", "beat1"])].die()


def kill_both_beats(town: Town, chance: random.Random) -> None:
    for name in ("beat0", "beat1"):
        town.hands[name].die()


def kill_the_web(town: Town, chance: random.Random) -> None:
    town.hands["web"].die()


def kill_a_web_process(town: Town, chance: random.Random) -> None:
    town.hands["web"].lose_a_child(chance)


def empty_the_broker(town: Town, chance: random.Random) -> None:
    town.forget_messages(cut=False)


def empty_and_cut_the_broker(town: Town, chance: random.Random) -> None:
    town.forget_messages(cut=True)


def kill_the_database(town: Town, chance: random.Random) -> None:
    assert town.database
    town.database.die()
    town.closed.wait(chance.uniform(0.05, 0.5))
    town.database.start()


BLOWS: list[Blow] = [
    kill_a_worker,
    kill_both_workers,
    kill_in_a_pool,
    freeze_a_worker,
    kill_a_beat,
    kill_both_beats,
    kill_the_web,
    kill_a_web_process,
    empty_the_broker,
    empty_and_cut_the_broker,
    kill_the_database,
]


def planned(seed: int, *, seconds: float) -> list[tuple[float, Blow]]:
    """Every kind of blow once, as far as there is time, then any; each with its moment."""
    chance = random.Random(f"blows {seed}")
    number = max(1, round(seconds / EVERY))
    blows: list[Blow] = []
    while len(blows) < number:
        blows += chance.sample(BLOWS, len(BLOWS))
    moments = sorted(chance.uniform(0.5, seconds) for _ in range(number))
    return list(zip(moments, blows[:number], strict=True))


class Mischief:
    """Deals the blows of a seed, from a moment on; `dealt` says which and when."""

    def __init__(self, town: Town, *, seed: int, begin: float, seconds: float) -> None:
        self.town, self.begin = town, begin
        self.chance = random.Random(f"mischief {seed}")
        self.blows = planned(seed, seconds=seconds)
        self.dealt: list[str] = []
        self.broken: list[str] = []

    def deal(self) -> None:
        """In the main thread: a database started by a thread would end with it (prctl(2), PDEATHSIG)."""
        for at, blow in self.blows:
            time.sleep(max(0.0, self.begin + at - time.time()))
            self.dealt.append(f"{time.time() - self.begin:5.1f} s  {blow.__name__}")
            try:
                blow(self.town, self.chance)
            except Exception as error:  # noqa: BLE001  # told at the end with everything else
                self.broken.append(f"{blow.__name__}: {error!r}")
