"""The newsroom as processes, kept alive as a supervisor would: killed, each comes back after a moment."""

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

from scripts.serve import commands
from scripts.settings import Settings
from scripts.supervisor import end_with_parent
from tests.chaos.endpoints import Door
from tests.support.processes import CELERY, HOUSE, WORKER, environment
from tests.support.restartable_postgres import LASTING, LastingPostgres, lasting_postgres
from tests.support.servers import free_port, redis

BACK_AFTER = 0.5
WEB_THREADS = 4


class Hand:
    """One process with all that it starts, in a group of its own."""

    def __init__(self, name: str, command: list[str], env: dict[str, str], log: Path) -> None:
        self.name, self.command, self.env, self.log = name, command, env, log
        self.deaths = 0
        self.back_at = 0.0
        self.at_work = False
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command,
                cwd=HOUSE,
                env=self.env,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509 -- one call into the kernel
            )

    def look(self) -> None:
        """Come to work, clear up after a death, and come back when it is time."""
        if self.process and self.process.poll() is not None:
            self.signal_all(signal.SIGKILL)
            self.process, self.back_at = None, time.monotonic() + BACK_AFTER
        if self.at_work and self.process is None and time.monotonic() >= self.back_at:
            self.start()

    def signal_all(self, number: signal.Signals) -> None:
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def die(self) -> None:
        self.deaths += 1
        self.signal_all(signal.SIGKILL)

    def lose_a_child(self, chance: random.Random) -> None:
        """One process of a pool dies; the main one goes on and has to notice."""
        self.deaths += 1
        children = children_of(self.process.pid) if self.process else []
        if children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(chance.choice(children), signal.SIGKILL)

    def stop(self) -> None:
        self.signal_all(signal.SIGCONT)
        self.signal_all(signal.SIGKILL)
        if self.process:
            self.process.wait()


def children_of(pid: int) -> list[int]:
    with contextlib.suppress(FileNotFoundError):
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


class Town:
    """Web, workers, beats, a database and a broker; `env` is what every process of it is given."""

    def __init__(
        self, database: LastingPostgres | None, broker: str, env: dict[str, str], site: str
    ) -> None:
        self.database, self.broker, self.env, self.site = database, broker, env, site
        self.port = int(site.rpartition(":")[2])
        self.hands: dict[str, Hand] = {}
        self.guard = threading.Lock()
        self.closed = threading.Event()
        self.folder = Path(env["NEWSROOM_DATA"])
        self.keeper: threading.Thread | None = None

    def hire(self, name: str, command: list[str]) -> None:
        self.hands[name] = Hand(name, command, self.env, self.folder / f"{name}.log")

    def open(self, *names: str) -> None:
        """Start these, or everybody who is not at work yet, and keep them alive from now on."""
        with self.guard:
            for name in names or self.hands:
                self.hands[name].at_work = True
        if self.keeper is None:
            self.keeper = threading.Thread(target=self.keep, daemon=True)
            self.keeper.start()

    def wait_for_web(self, *, within: float = 60.0) -> float:
        """Seconds until the web server answered."""
        began = time.monotonic()
        with Door(self.port) as door:
            while door.ask("GET", "/api/v1/masthead/").status != 200:
                if time.monotonic() > began + within:
                    raise RuntimeError((self.folder / "web.log").read_text()[-2000:])
                time.sleep(0.1)
        return time.monotonic() - began

    def keep(self) -> None:
        while not self.closed.wait(0.1):
            with self.guard:
                for hand in self.hands.values():
                    hand.look()

    def close(self) -> None:
        self.closed.set()
        if self.keeper:
            self.keeper.join()
        for hand in self.hands.values():
            hand.stop()

    def manage(self, *arguments: str) -> None:
        """A management command, or with -m a module, over the town's database."""
        start = [] if arguments[0] == "-m" else ["manage.py"]
        done = subprocess.run(
            [sys.executable, *start, *arguments],
            cwd=HOUSE,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)}:\n{done.stdout}{done.stderr}")

    def forget_messages(self, *, cut: bool) -> None:
        """FLUSHALL; with `cut` every connection to the broker is closed too."""
        with Redis.from_url(self.broker) as door:
            door.flushall()
            if cut:
                door.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")


@contextmanager
def town(
    folder: Path,
    *,
    receiver_port: int | None = None,
    workers: int = 2,
    beats: int = 2,
    web: int = 2,
    settings: Sequence[str] = LASTING,
) -> Iterator[Town]:
    """The grown newsroom: PostgreSQL and Redis of its own, its tables made; not open yet."""
    with ExitStack() as stack:
        database = stack.enter_context(lasting_postgres(settings))
        broker = stack.enter_context(redis())
        place = surroundings(folder, DATABASE_URL=database.url, REDIS_URL=broker)
        if receiver_port:
            place |= {"DISPATCH_PORTS": str(receiver_port)}
        here = Town(database, broker, place, place["SITE_URL"])
        here.manage("prepare")
        for n in range(workers):
            here.hire(f"worker{n}", [*WORKER, "--pool=prefork", f"--hostname=w{n}@%h"])
        for n in range(beats):
            beat = ["beat", f"--schedule={folder / f'beat{n}'}", "--pidfile="]
            here.hire(f"beat{n}", [*CELERY, *beat])
        here.hire("web", web_command(here, processes=web))
        stack.callback(here.close)
        yield here


@contextmanager
def village(folder: Path) -> Iterator[Town]:
    """The embedded newsroom, as ./run starts it: SQLite, a broker of files, one process of each."""
    place = surroundings(folder, DATABASE_URL="", REDIS_URL="")
    here = Town(None, "", place, place["SITE_URL"])
    here.manage("prepare")
    for name, command in commands(as_run(here, processes=1)).items():
        here.hire(name, command)
    try:
        yield here
    finally:
        here.close()


def surroundings(folder: Path, **over: str) -> dict[str, str]:
    """The environment of a newsroom on loopback that has nothing to do with any other."""
    port = free_port()
    return environment(
        folder,
        PORT=str(port),
        SITE_URL=f"http://127.0.0.1:{port}",
        WEB_THREADS=str(WEB_THREADS),
        DISPATCH_PRIVATE_NETWORKS="127.0.0.0/8",
        PYTHONWARNINGS="ignore",  # root in a container is nobody's mistake
        **over,
    )


def web_command(here: Town, *, processes: int) -> list[str]:
    """The web server as ./run starts it."""
    return commands(as_run(here, processes=processes))["web"]


def as_run(here: Town, *, processes: int) -> Settings:
    return Settings(
        host="127.0.0.1",
        port=here.port,
        data=here.folder,
        site=here.site,
        web_workers=processes,
        web_threads=WEB_THREADS,
        wants_demo=False,
        is_loopback=True,
    )
