"""Editors who change their mind in the last moment, through the desk's API, and keep the answers."""

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
    """What the newsroom answered to an editor's wish; `sure` when it said yes or no."""

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
    """Some hands at the desk, each taking what is next."""

    def __init__(self, port: int, token: str, stories: list[ChaosStory], *, seed: int) -> None:
        self.port, self.token = port, token
        self.chance = random.Random(f"editors {seed}")
        self.tasks = [
            EditorTask(story.due - self.chance.choice(LEAD_TIMES_SECONDS), story)
            for story in stories
            if story.kind in EDITED_KINDS
        ]
        heapq.heapify(self.tasks)
        self.told: dict[str, list[EditorResponse]] = {}
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
        """Let them finish; who has no answer after so many seconds goes home without."""
        until = time.monotonic() + within
        for thread in self.threads:
            thread.join(max(0.0, until - time.monotonic()))
        self.over.set()
        for thread in self.threads:
            thread.join()

    def work(self) -> None:
        with KeepAliveClient(self.port, token=self.token) as door:
            while task := self.next_task():
                try:
                    self.change_mind(door, task)
                except Exception as error:  # noqa: BLE001  # told at the end, not lost in a thread
                    self.broken.append(f"{task.story.slug} {task.story.kind}: {error!r}")

    def next_task(self) -> EditorTask | None:
        with self.guard:
            return heapq.heappop(self.tasks) if self.tasks else None

    def change_mind(self, door: KeepAliveClient, task: EditorTask) -> None:
        story = task.story
        if story.kind in {"swapped", "now"}:
            self.until_sure(door, story, "edit", {"headline": SECOND_HEADLINE})
        time.sleep(max(0.0, task.at - time.time()))
        getattr(self, story.kind)(door, story)

    def do(
        self, door: KeepAliveClient, story: ChaosStory, verb: str, path: str, data: object
    ) -> EditorResponse:
        method = "PATCH" if verb == "edit" else "POST"
        told = EditorResponse(verb, door.ask(method, f"/api/v1/desk/{path}", data))
        self.told.setdefault(story.slug, []).append(told)
        return told

    def on_draft(
        self, door: KeepAliveClient, story: ChaosStory, verb: str, data: object
    ) -> EditorResponse:
        tail = "" if verb == "edit" else f"{verb}/"
        return self.do(door, story, verb, f"drafts/{story.draft}/{tail}", data)

    def until_sure(
        self, door: KeepAliveClient, story: ChaosStory, verb: str, data: object
    ) -> EditorResponse:
        """Ask again until somebody answers yes or no."""
        while not (told := self.on_draft(door, story, verb, data)).is_known:
            if self.over.wait(0.2):
                break
        return told

    def cancelled(self, door: KeepAliveClient, story: ChaosStory) -> None:
        self.on_draft(door, story, "unschedule", {})

    def swapped(self, door: KeepAliveClient, story: ChaosStory) -> None:
        self.on_draft(door, story, "swap", {})

    def now(self, door: KeepAliveClient, story: ChaosStory) -> None:
        self.on_draft(door, story, "publish", {})

    def withdrawn(self, door: KeepAliveClient, story: ChaosStory) -> None:
        path = f"articles/{quote(story.slug)}/withdraw/"
        self.do(door, story, "withdraw", path, {"notice": WITHDRAWAL_NOTICE})

    def later(self, door: KeepAliveClient, story: ChaosStory) -> None:
        self.move(door, story, by=self.chance.uniform(1, 4))

    def earlier(self, door: KeepAliveClient, story: ChaosStory) -> None:
        """Brought forward from some seconds later: moved away first, then to the next instant."""
        self.move(door, story, by=60)
        self.move(door, story, by=0.4)

    def move(self, door: KeepAliveClient, story: ChaosStory, *, by: float) -> None:
        """Take the plan back and plan anew; only a plan that was surely taken back is made again."""
        if not self.until_sure(door, story, "unschedule", {}).is_accepted:
            return
        while True:
            wish = round(time.time() + by, 3)
            told = self.on_draft(door, story, "schedule", {"at": datetime_at(wish).isoformat()})
            told.requested_due = wish
            if told.is_known and told.answer.status != TOO_LATE_STATUS:
                return
            if self.over.wait(0.2):
                return
