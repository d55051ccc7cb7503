"""One run: prepare, let it happen, wait for peace, judge."""

import json
import shutil
import statistics
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos.editors import Editors
from tests.chaos.facts import Fact, facts, unfinished
from tests.chaos.faults import Mischief
from tests.chaos.newsroom import Town, town
from tests.chaos.readers import Readers
from tests.chaos.stories import Story
from tests.chaos.verdict import heard_wrongly, judged_all, repeated
from tests.support.receivers import Receiver, receiving

# Fewer, and that nothing was seen early would say little.
ENOUGH_LOOKS = 50


@dataclass
class Report:
    """What came of a run. `wrong` are the broken promises; empty is good."""

    seed: int
    wrong: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    logs: Path | None = None

    def __str__(self) -> str:
        head = [f"seed {self.seed}", *self.told]
        if self.wrong:
            head += [f"{len(self.wrong)} broken promises; logs in {self.logs}:", *self.wrong[:40]]
        return "\n".join(head)


def run(*, seed: int, stories: int, seconds: float, peace: float = 90) -> Report:
    """So many stories over so many seconds of chaos, then at most `peace` seconds to finish."""
    report, folder = Report(seed), Path(tempfile.mkdtemp(prefix="newsroom-chaos-"))
    with ExitStack() as stack:
        receiver = stack.enter_context(receiving())
        here = stack.enter_context(town(folder, receiver_port=receiver.port))
        began = time.monotonic()
        here.open("web")
        wish = {"seed": seed, "stories": stories, "seconds": seconds, "receiver": receiver.url}
        spec = prepared(here, wish | {"start": here.wait_for_web()})
        report.told.append(f"{stories} stories prepared in {time.monotonic() - began:.1f} s")
        here.open()
        happen(here, receiver, spec, report, seconds=seconds, peace=peace)
    if report.wrong:
        report.logs = folder
    else:
        shutil.rmtree(folder)
    return report


def prepared(here: Town, wish: dict[str, Any]) -> dict[str, Any]:
    spec = here.folder / "spec.json"
    spec.write_text(json.dumps(wish))
    here.manage("-m", "tests.chaos.preparing", str(spec))
    made: dict[str, Any] = json.loads(spec.read_text())
    return made


def happen(
    here: Town,
    receiver: Receiver,
    spec: dict[str, Any],
    report: Report,
    *,
    seconds: float,
    peace: float,
) -> None:
    stories = [Story(**each) for each in spec["stories"]]
    begin, since = spec["begin"], time.time() - time.monotonic()
    readers = Readers(here.port, stories)
    editors = Editors(here.port, spec["token"], stories, seed=report.seed)
    mischief = Mischief(here, seed=report.seed, begin=begin, seconds=seconds)
    readers.start()
    editors.start()
    mischief.deal()
    editors.wait(within=30)
    left = wait_for_peace(here, begin + seconds, peace=peace)
    report.told.append(
        f"all done {time.time() - begin - seconds:.1f} s after the last plan: {left}"
    )
    readers.stop()
    readers.last_round()
    assert here.database
    with here.database.connect() as database:
        found = facts(database)
    report.wrong += editors.broken + mischief.broken
    if readers.answers[404] < ENOUGH_LOOKS:
        report.wrong.append(f"only {readers.answers[404]} looks at stories that were not out yet")
    report.wrong += judged_all(stories, found, readers, editors.told)
    report.wrong += heard_wrongly(found, receiver.got, secret=spec["secret"], since=since)
    report.told += told_of(here, readers, editors, mischief, receiver)
    report.told += [lateness(stories, readers), ends(stories, found)]


def wait_for_peace(here: Town, until: float, *, peace: float) -> dict[str, int]:
    """What is left undone, once nothing is or the patience is at its end."""
    assert here.database
    time.sleep(max(0.0, until - time.time()))
    with here.database.connect() as database:
        while any((left := unfinished(database)).values()) and time.time() < until + peace:
            time.sleep(0.25)
    return left


def told_of(
    here: Town, readers: Readers, editors: Editors, mischief: Mischief, receiver: Receiver
) -> list[str]:
    deaths = ", ".join(f"{hand.name} {hand.deaths}" for hand in here.hands.values())
    wishes = [told for each in editors.told.values() for told in each]
    yes = sum(told.yes for told in wishes)
    unsure = sum(not told.sure for told in wishes)
    rounds = f"{len(readers.rounds)} rounds, the longest {max(readers.rounds, default=0.0):.1f} s"
    return [
        *mischief.dealt,
        f"killed: {deaths}",
        f"read: {dict(sorted(readers.answers.items()))}; {rounds}",
        f"editors asked {len(wishes)} times: {yes} yes, {unsure} unanswered",
        f"told: {len(receiver.got)} requests, {repeated(receiver.got)} of them repeated",
    ]


def ends(stories: list[Story], found: dict[int, Fact]) -> str:
    """How many stories had an end, and of how many it came before anybody could put them out."""
    ending = [found[story.article] for story in stories if story.end]
    return f"{len(ending)} had an end, {sum(not fact.done for fact in ending)} of them missed it"


def lateness(stories: list[Story], readers: Readers) -> str:
    """How long after its time a story that nobody touched was first seen."""
    lags = sorted(
        readers.seen[s.slug].first[1] - s.due
        for s in stories
        if s.kind == "plain" and 1 in readers.seen[s.slug].first
    )
    p50, p99 = statistics.median(lags), lags[int(len(lags) * 0.99)]
    return f"seen after its time: p50 {p50:.2f} s, p99 {p99:.2f} s, longest {lags[-1]:.2f} s"
