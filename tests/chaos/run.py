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
from tests.chaos.facts import StoryRecord, count_unfinished, load_story_records
from tests.chaos.faults import FaultInjector
from tests.chaos.newsroom import RunningNewsroom, grown_newsroom
from tests.chaos.readers import ChaosReaders
from tests.chaos.stories import ChaosStory
from tests.chaos.violations import all_violations, count_repeated, webhook_violations
from tests.support.receivers import HTTPReceiver, running_receiver

# Fewer, and that nothing was seen early would say little.
MIN_EARLY_READS = 50


@dataclass
class ChaosReport:
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


def run_chaos(*, seed: int, stories: int, seconds: float, peace: float = 90) -> ChaosReport:
    """So many stories over so many seconds of chaos, then at most `peace` seconds to finish."""
    report, folder = ChaosReport(seed), Path(tempfile.mkdtemp(prefix="newsroom-chaos-"))
    with ExitStack() as stack:
        receiver = stack.enter_context(running_receiver())
        here = stack.enter_context(grown_newsroom(folder, receiver_port=receiver.port))
        began = time.monotonic()
        here.open("web")
        wish = {"seed": seed, "stories": stories, "seconds": seconds, "receiver": receiver.url}
        spec = prepare_stories(here, wish | {"start": here.wait_for_web()})
        report.told.append(f"{stories} stories prepared in {time.monotonic() - began:.1f} s")
        here.open()
        run_faults(here, receiver, spec, report, seconds=seconds, peace=peace)
    if report.wrong:
        report.logs = folder
    else:
        shutil.rmtree(folder)
    return report


def prepare_stories(here: RunningNewsroom, wish: dict[str, Any]) -> dict[str, Any]:
    spec = here.folder / "spec.json"
    spec.write_text(json.dumps(wish))
    here.manage("-m", "tests.chaos.preparing", str(spec))
    made: dict[str, Any] = json.loads(spec.read_text())
    return made


def run_faults(
    here: RunningNewsroom,
    receiver: HTTPReceiver,
    spec: dict[str, Any],
    report: ChaosReport,
    *,
    seconds: float,
    peace: float,
) -> None:
    stories = [ChaosStory(**each) for each in spec["stories"]]
    begin, since = spec["begin"], time.time() - time.monotonic()
    readers = ChaosReaders(here.port, stories)
    editors = Editors(here.port, spec["token"], stories, seed=report.seed)
    mischief = FaultInjector(here, seed=report.seed, begin=begin, seconds=seconds)
    readers.start()
    editors.start()
    mischief.inject_all()
    editors.wait(within=30)
    left = wait_until_settled(here, begin + seconds, peace=peace)
    report.told.append(
        f"all done {time.time() - begin - seconds:.1f} s after the last plan: {left}"
    )
    readers.stop()
    readers.last_round()
    assert here.database
    with here.database.connect() as database:
        found = load_story_records(database)
    report.wrong += editors.broken + mischief.broken
    if readers.answers[404] < MIN_EARLY_READS:
        report.wrong.append(f"only {readers.answers[404]} looks at stories that were not out yet")
    report.wrong += all_violations(stories, found, readers, editors.told)
    report.wrong += webhook_violations(found, receiver.got, secret=spec["secret"], since=since)
    report.told += summary_lines(here, readers, editors, mischief, receiver)
    report.told += [lateness_summary(stories, readers), ending_summary(stories, found)]


def wait_until_settled(here: RunningNewsroom, until: float, *, peace: float) -> dict[str, int]:
    """What is left undone, once nothing is or the patience is at its end."""
    assert here.database
    time.sleep(max(0.0, until - time.time()))
    with here.database.connect() as database:
        while any((left := count_unfinished(database)).values()) and time.time() < until + peace:
            time.sleep(0.25)
    return left


def summary_lines(
    here: RunningNewsroom,
    readers: ChaosReaders,
    editors: Editors,
    mischief: FaultInjector,
    receiver: HTTPReceiver,
) -> list[str]:
    deaths = ", ".join(f"{hand.name} {hand.deaths}" for hand in here.processes.values())
    wishes = [told for each in editors.told.values() for told in each]
    yes = sum(told.is_accepted for told in wishes)
    unsure = sum(not told.is_known for told in wishes)
    rounds = f"{len(readers.rounds)} rounds, the longest {max(readers.rounds, default=0.0):.1f} s"
    return [
        *mischief.injected,
        f"killed: {deaths}",
        f"read: {dict(sorted(readers.answers.items()))}; {rounds}",
        f"editors asked {len(wishes)} times: {yes} yes, {unsure} unanswered",
        f"told: {len(receiver.got)} requests, {count_repeated(receiver.got)} of them repeated",
    ]


def ending_summary(stories: list[ChaosStory], found: dict[int, StoryRecord]) -> str:
    """How many stories had an end, and of how many it came before anybody could put them out."""
    ending = [found[story.article] for story in stories if story.end]
    return f"{len(ending)} had an end, {sum(not fact.done for fact in ending)} of them missed it"


def lateness_summary(stories: list[ChaosStory], readers: ChaosReaders) -> str:
    """How long after its time a story that nobody touched was first seen."""
    lags = sorted(
        readers.seen[s.slug].first[1] - s.due
        for s in stories
        if s.kind == "plain" and 1 in readers.seen[s.slug].first
    )
    p50, p99 = statistics.median(lags), lags[int(len(lags) * 0.99)]
    return f"seen after its time: p50 {p50:.2f} s, p99 {p99:.2f} s, longest {lags[-1]:.2f} s"
