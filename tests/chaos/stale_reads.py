"""Checker of the response caches: readers race writers, and every answer is compared with the history.

Editors publish numbered headlines and withdraw stories through the desk API, readers vote; other readers
request pages, cards and lists of the same stories all the time, by processes that are killed now and then.
An answer is wrong if it was requested more than MAX_CONTENT_AGE_SECONDS after the end of the request that
changed what it shows (MAX_COUNT_AGE_SECONDS for votes): `python -m tests.chaos.stale_reads --seconds 3600`.
"""

import argparse
import json
import random
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.chaos.http_client import KeepAliveClient, TimedResponse
from tests.chaos.newsroom import RunningNewsroom, embedded_newsroom, grown_newsroom

MAX_CONTENT_AGE_SECONDS, MAX_COUNT_AGE_SECONDS = 0.5, 1.0
STORIES, READER_THREADS = 12, 4
MAX_EXTRA_SECONDS = 60.0
HEADLINE = re.compile(r"(\d+)번 기사의 (\d+)번째 제목")
CHECKER_SETTINGS = {
    **dict.fromkeys(("RATE_VOTE", "RATE_VOTE_SIGNED_IN", "VOTE_ADDRESS_CEILINGS"), "0"),
    "VOTE_NETWORK_CEILINGS": "0",
    "VOTE_BURST_MINIMUM": "1000000",
}
# Settings with which two kinds of invalidations are not understood: the negative control.
FAULTY_SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.support.faults.deaf_cache_settings"}


@dataclass
class StoryHistory:
    """What was true of a story: when the requests ended that published each headline and withdrew it."""

    slug: str
    draft: int
    published: dict[int, float] = field(default_factory=lambda: {0: 0.0})
    begun: int = 0  # number of the latest headline that was sent
    withdrawn_at: float = float("inf")

    def number_due(self, at: float) -> int:
        """The oldest headline that an answer to a request of this time may show."""
        due = at - MAX_CONTENT_AGE_SECONDS
        return max(number for number, ended in self.published.items() if ended <= due)

    def may_be_shown(self, at: float) -> bool:
        return at - MAX_CONTENT_AGE_SECONDS < self.withdrawn_at


class Checker:
    """Threads that write and read for some seconds; `violations` are sentences."""

    def __init__(self, running: RunningNewsroom, made: dict[str, Any], *, seed: int) -> None:
        self.running, self.made = running, made
        self.chance = random.Random(f"stale reads {seed}")
        self.stories = [StoryHistory(story["slug"], story["draft"]) for story in made["desk"]]
        self.poll = made["desk"][0]["poll"]
        self.votes: list[tuple[int, float]] = [(0, 0.0)]
        self.violations: list[str] = []
        self.answers: Counter[str] = Counter()
        self.over = threading.Event()

    def run(self, *, seconds: float, kill_every: float) -> None:
        with KeepAliveClient(self.running.port, token=self.made["editor"]) as client:
            for index in range(STORIES // 2):
                self.publish(client, index)  # headlines that tell their numbers
        threads = [threading.Thread(target=self.read, args=(n,)) for n in range(READER_THREADS)]
        threads += [threading.Thread(target=work) for work in (self.edit, self.vote)]
        for thread in threads:
            thread.start()
        until, kill_at = time.monotonic() + seconds, time.monotonic() + kill_every
        slow_until = until + MAX_EXTRA_SECONDS
        while not self.over.wait(0.1):
            now = time.monotonic()
            if now >= slow_until or (now >= until and self.is_telling()):
                break
            if kill_every and time.monotonic() >= kill_at:
                self.running.processes["web"].kill_child(self.chance)
                kill_at += kill_every
        self.over.set()
        for thread in threads:
            thread.join()

    def is_telling(self) -> bool:
        """Whether enough was changed to judge; on a busy machine that may take longer."""
        republished = self.answers["published"] - STORIES // 2
        return bool(self.violations) or (republished > 5 and self.answers["withdrawn"] > 0)

    # -- writers -------------------------------------------------------------------------------

    def edit(self) -> None:
        """Publish the next headline of a story every 0.3 s; withdraw the last stories in between."""
        turn = 0
        with KeepAliveClient(self.running.port, token=self.made["editor"]) as client:
            while not self.over.wait(0.3):
                turn += 1
                if turn % 4 == 0 and turn // 4 < STORIES // 2:
                    self.withdraw(client, self.stories[-(turn // 4)])
                else:
                    self.publish(client, turn % (STORIES // 2))

    def publish(self, client: KeepAliveClient, index: int) -> None:
        story = self.stories[index]
        number = story.begun + 1
        path = f"/api/v1/desk/drafts/{story.draft}/"
        headline = {"headline": f"{index}번 기사의 {number}번째 제목"}
        if not is_done(client.ask("PATCH", path, headline)):
            return
        story.begun = number
        published = client.ask("POST", f"{path}publish/", {})
        if is_done(published):
            story.published[number] = published.got
            self.answers["published"] += 1

    def withdraw(self, client: KeepAliveClient, story: StoryHistory) -> None:
        path = f"/api/v1/desk/articles/{quote(story.slug)}/withdraw/"
        answer = client.ask("POST", path, {"notice": "시험이라 내렸습니다."})
        if is_done(answer):
            story.withdrawn_at = answer.got
            self.answers["withdrawn"] += 1

    def vote(self) -> None:
        """Every reader votes once; of the votes so far all were counted at the end of each request."""
        with KeepAliveClient(self.running.port) as client:
            client.headers["X-CSRFToken"] = "c" * 32
            for cookie in self.made["readers"]:
                client.headers["Cookie"] = f"{cookie}; csrftoken={'c' * 32}"
                answer = client.ask("PUT", f"/api/v1/polls/{self.poll}/vote/", {"side": "pro"})
                if is_done(answer) and answer.data["my_vote_state"] == "counted":
                    self.votes.append((self.votes[-1][0] + 1, answer.got))
                    self.answers["votes"] += 1
                if self.over.wait(0.4):
                    break

    # -- readers -------------------------------------------------------------------------------

    def paths(self) -> Iterator[str]:
        for story in self.stories:
            yield from (f"/api/v1/articles/{quote(story.slug)}/", f"/articles/{quote(story.slug)}/")
        yield from ("/", "/articles/", "/api/v1/articles/", f"/api/v1/polls/{self.poll}/")
        yield f"/api/v1/articles/?section={quote('산업')}"

    def read(self, thread: int) -> None:
        chance, paths = random.Random(f"{thread}"), list(self.paths())
        with KeepAliveClient(self.running.port) as client:
            while not self.over.is_set():
                path = chance.choice(paths)
                answer = client.ask("GET", path)
                self.answers[str(answer.status)] += 1
                if answer.status == 200:
                    self.judge(path, answer)
                elif not answer.status:  # the web server is being started again
                    self.over.wait(0.1)

    def judge(self, path: str, answer: TimedResponse) -> None:
        """Compare the headlines, the withdrawn stories and the votes of an answer with the history."""
        text = answer.body.decode()
        for index, number in {(int(i), int(n)) for i, n in HEADLINE.findall(text)}:
            story = self.stories[index]
            if number < (due := story.number_due(answer.sent)):
                late = (
                    answer.sent - story.published[number + 1]
                    if number + 1 in story.published
                    else 0
                )
                self.violations.append(
                    f"{path}: headline {number}, {due} was due; {late:.2f} s late"
                )
            elif number > story.begun:
                self.violations.append(f"{path}: headline {number} was never sent")
        for story in self.stories:
            is_here = f'"{story.slug}"' in text or path.strip("/").endswith(quote(story.slug))
            if is_here and not story.may_be_shown(answer.sent):
                late = answer.sent - story.withdrawn_at
                self.violations.append(f"{path}: {story.slug} was withdrawn {late:.2f} s before")
        if "/polls/" in path:
            due = max(n for n, at in self.votes if at <= answer.sent - MAX_COUNT_AGE_SECONDS)
            if (total := answer.data["total_votes"]) < due:
                self.violations.append(f"{path}: {total} votes, {due} were due")


def is_done(answer: TimedResponse) -> bool:
    return 200 <= answer.status < 300


def check_newsroom(
    size: str, *, seconds: float, kill_every: float = 0.0, seed: int = 1, is_faulty: bool = False
) -> Checker:
    """Start a newsroom of this size, race readers against writers in it, and return the checker."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsroom-stale-")))
        opened = embedded_newsroom if size == "embedded" else grown_newsroom
        running = stack.enter_context(opened(folder))
        running.env |= CHECKER_SETTINGS
        spec = folder / "spec.json"
        spec.write_text(json.dumps({"articles": 0, "popular": 0, "desk": STORIES}))
        running.manage("-m", "bench.drivers.mixed_stories", str(spec))
        running.env |= FAULTY_SETTINGS if is_faulty else {}
        running.open("web")
        running.wait_for_web(within=120)
        checker = Checker(running, json.loads(spec.read_text()), seed=seed)
        checker.run(seconds=seconds, kill_every=kill_every)
        return checker


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.stale_reads", description=__doc__)
    parser.add_argument("--size", nargs="*", default=["embedded", "grown"])
    parser.add_argument("--seconds", type=float, default=60.0, help="(default 60)")
    parser.add_argument(
        "--kill-every", type=float, default=10.0, help="seconds (default 10; 0: never)"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--faulty", action="store_true", help="the negative control: must find some"
    )
    asked = parser.parse_args()
    found = 0
    for size in asked.size:
        checker = check_newsroom(
            size,
            seconds=asked.seconds,
            kill_every=asked.kill_every,
            seed=asked.seed,
            is_faulty=asked.faulty,
        )
        print(f"{size}: {dict(checker.answers)}; {len(checker.violations)} violations")
        print("\n".join(checker.violations[:10]), flush=True)
        found += len(checker.violations)
    return int(bool(found) is not asked.faulty)


if __name__ == "__main__":
    sys.exit(main())
