"""Readers of the chaos test: threads that poll every story and record what was visible when."""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

from tests.chaos.http_client import KeepAliveClient, TimedResponse
from tests.chaos.stories import FIRST_HEADLINE, SECOND_HEADLINE, ChaosStory

READ_PAUSE_SECONDS = 0.01  # seconds a reader takes between two stories
MAX_CACHE_AGE_SECONDS = 0.6  # seconds: another web process may answer from memory for half a second
CLOSE_WATCH_SECONDS = 2.0  # seconds before its time from which a story is watched closely
LIST_PATH = "/api/v1/articles/?page_size=100"
LIST_PATHS = (LIST_PATH, f"{LIST_PATH}&section={quote('산업')}")
EDITION_BY_HEADLINE = {FIRST_HEADLINE: 1, SECOND_HEADLINE: 2}


class StorySightings:
    """Sightings of one story."""

    def __init__(self) -> None:
        self.first: dict[int, float] = {}  # when the first or second words were first read
        self.last_asked = 0.0  # when the last question was asked that got words for an answer
        self.gone_at = 0.0  # when it was last 404 or 410 (asked)
        self.highest = 0
        self.status = 0


class ChaosReaders:
    """Reader threads: one polls stories close to their time, two poll all, one lists, one bundles.

    They pause between requests: the workers share this machine with them.
    """

    def __init__(self, port: int, stories: list[ChaosStory]) -> None:
        self.port, self.stories = port, stories
        self.sightings = {story.slug: StorySightings() for story in stories}
        self.by_slug = {story.slug: story for story in stories}
        self.answers: Counter[int] = Counter()
        self.waits: list[tuple[float, float]] = []
        self.wrong: list[str] = []
        self.rounds: list[float] = []
        self.whole = set[str]()  # bundles of which all stories were seen at once
        self.guard = threading.Lock()
        self.over = threading.Event()
        self.threads = [
            threading.Thread(target=self.read, args=(self.watched(),), daemon=True),
            *(
                threading.Thread(target=self.read, args=(self.rounds_through(part),), daemon=True)
                for part in (stories[::2], stories[1::2])
            ),
            threading.Thread(target=self.read_lists, daemon=True),
            threading.Thread(target=self.read_bundles, daemon=True),
        ]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    def watched(self) -> Iterator[ChaosStory]:
        """Stories close to their time or overdue, again and again."""
        while True:
            now = time.time()
            close = [
                s for s in self.stories if s.due < now + CLOSE_WATCH_SECONDS and self.is_expected(s)
            ]
            yield from close
            if not close:
                time.sleep(0.02)

    def is_expected(self, story: ChaosStory) -> bool:
        wanted = 2 if story.kind == "updated" else 1
        return self.sightings[story.slug].highest < wanted and story.kind != "cancelled"

    def rounds_through(self, part: list[ChaosStory]) -> Iterator[ChaosStory]:
        """Every story that is not live yet, or that editors changed."""
        while True:
            began = time.monotonic()
            yield from (s for s in part if s.kind != "plain" or self.is_expected(s))
            time.sleep(READ_PAUSE_SECONDS)
            self.rounds.append(time.monotonic() - began)

    def read(self, stories_to_read: Iterator[ChaosStory]) -> None:
        with KeepAliveClient(self.port) as client:
            while not self.over.wait(READ_PAUSE_SECONDS):
                self.look(client, next(stories_to_read))

    def read_lists(self) -> None:
        with KeepAliveClient(self.port) as client:
            for path in itertools.cycle(LIST_PATHS):
                self.read_list(client, path, only_news=True)
                if self.over.wait(0.3):
                    break

    def read_bundles(self) -> None:
        """Poll the stories of each bundle by one request, until all of them are there."""
        sizes = Counter(story.bundle for story in self.stories if story.bundle)
        with KeepAliveClient(self.port) as client:
            while sizes and not self.over.is_set():
                for bundle, size in list(sizes.items()):
                    there = self.look_at_bundle(client, bundle)
                    if 0 < there < size:
                        self.wrong.append(f"of {bundle} {there} of {size} stories were there")
                    if there == size:
                        self.whole.add(bundle)
                        del sizes[bundle]
                    self.over.wait(READ_PAUSE_SECONDS)

    def look_at_bundle(self, client: KeepAliveClient, bundle: str) -> int:
        """Number of the bundle's stories that are live."""
        answer = client.ask("GET", f"{LIST_PATH}&tag={quote(bundle)}")
        self.answers[answer.status] += 1
        if answer.status != 200:
            return 0
        slugs = [card["slug"] for card in answer.data["results"]]
        for slug in slugs:
            self.note(slug, 1, answer)
        return len(slugs)

    def read_list(self, client: KeepAliveClient, path: str, *, only_news: bool) -> list[str]:
        """Slugs on a list, page after page; with `only_news` until a page has no new one."""
        slugs = list[str]()
        while path:
            answer = client.ask("GET", path)
            self.answers[answer.status] += 1
            if answer.status != 200:
                return slugs
            cards = [card for card in answer.data["results"] if card["slug"] in self.sightings]
            news = [
                self.note(card["slug"], EDITION_BY_HEADLINE[card["headline"]], answer)
                for card in cards
            ]
            slugs += [card["slug"] for card in cards]
            path = (answer.data["next"] or "") if any(news) or not only_news else ""
            path = path[path.find("/api/") :] if path else ""
        return slugs

    def look(self, client: KeepAliveClient, story: ChaosStory) -> None:
        """Request one story and record the response."""
        answer = client.ask("GET", story.path)
        self.answers[answer.status] += 1
        if answer.status == 0:
            time.sleep(0.05)
            return
        self.waits.append((answer.sent, answer.got - answer.sent))
        if answer.status == 200:
            page = answer.data
            self.note(story.slug, EDITION_BY_HEADLINE[page["headline"]], answer)
        elif answer.status in {404, 410}:
            sightings = self.sightings[story.slug]
            with self.guard:
                sightings.status, sightings.gone_at = answer.status, answer.sent
                shown = min(sightings.first.values(), default=0.0)
            is_over = story.end is not None and answer.got >= story.end
            if (
                answer.status == 404
                and shown
                and answer.sent > shown + MAX_CACHE_AGE_SECONDS
                and not is_over
            ):
                self.wrong.append(f"{story.slug} was live and is 404")

    def note(self, slug: str, words: int, answer: TimedResponse) -> bool:
        """Record a sighting; whether this edition was not seen before."""
        sightings = self.sightings[slug]
        with self.guard:
            sightings.status, is_new = 200, words not in sightings.first
            sightings.first[words] = min(answer.got, sightings.first.get(words, answer.got))
            sightings.last_asked = max(sightings.last_asked, answer.sent)
            newer = [at for number, at in sightings.first.items() if number > words]
            sightings.highest = max(sightings.highest, words)
        if newer and answer.sent > min(newer) + MAX_CACHE_AGE_SECONDS:
            self.wrong.append(f"{slug} went back from newer words to older ones")
        return is_new

    def last_round(self) -> None:
        """Final check without faults: the whole list, on which each story is once, and by their addresses
        those that editors changed or that are not on the list."""
        for sightings in self.sightings.values():
            sightings.status = 0
        with KeepAliveClient(self.port) as client:
            listed = self.read_list(client, LIST_PATH, only_news=False)
            if len(listed) != len(set(listed)):
                self.wrong.append("a story stands twice on the list")
            for story in self.stories:
                if story.slug not in listed or story.kind != "plain":
                    self.look(client, story)
