"""Editors who change their mind in the last moment, through the desk's API, and keep the answers."""

import heapq
import random
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import quote

from tests.chaos.endpoints import Answer, Door
from tests.chaos.stories import BEFORE, SECOND, TOUCHED, Story, moment

HANDS = 6
TOO_LATE = 422
NOTICE = "시험이라 내렸습니다."


@dataclass
class Told:
    """What the newsroom answered to an editor's wish; `sure` when it said yes or no."""

    verb: str
    answer: Answer
    wish: float = 0.0  # the moment that was asked for

    @property
    def yes(self) -> bool:
        return 200 <= self.answer.status < 300

    @property
    def sure(self) -> bool:
        return 0 < self.answer.status < 500


@dataclass(order=True)
class Task:
    at: float
    story: Story = field(compare=False)


class Editors:
    """Some hands at the desk, each taking what is next."""

    def __init__(self, port: int, token: str, stories: list[Story], *, seed: int) -> None:
        self.port, self.token = port, token
        self.chance = random.Random(f"editors {seed}")
        self.tasks = [
            Task(story.due - self.chance.choice(BEFORE), story)
            for story in stories
            if story.kind in TOUCHED
        ]
        heapq.heapify(self.tasks)
        self.told: dict[str, list[Told]] = {}
        self.guard = threading.Lock()
        self.broken: list[str] = []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.work, daemon=True) for _ in range(HANDS)]

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
        with Door(self.port, token=self.token) as door:
            while task := self.next_task():
                try:
                    self.change_mind(door, task)
                except Exception as error:  # noqa: BLE001  # told at the end, not lost in a thread
                    self.broken.append(f"{task.story.slug} {task.story.kind}: {error!r}")

    def next_task(self) -> Task | None:
        with self.guard:
            return heapq.heappop(self.tasks) if self.tasks else None

    def change_mind(self, door: Door, task: Task) -> None:
        story = task.story
        if story.kind in {"swapped", "now"}:
            self.until_sure(door, story, "edit", {"headline": SECOND})
        time.sleep(max(0.0, task.at - time.time()))
        getattr(self, story.kind)(door, story)

    def do(self, door: Door, story: Story, verb: str, path: str, data: object) -> Told:
        method = "PATCH" if verb == "edit" else "POST"
        told = Told(verb, door.ask(method, f"/api/v1/desk/{path}", data))
        self.told.setdefault(story.slug, []).append(told)
        return told

    def on_draft(self, door: Door, story: Story, verb: str, data: object) -> Told:
        tail = "" if verb == "edit" else f"{verb}/"
        return self.do(door, story, verb, f"drafts/{story.draft}/{tail}", data)

    def until_sure(self, door: Door, story: Story, verb: str, data: object) -> Told:
        """Ask again until somebody answers yes or no."""
        while not (told := self.on_draft(door, story, verb, data)).sure:
            if self.over.wait(0.2):
                break
        return told

    def cancelled(self, door: Door, story: Story) -> None:
        self.on_draft(door, story, "unschedule", {})

    def swapped(self, door: Door, story: Story) -> None:
        self.on_draft(door, story, "swap", {})

    def now(self, door: Door, story: Story) -> None:
        self.on_draft(door, story, "publish", {})

    def withdrawn(self, door: Door, story: Story) -> None:
        path = f"articles/{quote(story.slug)}/withdraw/"
        self.do(door, story, "withdraw", path, {"notice": NOTICE})

    def later(self, door: Door, story: Story) -> None:
        self.move(door, story, by=self.chance.uniform(1, 4))

    def earlier(self, door: Door, story: Story) -> None:
        """Brought forward from some seconds later: moved away first, then to the next instant."""
        self.move(door, story, by=60)
        self.move(door, story, by=0.4)

    def move(self, door: Door, story: Story, *, by: float) -> None:
        """Take the plan back and plan anew; only a plan that was surely taken back is made again."""
        if not self.until_sure(door, story, "unschedule", {}).yes:
            return
        while True:
            wish = round(time.time() + by, 3)
            told = self.on_draft(door, story, "schedule", {"at": moment(wish).isoformat()})
            told.wish = wish
            if told.sure and told.answer.status != TOO_LATE:
                return
            if self.over.wait(0.2):
                return
