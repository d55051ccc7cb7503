"""`python -m bench.lag`: how late a story is seen, and how soon a withdrawn one is gone. Writes no file.

trickle      stories at moments of their own over a minute, each watched through the API
burst        thousands in one second; how long until the last is live, and how readers fare meanwhile
withdrawals  from the editor's click until no reader gets the words any more (API and page)

Each on both sizes of the newsroom, with real processes on loopback and a database that forces every
commit to the disk.
"""

import argparse
import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench.drivers.counting import live_article_counter
from bench.drivers.report import describe_load, describe_machine
from tests.chaos.http_client import KeepAliveClient
from tests.chaos.newsroom import RunningNewsroom, embedded_newsroom, grown_newsroom
from tests.support.restartable_postgres import DISK_SYNC_SETTINGS

SIZES = {"embedded": "SQLite, files, 1 worker", "grown": "PostgreSQL, Redis, 2 workers"}
BURST_STORIES = {"embedded": 1_000, "grown": 10_000}
MEASUREMENT_TIMEOUT_SECONDS = 300.0  # seconds; a measurement that takes longer has failed
TABLE_HEAD = (
    "| what | size | stories | p50 s | p99 s | longest s | meanwhile |",
    "|---|---|--:|--:|--:|--:|---|",
)


def main() -> None:
    asked = arguments()
    print("\n".join(TABLE_HEAD), flush=True)
    for size in asked.size:
        for what in asked.what:
            print(MEASURES[what](size, asked), flush=True)
    print(f"\n{describe_machine()}. {describe_load()}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.lag", description=__doc__)
    parser.add_argument("--what", nargs="*", choices=list(MEASURES), default=list(MEASURES))
    parser.add_argument("--size", nargs="*", choices=list(SIZES), default=list(SIZES))
    parser.add_argument("--stories", type=int, help="of the burst (default 1,000 and 10,000)")
    parser.add_argument("--seed", type=int, default=1, help="of the trickle's moments (default 1)")
    return parser.parse_args()


class MeasuredNewsroom:
    """A newsroom at work: where it listens, and what was prepared in it."""

    def __init__(self, here: RunningNewsroom, made: dict[str, Any]) -> None:
        self.here, self.port, self.made = here, here.port, made


def running_measured_newsroom(size: str, stack: ExitStack, **wish: int) -> MeasuredNewsroom:
    """The processes of that size over a database with these stories, for as long as the stack lasts."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsroom-lag-")))
    opened = (
        embedded_newsroom(folder)
        if size == "embedded"
        else grown_newsroom(folder, beats=1, settings=DISK_SYNC_SETTINGS)
    )
    here = stack.enter_context(opened)
    spec = folder / "spec.json"
    spec.write_text(json.dumps({"shown": 20, "planned": 0, "over": 0, "seed": 1} | wish))
    here.manage("-m", "bench.drivers.lag_stories", str(spec))
    here.open()
    here.wait_for_web(within=MEASUREMENT_TIMEOUT_SECONDS)
    return MeasuredNewsroom(here, json.loads(spec.read_text()))


# -- trickle -----------------------------------------------------------------------------------


def measure_trickle(size: str, asked: argparse.Namespace) -> str:
    """Each story is asked for every 20 ms from a moment before its time until it is there."""
    with ExitStack() as stack:
        ground = running_measured_newsroom(size, stack, planned=60, over=60, seed=asked.seed)
        on_list = ListWatcher(ground.port, ground.made["planned"])
        on_list.start()
        door, lags = KeepAliveClient(ground.port), list[float]()
        for slug, due in ground.made["planned"]:
            lags.append(wait_until_seen(door, slug, due) - due)
        on_list.join(MEASUREMENT_TIMEOUT_SECONDS)
        listed = sorted(on_list.lags.values())
    meanwhile = f"on the list p50 {quantile(listed, 0.5):.2f}, p99 {quantile(listed, 0.99):.2f}"
    return table_row("trickle", size, lags, meanwhile)


def wait_until_seen(door: KeepAliveClient, slug: str, due: float) -> float:
    """When it was in a reader's hands."""
    time.sleep(max(0.0, due - 0.1 - time.time()))
    until = time.time() + MEASUREMENT_TIMEOUT_SECONDS
    while time.time() < until:
        answer = door.ask("GET", f"/api/v1/articles/{quote(slug)}/")
        if answer.status == 200:
            return answer.got
        time.sleep(0.02)
    raise SystemExit(f"{slug} was not seen after {MEASUREMENT_TIMEOUT_SECONDS:.0f} s")


class ListWatcher(threading.Thread):
    """Reads the first page of the list every 50 ms, and notes how late each story stands on it."""

    def __init__(self, port: int, planned: list[tuple[str, float]]) -> None:
        super().__init__(daemon=True)
        self.door, self.due = KeepAliveClient(port), dict(planned)
        self.lags: dict[str, float] = {}

    def run(self) -> None:
        while len(self.lags) < len(self.due):
            answer = self.door.ask("GET", "/api/v1/articles/")
            for card in answer.data["results"] if answer.status == 200 else ():
                if (slug := card["slug"]) in self.due:
                    self.lags.setdefault(slug, answer.got - self.due[slug])
            time.sleep(0.05)


# -- burst -------------------------------------------------------------------------------------


def measure_burst(size: str, asked: argparse.Namespace) -> str:
    """All are due in one second; one reader reads other stories on one connection all the time."""
    number = asked.stories or BURST_STORIES[size]
    with ExitStack() as stack:
        ground = running_measured_newsroom(size, stack, planned=number, shown=200)
        before, due = ground.made["live_now"], ground.made["planned"][0][1]
        reader = BackgroundReader(ground.port, ground.made["shown"])
        reader.start()
        lags, done, until = list[float](), 0, due + MEASUREMENT_TIMEOUT_SECONDS
        with live_article_counter(ground.here) as count:
            while done < number and time.time() < until:
                now_done, now = count() - before, time.time()
                lags += [now - due] * (now_done - done)
                done = now_done
                time.sleep(0.02)
        finished = time.time()
        reader.over.set()
        reader.join()
    if done < number:
        raise SystemExit(
            f"{number - done} of {number} were not live after {MEASUREMENT_TIMEOUT_SECONDS:.0f} s"
        )
    quiet = reader.waits(until=due)
    busy = reader.waits(since=due, until=finished)
    meanwhile = (
        f"a reader waits p50 {quantile(busy, 0.5) * 1000:.0f} ms, p99 "
        f"{quantile(busy, 0.99) * 1000:.0f} ms; "
        f"before it {quantile(quiet, 0.5) * 1000:.0f} and {quantile(quiet, 0.99) * 1000:.0f}; "
        f"prepared in {ground.made['seconds']:.0f} s"
    )
    return table_row("burst", size, lags, meanwhile)


class BackgroundReader(threading.Thread):
    """Reads one story after the other; no two questions of half a second are the same."""

    def __init__(self, port: int, slugs: list[str]) -> None:
        super().__init__(daemon=True)
        self.door, self.slugs = KeepAliveClient(port), slugs
        self.over = threading.Event()
        self.asked: list[tuple[float, float]] = []

    def run(self) -> None:
        for path in self.paths():
            answer = self.door.ask("GET", path)
            if answer.status != 200:
                raise SystemExit(f"{path}: {answer.status}")
            self.asked.append((answer.sent, answer.got - answer.sent))
            if self.over.wait(0.01):
                break

    def paths(self) -> Iterator[str]:
        while True:
            yield from (f"/api/v1/articles/{quote(slug)}/" for slug in self.slugs)

    def waits(self, *, until: float, since: float = 0.0) -> list[float]:
        return sorted(took for sent, took in self.asked if since <= sent < until)


# -- withdrawals -------------------------------------------------------------------------------


def measure_withdrawals(size: str, asked: argparse.Namespace) -> str:
    """A hundred stories taken down, one after the other, while readers ask for the API and the page."""
    number = 100
    with ExitStack() as stack:
        ground = running_measured_newsroom(size, stack, shown=number)
        editor = KeepAliveClient(ground.port, token=ground.made["token"])
        lags = [measure_withdrawal(ground.port, editor, slug) for slug in ground.made["shown"]]
    api, page = zip(*lags, strict=True)
    said = sorted(page)
    p50, p99 = quantile(said, 0.5), quantile(said, 0.99)
    meanwhile = f"page p50 {p50:.2f}, p99 {p99:.2f}, longest {said[-1]:.2f}"
    return table_row("withdrawal, API", size, list(api), meanwhile)


def measure_withdrawal(port: int, editor: KeepAliveClient, slug: str) -> list[float]:
    """Seconds from the click until the last words were handed out: by the API, and on the page."""
    paths = [f"/api/v1/articles/{quote(slug)}/", f"/articles/{quote(slug)}/"]
    asking = [WithdrawnStoryPoller(port, path) for path in paths for _ in range(2)]
    for each in asking:
        each.start()
    time.sleep(0.1)
    click = time.time()
    verb = f"/api/v1/desk/articles/{quote(slug)}/withdraw/"
    if editor.ask("POST", verb, {"notice": "측정을 위해 내렸습니다."}).status != 200:
        raise SystemExit(f"{slug} was not taken down")
    for each in asking:
        each.join(MEASUREMENT_TIMEOUT_SECONDS)
    last = [max(each.last for each in asking if each.path == path) for path in paths]
    return [max(0.0, at - click) for at in last]


class WithdrawnStoryPoller(threading.Thread):
    """Asks for one address until it has been gone for a second; `last` is when words came last."""

    def __init__(self, port: int, path: str) -> None:
        super().__init__(daemon=True)
        self.door, self.path, self.last = KeepAliveClient(port), path, 0.0

    def run(self) -> None:
        gone = 0.0
        while not gone or time.time() < gone + 1:
            answer = self.door.ask("GET", self.path)
            if answer.status == 200:
                self.last, gone = answer.got, 0.0
            else:
                gone = gone or answer.got
            time.sleep(0.01)


# -- the table ---------------------------------------------------------------------------------

MEASURES: dict[str, Callable[[str, argparse.Namespace], str]] = {
    "trickle": measure_trickle,
    "burst": measure_burst,
    "withdrawals": measure_withdrawals,
}


def quantile(values: list[float], share: float) -> float:
    """The value that this share of the sorted values does not exceed; 0 of none."""
    return values[min(len(values) - 1, int(len(values) * share))] if values else 0.0


def table_row(what: str, size: str, lags: list[float], meanwhile: str) -> str:
    found = sorted(lags)
    figures = [f"{quantile(found, share):.2f}" for share in (0.5, 0.99, 1.0)]
    return " | ".join([f"| {what}", SIZES[size], f"{len(lags):,}", *figures, f"{meanwhile} |"])


if __name__ == "__main__":
    main()
