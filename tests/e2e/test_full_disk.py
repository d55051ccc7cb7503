"""The newsroom on a disk that fills up: words instead of 500, no process dies, plans go out afterwards."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from scripts.settings import PROJECT_ROOT
from tests.scripts.test_run_command import LEFT_OUT, READY_TIMEOUT_SECONDS, descendants
from tests.support import make
from tests.support.database_matrix import ARE_SERVICES_REQUIRED
from tests.support.loopback.processes import run_manage_command, wait_until
from tests.support.loopback.servers import free_port

NOT_PERMITTED = "needs to mount a tmpfs: run the tests as root on Linux"
STORY = """
import json
from datetime import timedelta
from django.utils import timezone
from accounts.actions import issue_token
from tests.support import make
make.live(slug="나간-기사")
due = timezone.now() + timedelta(seconds=20)
release = make.planned(at=due, slug="기다리는-기사")
draft = make.draft_of(release.article)
token = issue_token(make.ben(), scopes=("desk",))
print(json.dumps({"draft": draft.pk, "headline": draft.headline, "token": token}))
"""
COUNT = """
from outbox.models import Event
print(Event.objects.filter(name="article.published", data__slug="기다리는-기사").count())
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 70 MB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=70m", "tmpfs", str(place)]
    mounted = bool(shutil.which("mount")) and subprocess.run(command, check=False).returncode == 0
    if not mounted and ARE_SERVICES_REQUIRED:
        pytest.fail(NOT_PERMITTED, pytrace=False)
    if not mounted:
        pytest.skip(NOT_PERMITTED)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path) -> None:
    """Leave not a single byte."""
    for name, size in (("filled", 1 << 16), ("filled-to-the-last-byte", 1)):
        with suppress(OSError), (disk / name).open("wb", buffering=0) as file:
            while file.write(b"x" * size):
                pass


def make_room(disk: Path) -> None:
    for file in disk.glob("filled*"):
        file.unlink()


class Newsroom:
    """What ./run starts, with its log on the same disk."""

    def __init__(self, disk: Path) -> None:
        self.port = free_port()
        stored = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
        self.env = stored | {
            "NEWSROOM_DATA": str(disk / "data"),
            "PORT": str(self.port),
            "DEMO": "0",
            "SECRET_KEY": "for processes of tests, long enough",
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "RESPONSE_CACHE_SECONDS": "0",
        }
        self.log = disk / "log"

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        with self.log.open("ab", buffering=0) as log:
            supervisor = subprocess.Popen(
                [sys.executable, "-m", "scripts.serve"],
                cwd=PROJECT_ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
            )
        try:
            yield supervisor
        finally:
            supervisor.send_signal(signal.SIGTERM)
            supervisor.wait(30)

    def ask(self, path: str, body: Any = None, *, method: str = "", token: str = "") -> Any:
        """Status and text of an answer; 0 where nobody answers."""
        door = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/json", "If-Match": "*"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = body if body is None or isinstance(body, bytes) else json.dumps(body)
        try:
            if isinstance(data, bytes):
                headers["Content-Type"] = "multipart/form-data; boundary=edge"
            door.request(
                method or ("POST" if body else "GET"), quote(path, safe="/?=&%"), data, headers
            )
            got = door.getresponse()
            return got.status, got.read().decode()
        except OSError as error:
            return 0, str(error)
        finally:
            door.close()

    def is_ready(self) -> bool:
        return bool(self.ask("/health/ready")[0] == 200)


def upload() -> bytes:
    head = b'--edge\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
    words = head % (b"alt", b"", "문 앞".encode())
    return words + head % (b"file", b'; filename="a.jpg"', make.image_bytes()) + b"--edge--\r\n"


def test_on_a_full_disk_writers_read_507_nobody_dies_and_plans_go_out_when_there_is_room(
    small_disk: Path,
) -> None:
    house = Newsroom(small_disk)
    with house.running() as supervisor:
        wait_until(house.is_ready, within=READY_TIMEOUT_SECONDS)
        made = json.loads(
            run_manage_command(house.env, "shell", "-v0", "-c", STORY).splitlines()[-1]
        )
        token, draft = made["token"], f"/api/v1/desk/drafts/{made['draft']}/"
        wait_until(lambda: house.ask(draft, token=token)[0] == 200, within=30)
        before = descendants(supervisor.pid)
        fill(small_disk)
        wait_until(lambda: '"full"' in house.ask("/health/ready")[1], within=30)
        account = {
            "email": "neu@example.com",
            "password": "a-long-password-9",
            **make.SIGN_UP_STATEMENTS,
        }
        full = [
            house.ask("/_allauth/app/v1/auth/signup", account),
            house.ask(draft, {"headline": "고친 제목"}, method="PATCH", token=token),
            house.ask("/api/v1/desk/photos/", upload(), token=token),
        ]
        assert [status for status, _text in full] == [507, 507, 507], full
        assert {json.loads(text)["code"] for _status, text in full} == {"storage_full"}
        assert [*Path(house.env["NEWSROOM_DATA"]).glob("media/photos/*/*")] == []
        for path in ("/", "/articles/나간-기사/", "/api/v1/articles/", "/health/live", "/metrics"):
            assert house.ask(path)[0] == 200, path
        assert "newsroom_storage_writable 0.0" in house.ask("/metrics")[1]
        wait_until(lambda: '"clock": {"well": false' in house.ask("/health/ready")[1], within=90)
        assert house.ask("/api/v1/articles/기다리는-기사/")[0] == 404
        assert json.loads(house.ask(draft, token=token)[1])["headline"] == made["headline"]
        assert descendants(supervisor.pid) == before, "a process died"
        make_room(small_disk)
        wait_until(lambda: house.ask("/api/v1/articles/기다리는-기사/")[0] == 200, within=90)
        wait_until(house.is_ready, within=90)
        assert descendants(supervisor.pid) == before, "a process died"
        assert run_manage_command(house.env, "shell", "-v0", "-c", COUNT).splitlines()[-1] == "1"
    fill(small_disk)
    with house.running():
        wait_until(
            lambda: house.ask("/articles/나간-기사/")[0] == 200, within=READY_TIMEOUT_SECONDS
        )
        assert '"storage": {"well": false' in house.ask("/health/ready")[1]
        make_room(small_disk)
        wait_until(house.is_ready, within=120)
