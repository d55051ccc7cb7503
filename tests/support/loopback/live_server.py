"""Web server for tests: one process over SQLite as ./run starts it, requested over HTTP."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from scripts.serve import web_command
from tests.support.loopback.prepared_data import prepare_data_folder
from tests.support.loopback.processes import (
    process_environment,
    run_manage_command,
    running_process,
    wait_until,
)
from tests.support.loopback.servers import free_port

SEED_SCRIPT = """
import json
from django.utils import timezone
from comments.actions import post_comment
from desk.actions import publish_now, withdraw
from tests.support import make

story = make.live(slug="로봇-문", poll=make.poll_data(), lead_photo=make.photo())
for _ in range(3):
    make.live()
comment = post_comment(story, by=make.reader("chi"), text="문이 무겁군요.")
withdraw(make.live(slug="거둔-기사"), notice="사실과 달라 거두어들였습니다.", by=make.ben())
moved = make.live(slug="옛-주소")
publish_now(make.changed(make.draft_of(moved), slug="새-주소"), by=make.ben())
photo = story.live.lead_photo
print(json.dumps({
    "slug": story.slug, "id": comment.pk, "poll": story.poll_id, "key": photo.key,
    "file": photo.sources[0]["name"], "month": f"{timezone.localtime():%Y-%m}",
}))
"""


@dataclass(frozen=True)
class HTTPResponse:
    """A response with its headers as they were sent."""

    status: int
    phrase: str
    fields: list[tuple[str, str]]
    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.fields}


@dataclass(frozen=True)
class ServedNewsroom:
    """A served newsroom: its port, and the names of its sample content."""

    port: int
    names: dict[str, Any]

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, path: str, *, method: str = "GET", **headers: str) -> HTTPResponse:
        """One request on a connection of its own; X_Name stands for X-Name."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(
                method, path, headers={"User-Agent": "tests", "Accept": "*/*"} | named
            )
            response = connection.getresponse()
            return HTTPResponse(
                response.status, response.reason, response.getheaders(), response.read()
            )
        finally:
            connection.close()

    def answers(self) -> bool:
        try:
            return self.ask("/health/live").status == 200
        except OSError:
            return False

    def at(self, template: str) -> str:
        """A path with the names of the sample content filled in."""
        return quote(template.format(site=self.site, **self.names), safe="/?=&%:")


@contextmanager
def served_newsroom(folder: Path, **over: str) -> Iterator[ServedNewsroom]:
    """Start a served newsroom; `over` are further environment variables."""
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    env = process_environment(folder, DATABASE_URL="", REDIS_URL="", SITE_URL=site, **over)
    prepare_data_folder(env)
    names = json.loads(run_manage_command(env, "shell", "-v0", "-c", SEED_SCRIPT).splitlines()[-1])
    web = [*web_command("127.0.0.1", port), "--log-level=error"]
    with running_process(web, env, folder / "web.log"):
        house = ServedNewsroom(port, names)
        wait_until(house.answers, within=120)
        yield house
