"""Editors of the chaos test: change plans at the last moment through the desk API."""

import heapq
import random
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import quote

from tests.chaos.http_client import KeepAliveClient, TimedResponse
from tests.chaos.stories import (
    EDITED_KINDS,
    LEAD_TIMES_SECONDS,
    SECOND_HEADLINE,
    ChaosStory,
    datetime_at,
)

EDITOR_THREADS = 6
TOO_LATE_STATUS = 422
WITHDRAWAL_NOTICE = "시험이라 내렸습니다."


@dataclass
class EditorResponse:
    """Response to an editor's request; `is_known` where it was accepted or refused."""

    verb: str
    answer: TimedResponse
    requested_due: float = 0.0  # the moment that was asked for

    @property
    def is_accepted(self) -> bool:
        return 200 <= self.answer.status < 300

    @property
    def is_known(self) -> bool:
        return 0 < self.answer.status < 500


@dataclass(order=True)
class EditorTask:
    at: float
    story: ChaosStory = field(compare=False)


class Editors:
    """Threads at the desk API, each taking the next task."""

    def __init__(self, port: int, token: str, stories: list[ChaosStory], *, seed: int) -> None:
        self.port, self.token = port, token
        self.chance = random.Random(f"editors {seed}")
        self.tasks = [
            EditorTask(story.due - self.chance.choice(LEAD_TIMES_SECONDS), story)
            for story in stories
            if story.kind in EDITED_KINDS
        ]
        heapq.heapify(self.tasks)
        self.responses: dict[str, list[EditorResponse]] = {}
        self.guard = threading.Lock()
        self.broken: list[str] = []
        self.over = threading.Event()
        self.threads = [
            threading.Thread(target=self.work, daemon=True) for _ in range(EDITOR_THREADS)
        ]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def wait(self, *, within: float) -> None:
        """Wait for the threads; those without an answer after so many seconds are ended."""
        until = time.monotonic() + within
        for thread in self.threads:
            thread.join(max(0.0, until - time.monotonic()))
        self.over.set()
        for thread in self.threads:
            thread.join()

    def work(self) -> None:
        with KeepAliveClient(self.port, token=self.token) as client:
            while task := self.next_task():
                try:
                    self.change_mind(client, task)
                except Exception as error:  # noqa: BLE001  # told at the end, not lost in a thread
                    self.broken.append(f"{task.story.slug} {task.story.kind}: {error!r}")

    def next_task(self) -> EditorTask | None:
        with self.guard:
            return heapq.heappop(self.tasks) if self.tasks else None

    def change_mind(self, client: KeepAliveClient, task: EditorTask) -> None:
        story = task.story
        if story.kind in {"swapped", "now"}:
            self.until_sure(client, story, "edit", {"headline": SECOND_HEADLINE})
        time.sleep(max(0.0, task.at - time.time()))
        getattr(self, story.kind)(client, story)

    def do(
        self, client: KeepAliveClient, story: ChaosStory, verb: str, path: str, data: object
    ) -> EditorResponse:
        method = "PATCH" if verb == "edit" else "POST"
        response = EditorResponse(verb, client.ask(method, f"/api/v1/desk/{path}", data))
        self.responses.setdefault(story.slug, []).append(response)
        return response

    def on_draft(
        self, client: KeepAliveClient, story: ChaosStory, verb: str, data: object
    ) -> EditorResponse:
        tail = "" if verb == "edit" else f"{verb}/"
        return self.do(client, story, verb, f"drafts/{story.draft}/{tail}", data)

    def until_sure(
        self, client: KeepAliveClient, story: ChaosStory, verb: str, data: object
    ) -> EditorResponse:
        """Repeat the request until it is accepted or refused."""
        while not (response := self.on_draft(client, story, verb, data)).is_known:
            if self.over.wait(0.2):
                break
        return response

    def cancelled(self, client: KeepAliveClient, story: ChaosStory) -> None:
        self.on_draft(client, story, "unschedule", {})

    def swapped(self, client: KeepAliveClient, story: ChaosStory) -> None:
        self.on_draft(client, story, "swap", {})

    def now(self, client: KeepAliveClient, story: ChaosStory) -> None:
        self.on_draft(client, story, "publish", {})

    def withdrawn(self, client: KeepAliveClient, story: ChaosStory) -> None:
        path = f"articles/{quote(story.slug)}/withdraw/"
        self.do(client, story, "withdraw", path, {"notice": WITHDRAWAL_NOTICE})

    def later(self, client: KeepAliveClient, story: ChaosStory) -> None:
        self.move(client, story, by=self.chance.uniform(1, 4))

    def earlier(self, client: KeepAliveClient, story: ChaosStory) -> None:
        """Brought forward from some seconds later: moved away first, then to the next instant."""
        self.move(client, story, by=60)
        self.move(client, story, by=0.4)

    def move(self, client: KeepAliveClient, story: ChaosStory, *, by: float) -> None:
        """Unschedule and schedule anew; only where the first plan surely was unscheduled."""
        if not self.until_sure(client, story, "unschedule", {}).is_accepted:
            return
        while True:
            due = round(time.time() + by, 3)
            response = self.on_draft(
                client, story, "schedule", {"at": datetime_at(due).isoformat()}
            )
            response.requested_due = due
            if response.is_known and response.answer.status != TOO_LATE_STATUS:
                return
            if self.over.wait(0.2):
                return
