"""Benchmark of publication lag: how late a due story is seen, how soon a withdrawn one is gone.

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
from tests.support.loopback.restartable_postgres import DISK_SYNC_SETTINGS

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
    """A running newsroom: its port, and the stories that were prepared in it."""

    def __init__(self, running: RunningNewsroom, made: dict[str, Any]) -> None:
        self.running, self.port, self.made = running, running.port, made


def running_measured_newsroom(size: str, stack: ExitStack, **params: int) -> MeasuredNewsroom:
    """Start the processes of this size over a database with these stories, until the stack is closed."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsroom-lag-")))
    opened = (
        embedded_newsroom(folder)
        if size == "embedded"
        else grown_newsroom(folder, beats=1, settings=DISK_SYNC_SETTINGS)
    )
    running = stack.enter_context(opened)
    spec = folder / "spec.json"
    spec.write_text(json.dumps({"shown": 20, "planned": 0, "over": 0, "seed": 1} | params))
    running.manage("-m", "bench.drivers.lag_stories", str(spec))
    running.open()
    running.wait_for_web(within=MEASUREMENT_TIMEOUT_SECONDS)
    return MeasuredNewsroom(running, json.loads(spec.read_text()))


# -- trickle -----------------------------------------------------------------------------------


def measure_trickle(size: str, asked: argparse.Namespace) -> str:
    """Lag of single stories: each is requested every 20 ms from just before its time until it is live."""
    with ExitStack() as stack:
        newsroom = running_measured_newsroom(size, stack, planned=60, over=60, seed=asked.seed)
        on_list = ListWatcher(newsroom.port, newsroom.made["planned"])
        on_list.start()
        client, lags = KeepAliveClient(newsroom.port), list[float]()
        for slug, due in newsroom.made["planned"]:
            lags.append(wait_until_seen(client, slug, due) - due)
        on_list.join(MEASUREMENT_TIMEOUT_SECONDS)
        listed = sorted(on_list.lags.values())
    meanwhile = f"on the list p50 {quantile(listed, 0.5):.2f}, p99 {quantile(listed, 0.99):.2f}"
    return table_row("trickle", size, lags, meanwhile)


def wait_until_seen(client: KeepAliveClient, slug: str, due: float) -> float:
    """Time (time.time()) of the first 200 for the story."""
    time.sleep(max(0.0, due - 0.1 - time.time()))
    until = time.time() + MEASUREMENT_TIMEOUT_SECONDS
    while time.time() < until:
        answer = client.ask("GET", f"/api/v1/articles/{quote(slug)}/")
        if answer.status == 200:
            return answer.got
        time.sleep(0.02)
    raise SystemExit(f"{slug} was not seen after {MEASUREMENT_TIMEOUT_SECONDS:.0f} s")


class ListWatcher(threading.Thread):
    """Thread that reads the first page of the list every 50 ms and records how late each story is on it."""

    def __init__(self, port: int, planned: list[tuple[str, float]]) -> None:
        super().__init__(daemon=True)
        self.client, self.due = KeepAliveClient(port), dict(planned)
        self.lags: dict[str, float] = {}

    def run(self) -> None:
        while len(self.lags) < len(self.due):
            answer = self.client.ask("GET", "/api/v1/articles/")
            for card in answer.data["results"] if answer.status == 200 else ():
                if (slug := card["slug"]) in self.due:
                    self.lags.setdefault(slug, answer.got - self.due[slug])
            time.sleep(0.05)


# -- burst -------------------------------------------------------------------------------------


def measure_burst(size: str, asked: argparse.Namespace) -> str:
    """Lag of a burst: all stories are due in one second, while a reader reads others on one connection."""
    number = asked.stories or BURST_STORIES[size]
    with ExitStack() as stack:
        newsroom = running_measured_newsroom(size, stack, planned=number, shown=200)
        before, due = newsroom.made["live_now"], newsroom.made["planned"][0][1]
        reader = BackgroundReader(newsroom.port, newsroom.made["shown"])
        reader.start()
        lags, done, until = list[float](), 0, due + MEASUREMENT_TIMEOUT_SECONDS
        with live_article_counter(newsroom.running) as count:
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
    before_waits = reader.waits(until=due)
    during_waits = reader.waits(since=due, until=finished)
    meanwhile = (
        f"a reader waits p50 {quantile(during_waits, 0.5) * 1000:.0f} ms, p99 "
        f"{quantile(during_waits, 0.99) * 1000:.0f} ms; "
        f"before it {quantile(before_waits, 0.5) * 1000:.0f} and "
        f"{quantile(before_waits, 0.99) * 1000:.0f}; "
        f"prepared in {newsroom.made['seconds']:.0f} s"
    )
    return table_row("burst", size, lags, meanwhile)


class BackgroundReader(threading.Thread):
    """Thread that reads one story after the other; requests within half a second are all different."""

    def __init__(self, port: int, slugs: list[str]) -> None:
        super().__init__(daemon=True)
        self.client, self.slugs = KeepAliveClient(port), slugs
        self.over = threading.Event()
        self.asked: list[tuple[float, float]] = []

    def run(self) -> None:
        for path in self.paths():
            answer = self.client.ask("GET", path)
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
    """Lag of withdrawals: a hundred stories, one after the other, while readers request API and page."""
    number = 100
    with ExitStack() as stack:
        newsroom = running_measured_newsroom(size, stack, shown=number)
        editor = KeepAliveClient(newsroom.port, token=newsroom.made["token"])
        lags = [measure_withdrawal(newsroom.port, editor, slug) for slug in newsroom.made["shown"]]
    api, page = zip(*lags, strict=True)
    page_lags = sorted(page)
    p50, p99 = quantile(page_lags, 0.5), quantile(page_lags, 0.99)
    meanwhile = f"page p50 {p50:.2f}, p99 {p99:.2f}, longest {page_lags[-1]:.2f}"
    return table_row("withdrawal, API", size, list(api), meanwhile)


def measure_withdrawal(port: int, editor: KeepAliveClient, slug: str) -> list[float]:
    """Seconds from the withdrawal request until the last 200: of the API, and of the page."""
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
    """Requests one address until it is gone for a second; `last` is the time of the last 200."""

    def __init__(self, port: int, path: str) -> None:
        super().__init__(daemon=True)
        self.client, self.path, self.last = KeepAliveClient(port), path, 0.0

    def run(self) -> None:
        gone = 0.0
        while not gone or time.time() < gone + 1:
            answer = self.client.ask("GET", self.path)
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
    """Quantile of sorted values (0 where there are none)."""
    return values[min(len(values) - 1, int(len(values) * share))] if values else 0.0


def table_row(what: str, size: str, lags: list[float], meanwhile: str) -> str:
    found = sorted(lags)
    figures = [f"{quantile(found, share):.2f}" for share in (0.5, 0.99, 1.0)]
    return " | ".join([f"| {what}", SIZES[size], f"{len(lags):,}", *figures, f"{meanwhile} |"])


if __name__ == "__main__":
    main()
