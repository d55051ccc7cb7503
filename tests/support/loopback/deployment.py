"""Deployment on loopback: every process of deploy/compose.yaml, with the proxy in front.

Commands, environment, secrets and the proxy's configuration are those that are shipped, read from
their files; only what cannot be the same without containers is put in their place: addresses, ports,
folders.  PostgreSQL and Redis are this machine's own (tests/support/loopback/servers.py); moto stands for
the bucket.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from tests.support.loopback.object_storage import object_storage
from tests.support.loopback.prepared_data import prepared_postgres_cluster
from tests.support.loopback.processes import PROJECT_ROOT, running_process, wait_until
from tests.support.loopback.proxy import (
    START_TIMEOUT_SECONDS,
    ProxyResponse,
    http_request,
    responds,
    running_proxy,
)
from tests.support.loopback.servers import free_port, postgres, redis

DEPLOY = PROJECT_ROOT / "deploy"
PURGE_PORT = "6082"
INHERITED_VARIABLES = ("PATH", "HOME", "LANG", "VIRTUAL_ENV", "PYTHONPATH")

SEED_SCRIPT = """
import sys
from accounts.actions import issue_token
from outbox.actions import add_subscriber
from outbox.models import Subscriber
from tests.support import make
ben = make.ben()
make.section(), make.author(), make.staff("chief", role="chief")
kinds = ("article", "comment", "poll", "section", "author", "tag", "masthead")
add_subscriber(Subscriber(name="proxy", kind="purge_http", url="http://127.0.0.1:%d",
    options={"by": "keys"}, events=[f"{kind}.*" for kind in kinds]), by=ben)
print(issue_token(ben, scopes=("desk",)))
"""


@dataclass
class Deployment:
    """A running newsroom: `street` is the proxy's port, `web` those of the web processes behind it."""

    folder: Path
    compose: dict[str, Any]
    public_port: int = field(default_factory=free_port)
    purge_port: int = field(default_factory=free_port)
    web: dict[str, int] = field(
        default_factory=lambda: {"web-1": free_port(), "web-2": free_port()}
    )
    addresses: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, str] = field(default_factory=dict)
    token: str = ""
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.public_port}"

    @property
    def secrets(self) -> Path:
        return self.folder / "deploy" / "secrets"

    # -- what a reader and an editor do -------------------------------------------------------

    def read(self, path: str, **more: Any) -> ProxyResponse:
        """A reader's request to the proxy."""
        return http_request(self.public_port, path, Host=f"127.0.0.1:{self.public_port}", **more)

    def desk(self, method: str, path: str, data: Any = None, *, etag: str = "") -> ProxyResponse:
        """A request of an editor's program to the desk API, through the proxy."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        headers |= {"If-Match": etag} if etag else {}
        body = json.dumps(data).encode() if data is not None else b""
        answer = self.read(f"/api/v1/desk/{path}", method=method, body=body, **headers)
        assert answer.status < 400, (method, path, answer.status, answer.body[:500])
        return answer

    def draft(self, **over: Any) -> int:
        """Create a draft that is ready to publish; its primary key."""
        words = {
            "headline": "시험용 로봇, 프록시 앞에 서다",
            "deck": "문 앞에서 벌어진 일",
            "summary": ["로봇이 초인종을 눌렀다", "문은 잠시 뒤에 열렸다", "다음은 엘리베이터다"],
            "body_html": "<p>로봇은 잠시 기다렸습니다.</p>",
            "section": "산업",
            "authors": ["한빛"],
            "tags": ["로봇"],
        }
        return int(self.desk("POST", "drafts/", words | over).json()["id"])

    def act(self, draft: int, verb: str, data: Any = None) -> Any:
        etag = self.desk("GET", f"drafts/{draft}/").headers["etag"]
        return self.desk("POST", f"drafts/{draft}/{verb}/", data or {}, etag=etag).json()

    def publish(self, **over: Any) -> str:
        """Publish a story; its slug."""
        return str(self.act(self.draft(**over), "publish")["article"])

    def withdraw(self, slug: str) -> None:
        self.desk(
            "POST",
            f"articles/{quote(slug)}/withdraw/",
            {"notice": "확인이 더 필요합니다."},
            etag="*",
        )

    # -- the processes ------------------------------------------------------------------------

    def replaced(self, text: str, service: str) -> str:
        """Text of a shipped file with the addresses, ports and folders of this machine."""
        ours = {
            "/run/secrets/": f"{self.secrets}/",
            "http://storage:8333": self.addresses["storage"],
            "172.30.80.0/24": "127.0.0.0/8",
            PURGE_PORT: str(self.purge_port),
            "--host=0.0.0.0": "--host=127.0.0.1",
            "--port=8000": f"--port={self.web.get(service, 0)}",
            "=/tmp/": f"={self.folder / service}/",
        }
        # In one pass: what was put in is not looked at again.
        places = "|".join(map(re.escape, ours))
        return re.sub(places, lambda found: ours[found[0]], text)

    def environment(self, service: str) -> dict[str, str]:
        """Environment variables of a service: compose.yaml's, and newsroom.env as the example has it."""
        home = self.folder / service
        home.mkdir(exist_ok=True)
        template = self.compose["services"][service.partition("#")[0]]["environment"]
        given = {name: self.replaced(f"={value}", service)[1:] for name, value in template.items()}
        # Each container has a 9100 of its own; here they share one machine.
        given["METRICS_PORT"] = self.metrics.setdefault(service, str(free_port()))
        example = (DEPLOY / "newsroom.env.example").read_text()
        site = dict(re.findall(r"^([A-Z_]+)=(.*)$", example, re.MULTILINE))
        site |= {"SITE_URL": self.site, "ALLOWED_HOSTS": "127.0.0.1,localhost", "FOUR_EYES": "0"}
        inherited = {name: os.environ[name] for name in INHERITED_VARIABLES if name in os.environ}
        collected = {"STATIC_ROOT": str(self.folder / "static")}
        return (
            inherited | collected | site | given | {"DJANGO_SETTINGS_MODULE": "newsroom.settings"}
        )

    def command(self, service: str) -> list[str]:
        shipped = self.compose["services"][service.partition("#")[0]]["command"]
        words = [self.replaced(word, service) for word in shipped]
        return [sys.executable if word == "python" else word for word in words]

    def once(self, service: str) -> None:
        """Run a service that ends, such as the migrations. Raises AssertionError with its output."""
        env = self.environment(service)
        env["PATH"] = f"{Path(sys.executable).parent}:{env['PATH']}"
        done = subprocess.run(
            self.command(service),
            cwd=PROJECT_ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (done.stdout + done.stderr)[-1000:]

    def start(self, stack: ExitStack, service: str) -> None:
        """Start a long-running service; `worker#2` is the second of its replicas."""
        log = self.folder / f"{service}.log"
        self.processes[service] = stack.enter_context(
            running_process(self.command(service), self.environment(service), log)
        )

    def start_proxy(self, stack: ExitStack) -> None:
        """Start Varnish as its image does, and wait until it finds the web processes healthy."""
        in_front = running_proxy(
            self.web, self.folder, public_port=self.public_port, purge_port=self.purge_port
        )
        self.processes["proxy"] = stack.enter_context(in_front).process
        wait_until(lambda: responds(self.public_port, "/health/live"), within=START_TIMEOUT_SECONDS)

    def renew(self, stack: ExitStack, service: str) -> None:
        """Restart a service as an upgrade does; returns when it answers."""
        self.processes[service].terminate()
        self.processes[service].wait(20)
        self.start(stack, service)
        wait_until(
            lambda: responds(self.web[service], "/health/live"), within=START_TIMEOUT_SECONDS
        )

    def says(self, service: str) -> str:
        return (self.folder / f"{service}.log").read_text(errors="replace")[-2000:]


def make_secrets(folder: Path) -> Path:
    """Run the shipped script make-secrets in an empty folder; the folder of secrets."""
    place = folder / "deploy"
    place.mkdir()
    shutil.copy(DEPLOY / "make-secrets", place)
    subprocess.run([place / "make-secrets"], check=True)
    return place / "secrets"


@contextmanager
def deployment(folder: Path) -> Iterator[tuple[Deployment, ExitStack]]:
    """Start the deployment and wait until it answers; the stack ends what a test starts besides."""
    with ExitStack() as stack:
        house = Deployment(folder, yaml.safe_load((DEPLOY / "compose.yaml").read_text()))
        secrets = make_secrets(folder)
        house.addresses["storage"] = stack.enter_context(object_storage(empty=True))[
            "S3_ENDPOINT_URL"
        ]
        (secrets / "database_url").write_text(
            stack.enter_context(postgres(prepared_postgres_cluster))
        )
        (secrets / "redis_url").write_text(stack.enter_context(redis()) + "\n")
        house.once("prepare")
        shutil.copytree(folder / "prepare" / "static", folder / "static")
        seeded = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v0", "-c", SEED_SCRIPT % house.purge_port],
            cwd=PROJECT_ROOT,
            env=house.environment("web-1"),
            capture_output=True,
            text=True,
            check=False,
        )
        assert seeded.returncode == 0, seeded.stderr[-1000:]
        house.token = seeded.stdout.split()[-1]
        for service in ("web-1", "web-2", "worker", "worker#2", "beat"):
            house.start(stack, service)
        for port in house.web.values():
            wait_until(partial(responds, port, "/health/live"), within=START_TIMEOUT_SECONDS)
        house.start_proxy(stack)
        wait_for_scheduler(house)
        yield house, stack


def wait_for_scheduler(house: Deployment) -> None:
    """Wait for the first round of the scheduler, so that measured seconds do not contain the start."""

    def beats() -> bool:
        checks = http_request(house.web["web-1"], "/health/ready", Host="localhost").json()[
            "checks"
        ]
        return checks["clock"]["told"] is not None

    wait_until(beats, within=START_TIMEOUT_SECONDS)
    time.sleep(1)
