"""Writers of `bench.mixed`: thirty requests of readers a second, a change by an editor every five seconds.

They run in threads until they are stopped, each at its pace; what was refused or failed is counted.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from bench.load.grammar import StoryGrammar
from tests.chaos.http_client import KeepAliveClient

WRITES_PER_SECOND, WRITER_THREADS = 30, 4
EDIT_SECONDS = 5.0
CSRF_TOKEN = "c" * 32
BROWSER_USER_AGENT = "Mozilla/5.0 (Linux; Android 15) Chrome/131.0.0.0 Mobile Safari/537.36"
# Of thirty writes.
SHARES = {"vote": 10, "comment": 5, "save": 5, "view": 10}


class MixedWriters:
    """Threads that vote, comment, save and view, and one that publishes, corrects and withdraws."""

    def __init__(self, port: int, made: dict[str, Any], *, popular: list[str], seed: int) -> None:
        self.port, self.made, self.popular = port, made, popular
        self.chance = random.Random(f"writers {seed}")
        self.grammar = StoryGrammar(seed)
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.over = threading.Event()
        self.doomed = list(reversed(made["desk"]))
        self.threads = [
            threading.Thread(target=self.write, args=(number,), daemon=True)
            for number in range(WRITER_THREADS)
        ]
        self.threads.append(threading.Thread(target=self.edit, daemon=True))

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    def ask(
        self, client: KeepAliveClient, what: str, method: str, path: str, data: object = None
    ) -> None:
        self.statuses[what, client.ask(method, path, data).status] += 1

    def every(self, seconds: float, act: Callable[[int], None]) -> None:
        """Act at this pace until the writers are stopped; what was late is not made up for."""
        number, at = 0, time.monotonic()
        while not self.over.wait(max(0.0, at - time.monotonic())):
            act(number)
            number, at = number + 1, max(at + seconds, time.monotonic() - seconds)

    def write(self, thread: int) -> None:
        chance = random.Random(f"{thread} {self.chance.random()}")
        cookies = self.made["readers"][thread::WRITER_THREADS]
        with KeepAliveClient(self.port) as client:
            client.headers |= {"X-CSRFToken": CSRF_TOKEN, "User-Agent": BROWSER_USER_AGENT}

            def act(_number: int) -> None:
                client.headers["Cookie"] = f"{chance.choice(cookies)}; csrftoken={CSRF_TOKEN}"
                (kind,) = chance.choices(list(SHARES), weights=list(SHARES.values()))
                getattr(self, kind)(client, chance)

            self.every(WRITER_THREADS / WRITES_PER_SECOND, act)

    def vote(self, client: KeepAliveClient, chance: random.Random) -> None:
        story = chance.choice(self.made["desk"][: len(self.made["desk"]) // 2])
        side = chance.choice(["pro", "con"])
        self.ask(client, "vote", "PUT", f"/api/v1/polls/{story['poll']}/vote/", {"side": side})

    def comment(self, client: KeepAliveClient, chance: random.Random) -> None:
        text = f"{self.grammar.story(chance.getrandbits(30)).headline} {chance.getrandbits(40)}"
        self.ask(client, "comment", "POST", f"{self.story(chance)}comments/", {"text": text})

    def save(self, client: KeepAliveClient, chance: random.Random) -> None:
        method = chance.choice(["PUT", "PUT", "DELETE"])
        self.ask(client, "save", method, f"{self.story(chance)}save/")

    def view(self, client: KeepAliveClient, chance: random.Random) -> None:
        client.headers["User-Agent"] = f"{BROWSER_USER_AGENT} {chance.getrandbits(40)}"
        self.ask(client, "view", "POST", f"{self.story(chance)}views/")

    def story(self, chance: random.Random) -> str:
        """The path of a popular story, the first ones far more often than the others."""
        return f"/api/v1/articles/{quote(chance.choice(self.popular))}/"

    def edit(self) -> None:
        with KeepAliveClient(self.port, token=self.made["editor"]) as client:

            def act(number: int) -> None:
                (self.publish, self.correct, self.withdraw)[number % 3](client, number)

            self.every(EDIT_SECONDS, act)

    def publish(self, client: KeepAliveClient, number: int) -> None:
        story = self.made["desk"][number % 40]
        draft = f"/api/v1/desk/drafts/{story['draft']}/"
        self.ask(client, "edit", "PATCH", draft, {"headline": f"{number}번째로 고친 제목"})
        self.ask(client, "publish", "POST", f"{draft}publish/", {})

    def correct(self, client: KeepAliveClient, number: int) -> None:
        story = self.made["desk"][number % 40]
        draft = f"/api/v1/desk/drafts/{story['draft']}/"
        self.ask(client, "edit", "PATCH", draft, {"deck": f"{number}번째로 고친 부제"})
        note = {"kind": "correction", "note": f"{number}번째 숫자를 바로잡습니다."}
        self.ask(client, "correct", "POST", f"{draft}publish/", {"correction": note})

    def withdraw(self, client: KeepAliveClient, number: int) -> None:
        """The stories at the end, which no reader of the mix opens but on lists."""
        if len(self.doomed) > len(self.made["desk"]) // 2:
            path = f"/api/v1/desk/articles/{quote(self.doomed.pop(0)['slug'])}/withdraw/"
            self.ask(client, "withdraw", "POST", path, {"notice": "측정을 위해 내렸습니다."})
