"""Newsroom of real processes with a supervisor that restarts each a moment after it was killed."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from redis import Redis

from scripts.serve import process_commands
from scripts.settings import RunSettings
from scripts.supervisor import terminate_with_parent
from tests.chaos.http_client import KeepAliveClient
from tests.support.loopback.processes import CELERY, PROJECT_ROOT, WORKER, process_environment
from tests.support.loopback.restartable_postgres import (
    CRASH_SAFE_SETTINGS,
    RestartablePostgres,
    restartable_postgres,
)
from tests.support.loopback.servers import (
    MakeCluster,
    free_port,
    new_postgres_cluster,
    redis,
)

RESTART_DELAY_SECONDS = 0.5
WEB_THREADS = 4


class SupervisedProcess:
    """A process with its children, in a process group of its own."""

    def __init__(self, name: str, command: list[str], env: dict[str, str], log: Path) -> None:
        self.name, self.command, self.env, self.log = name, command, env, log
        self.deaths = 0
        self.restart_at = 0.0
        self.should_run = False
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command,
                cwd=PROJECT_ROOT,
                env=self.env,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=terminate_with_parent,  # noqa: PLW1509 -- one call into the kernel
            )

    def supervise(self) -> None:
        """Start the process, or clean up after its end and restart it after the delay."""
        if self.process and self.process.poll() is not None:
            self.signal_all(signal.SIGKILL)
            self.process, self.restart_at = None, time.monotonic() + RESTART_DELAY_SECONDS
        if self.should_run and self.process is None and time.monotonic() >= self.restart_at:
            self.start()

    def signal_all(self, number: signal.Signals) -> None:
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def kill(self) -> None:
        self.deaths += 1
        self.signal_all(signal.SIGKILL)

    def kill_child(self, chance: random.Random) -> None:
        """Kill one process of a pool; the main one goes on."""
        self.deaths += 1
        children = child_pids(self.process.pid) if self.process else []
        if children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(chance.choice(children), signal.SIGKILL)

    def stop(self) -> None:
        self.signal_all(signal.SIGCONT)
        self.signal_all(signal.SIGKILL)
        if self.process:
            self.process.wait()


def child_pids(pid: int) -> list[int]:
    with contextlib.suppress(FileNotFoundError):
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


class RunningNewsroom:
    """Web server, workers, beats, database and broker; `env` are the environment variables of all."""

    def __init__(
        self, database: RestartablePostgres | None, broker: str, env: dict[str, str], site: str
    ) -> None:
        self.database, self.broker, self.env, self.site = database, broker, env, site
        self.port = int(site.rpartition(":")[2])
        self.processes: dict[str, SupervisedProcess] = {}
        self.guard = threading.Lock()
        self.closed = threading.Event()
        self.folder = Path(env["NEWSROOM_DATA"])
        self.supervisor: threading.Thread | None = None

    def add_process(self, name: str, command: list[str]) -> None:
        self.processes[name] = SupervisedProcess(
            name, command, self.env, self.folder / f"{name}.log"
        )

    def open(self, *names: str) -> None:
        """Start these processes, or all, and restart them from now on when they end."""
        with self.guard:
            for name in names or self.processes:
                self.processes[name].should_run = True
        if self.supervisor is None:
            self.supervisor = threading.Thread(target=self.keep, daemon=True)
            self.supervisor.start()

    def wait_for_web(self, *, within: float = 60.0) -> float:
        """Wait for the web server; the seconds until it answered."""
        began = time.monotonic()
        with KeepAliveClient(self.port) as client:
            while client.ask("GET", "/api/v1/masthead/").status != 200:
                if time.monotonic() > began + within:
                    raise RuntimeError((self.folder / "web.log").read_text()[-2000:])
                time.sleep(0.1)
        return time.monotonic() - began

    def keep(self) -> None:
        while not self.closed.wait(0.1):
            with self.guard:
                for process in self.processes.values():
                    process.supervise()

    def close(self) -> None:
        self.closed.set()
        if self.supervisor:
            self.supervisor.join()
        for process in self.processes.values():
            process.stop()

    def manage(self, *arguments: str) -> None:
        """Run a management command, or with -m a module, over this newsroom's database."""
        start = [] if arguments[0] == "-m" else ["manage.py"]
        done = subprocess.run(
            [sys.executable, *start, *arguments],
            cwd=PROJECT_ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)}:\n{done.stdout}{done.stderr}")

    def flush_broker(self, *, cut: bool) -> None:
        """FLUSHALL; with `cut` every connection to the broker is closed too."""
        with Redis.from_url(self.broker) as client:
            client.flushall()
            if cut:
                client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")


@contextmanager
def grown_newsroom(
    folder: Path,
    *,
    receiver_port: int | None = None,
    workers: int = 2,
    beats: int = 2,
    web: int = 2,
    settings: Sequence[str] = CRASH_SAFE_SETTINGS,
    make_cluster: MakeCluster = new_postgres_cluster,
) -> Iterator[RunningNewsroom]:
    """A newsroom with PostgreSQL and Redis of its own, migrated, its processes not started yet."""
    with ExitStack() as stack:
        database = stack.enter_context(restartable_postgres(settings, make_cluster))
        broker = stack.enter_context(redis())
        place = newsroom_environment(folder, DATABASE_URL=database.url, REDIS_URL=broker)
        if receiver_port:
            place |= {"OUTBOX_EXTRA_PORTS": str(receiver_port)}
        here = RunningNewsroom(database, broker, place, place["SITE_URL"])
        here.manage("prepare")
        for n in range(workers):
            here.add_process(f"worker{n}", [*WORKER, "--pool=prefork", f"--hostname=w{n}@%h"])
        for n in range(beats):
            beat = ["beat", f"--schedule={folder / f'beat{n}'}", "--pidfile="]
            here.add_process(f"beat{n}", [*CELERY, *beat])
        here.add_process("web", web_server_command(here, processes=web))
        stack.callback(here.close)
        yield here


@contextmanager
def embedded_newsroom(folder: Path) -> Iterator[RunningNewsroom]:
    """An embedded newsroom as ./run starts it: SQLite, a broker of files, one process of each."""
    place = newsroom_environment(folder, DATABASE_URL="", REDIS_URL="")
    here = RunningNewsroom(None, "", place, place["SITE_URL"])
    here.manage("prepare")
    for name, command in process_commands(serve_settings(here, processes=1)).items():
        here.add_process(name, command)
    try:
        yield here
    finally:
        here.close()


def newsroom_environment(folder: Path, **over: str) -> dict[str, str]:
    """Environment variables of a newsroom on loopback, separate from any other."""
    port = free_port()
    return process_environment(
        folder,
        PORT=str(port),
        SITE_URL=f"http://127.0.0.1:{port}",
        WEB_THREADS=str(WEB_THREADS),
        OUTBOX_PRIVATE_NETWORKS="127.0.0.0/8",
        PYTHONWARNINGS="ignore",  # root in a container is nobody's mistake
        **over,
    )


def web_server_command(
    here: RunningNewsroom, *, processes: int, threads: int = WEB_THREADS
) -> list[str]:
    """The web server as ./run starts it."""
    return process_commands(serve_settings(here, processes=processes, threads=threads))["web"]


def serve_settings(
    here: RunningNewsroom, *, processes: int, threads: int = WEB_THREADS
) -> RunSettings:
    return RunSettings(
        host="127.0.0.1",
        port=here.port,
        data_dir=here.folder,
        site_url=here.site,
        web_workers=processes,
        web_threads=threads,
        wants_demo=False,
        has_redis=True,
        is_loopback=True,
    )
