"""Polling readers: threads that request addresses and record when a story was first and last there."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

from tests.support.loopback.deployment import Deployment
from tests.support.loopback.proxy import ProxyResponse

POLL_INTERVAL_SECONDS = 0.02


@dataclass
class PathObservation:
    """Observations of one address: times (time.time()) of the first and the last sighting, and failures."""

    path: str
    first: float | None = None
    last: float | None = None
    looks: int = 0
    failures: list[int] = field(default_factory=list)

    def note(self, answer: ProxyResponse, word: bytes) -> None:
        self.looks += 1
        if answer.status >= 500:
            self.failures.append(answer.status)
        if answer.status == 200 and word in answer.body:
            self.last = time.time()
            self.first = self.first or self.last


def story_paths(slug: str) -> dict[str, str]:
    """Paths on which a story appears, by their name in a report."""
    page, section = quote(f"/articles/{slug}/"), quote("산업")
    return {
        "page": page,
        "API": f"/api/v1{page}",
        "list in the API": "/api/v1/articles/",
        "front page": "/",
        "list of the section": f"/sections/{section}/",
        "feed": "/feeds/rss.xml",
    }


@contextmanager
def observing_readers(
    house: Deployment, slug: str, word: str
) -> Iterator[dict[str, PathObservation]]:
    """A reader at each address of the story, looking for `word` for the length of the block."""
    watches = {name: PathObservation(path) for name, path in story_paths(slug).items()}
    over = threading.Event()

    def look(watch: PathObservation) -> None:
        while not over.is_set():
            watch.note(house.read(watch.path), word.encode())
            over.wait(POLL_INTERVAL_SECONDS)

    threads = [threading.Thread(target=look, args=(watch,)) for watch in watches.values()]
    for thread in threads:
        thread.start()
    try:
        yield watches
    finally:
        over.set()
        for thread in threads:
            thread.join()
