"""Newsroom for tests of observability: two web processes and a worker over SQLite."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.serve import web_command
from tests.support.loopback.prepared_data import prepare_data_folder
from tests.support.loopback.processes import (
    WORKER,
    process_environment,
    running_process,
    wait_until,
)
from tests.support.loopback.servers import free_port, redis

ObservedResponse = tuple[int, dict[str, str], str]


@dataclass(frozen=True)
class ObservedNewsroom:
    """A running newsroom: its ports, and the folder of its logs (web.log, worker.log)."""

    port: int
    worker_port: int
    folder: Path
    worker: int

    def ask(
        self,
        path: str,
        headers: Mapping[str, str] | None = None,
        *,
        port: int = 0,
        method: str = "GET",
    ) -> ObservedResponse:
        address = f"http://localhost:{port or self.port}{path}"
        data = b"{}" if method == "POST" else None
        question = urllib.request.Request(address, data, dict(headers or {}), method=method)
        try:
            with urllib.request.urlopen(question, timeout=30) as answer:
                return answer.status, dict(answer.headers), answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, dict(refused.headers), refused.read().decode()

    def answers(self, path: str = "/health/live", *, port: int = 0) -> bool:
        try:
            return self.ask(path, port=port)[0] == 200
        except OSError:
            return False

    def lines(self, name: str) -> list[dict[str, Any]]:
        """Log lines of a process; every line is a JSON document."""
        log = (self.folder / f"{name}.log").read_text()
        return [json.loads(line) for line in log.splitlines()]


@contextmanager
def observed_newsroom(
    folder: Path, *, pool: str = "threads", **over: str
) -> Iterator[ObservedNewsroom]:
    # The web process sends tasks here, whose ids the tests follow.
    with redis() as broker, run_observed(folder, broker, pool=pool, **over) as project:
        yield project


@contextmanager
def run_observed(
    folder: Path, broker: str, *, pool: str, **over: str
) -> Iterator[ObservedNewsroom]:
    port, worker_port = free_port(), free_port()
    env = process_environment(
        folder,
        DATABASE_URL="",
        REDIS_URL=broker,
        DJANGO_SETTINGS_MODULE="tests.support.observability.settings",
        PORT=str(port),
        SITE_URL=f"http://localhost:{port}",
        METRICS_PORT=str(worker_port),
        LOG_LEVEL="INFO",
        LOG_FORMAT="json",
        PYTHONWARNINGS="ignore:You're running the worker with superuser privileges",
        **over,
    )
    prepare_data_folder(env)
    web = [*web_command("127.0.0.1", port, workers=2), "--log-level=error"]
    with (
        running_process(web, env, folder / "web.log"),
        running_process([*WORKER, f"--pool={pool}"], env, folder / "worker.log") as worker,
    ):
        house = ObservedNewsroom(port, worker_port, folder, worker.pid)
        wait_until(house.answers, within=120)
        yield house
