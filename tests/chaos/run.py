"""A chaos run: prepare stories, inject faults, wait until everything is settled, report violations."""

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
from tests.support.loopback.receivers import HTTPReceiver, running_receiver
from tests.support.loopback.servers import MakeCluster, new_postgres_cluster

# Fewer, and that nothing was seen early would say little.
MIN_EARLY_READS = 50


@dataclass
class ChaosReport:
    """Report of a run; `wrong` lists the violations, empty where there are none."""

    seed: int
    wrong: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    logs: Path | None = None

    def __str__(self) -> str:
        head = [f"seed {self.seed}", *self.lines]
        if self.wrong:
            head += [f"{len(self.wrong)} broken promises; logs in {self.logs}:", *self.wrong[:40]]
        return "\n".join(head)


def run_chaos(
    *,
    seed: int,
    stories: int,
    seconds: float,
    peace: float = 90,
    make_cluster: MakeCluster = new_postgres_cluster,
) -> ChaosReport:
    """Run so many stories over so many seconds of faults, then at most `peace` seconds to finish."""
    report, folder = ChaosReport(seed), Path(tempfile.mkdtemp(prefix="newsroom-chaos-"))
    with ExitStack() as stack:
        receiver = stack.enter_context(running_receiver())
        newsroom = stack.enter_context(
            grown_newsroom(folder, receiver_port=receiver.port, make_cluster=make_cluster)
        )
        began = time.monotonic()
        newsroom.open("web")
        params = {"seed": seed, "stories": stories, "seconds": seconds, "receiver": receiver.url}
        spec = prepare_stories(newsroom, params | {"start": newsroom.wait_for_web()})
        report.lines.append(f"{stories} stories prepared in {time.monotonic() - began:.1f} s")
        newsroom.open()
        run_faults(newsroom, receiver, spec, report, seconds=seconds, peace=peace)
    if report.wrong:
        report.logs = folder
    else:
        shutil.rmtree(folder)
    return report


def prepare_stories(newsroom: RunningNewsroom, params: dict[str, Any]) -> dict[str, Any]:
    spec = newsroom.folder / "spec.json"
    spec.write_text(json.dumps(params))
    newsroom.manage("-m", "tests.chaos.preparing", str(spec))
    made: dict[str, Any] = json.loads(spec.read_text())
    return made


def run_faults(
    newsroom: RunningNewsroom,
    receiver: HTTPReceiver,
    spec: dict[str, Any],
    report: ChaosReport,
    *,
    seconds: float,
    peace: float,
) -> None:
    stories = [ChaosStory(**each) for each in spec["stories"]]
    begin, since = spec["begin"], time.time() - time.monotonic()
    readers = ChaosReaders(newsroom.port, stories)
    editors = Editors(newsroom.port, spec["token"], stories, seed=report.seed)
    injector = FaultInjector(newsroom, seed=report.seed, begin=begin, seconds=seconds)
    readers.start()
    editors.start()
    injector.inject_all()
    editors.wait(within=30)
    left = wait_until_settled(newsroom, begin + seconds, peace=peace)
    report.lines.append(
        f"all done {time.time() - begin - seconds:.1f} s after the last plan: {left}"
    )
    readers.stop()
    readers.last_round()
    assert newsroom.database
    with newsroom.database.connect() as database:
        found = load_story_records(database)
    report.wrong += editors.broken + injector.broken
    if readers.answers[404] < MIN_EARLY_READS:
        report.wrong.append(f"only {readers.answers[404]} looks at stories that were not out yet")
    report.wrong += all_violations(stories, found, readers, editors.responses)
    report.wrong += webhook_violations(found, receiver.got, secret=spec["secret"], since=since)
    report.lines += summary_lines(newsroom, readers, editors, injector, receiver)
    report.lines += [lateness_summary(stories, readers), ending_summary(stories, found)]


def wait_until_settled(newsroom: RunningNewsroom, until: float, *, peace: float) -> dict[str, int]:
    """Wait until nothing is unfinished or the time is over; what is unfinished."""
    assert newsroom.database
    time.sleep(max(0.0, until - time.time()))
    with newsroom.database.connect() as database:
        while any((left := count_unfinished(database)).values()) and time.time() < until + peace:
            time.sleep(0.25)
    return left


def summary_lines(
    newsroom: RunningNewsroom,
    readers: ChaosReaders,
    editors: Editors,
    injector: FaultInjector,
    receiver: HTTPReceiver,
) -> list[str]:
    deaths = ", ".join(
        f"{process.name} {process.deaths}" for process in newsroom.processes.values()
    )
    responses = [response for each in editors.responses.values() for response in each]
    yes = sum(response.is_accepted for response in responses)
    unsure = sum(not response.is_known for response in responses)
    rounds = f"{len(readers.rounds)} rounds, the longest {max(readers.rounds, default=0.0):.1f} s"
    return [
        *injector.injected,
        f"killed: {deaths}",
        f"read: {dict(sorted(readers.answers.items()))}; {rounds}",
        f"editors asked {len(responses)} times: {yes} yes, {unsure} unanswered",
        f"told: {len(receiver.got)} requests, {count_repeated(receiver.got)} of them repeated",
    ]


def ending_summary(stories: list[ChaosStory], found: dict[int, StoryRecord]) -> str:
    """How many stories had an expiry time, and how many expired before they could be published."""
    ending = [found[story.article] for story in stories if story.end]
    return f"{len(ending)} had an end, {sum(not fact.done for fact in ending)} of them missed it"


def lateness_summary(stories: list[ChaosStory], readers: ChaosReaders) -> str:
    """How late stories that no editor changed were first seen."""
    lags = sorted(
        readers.sightings[s.slug].first[1] - s.due
        for s in stories
        if s.kind == "plain" and 1 in readers.sightings[s.slug].first
    )
    p50, p99 = statistics.median(lags), lags[int(len(lags) * 0.99)]
    return f"seen after its time: p50 {p50:.2f} s, p99 {p99:.2f} s, longest {lags[-1]:.2f} s"
