"""Restartable PostgreSQL, which keeps committed data over a crash, and a Redis that can be stopped."""

import secrets
import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from tests.support.loopback.servers import (
    MakeCluster,
    PostgresCluster,
    chown_to_server_user,
    free_port,
    is_redis_ready,
    new_postgres_cluster,
    redis_program,
    running_postgres,
    running_server,
    server_folder,
    wait_until_ready,
)

# What was committed outlives the server's processes: it is in the log of the database before the
# commit is answered. Not the machine, which is not what is tested: nothing is forced to the disk.
CRASH_SAFE_SETTINGS = ("fsync=off", "shared_buffers=96MB", "max_connections=120")
# For measurements: every commit is on the disk before it is answered.
DISK_SYNC_SETTINGS = ("shared_buffers=256MB", "max_connections=120")


class RestartablePostgres:
    """A PostgreSQL with the same files and port before and after each crash."""

    def __init__(self, cluster: PostgresCluster, settings: Sequence[str]) -> None:
        self.cluster, self.url, self.settings = cluster, cluster.url, settings
        self.running = ExitStack()
        self.start()

    def start(self) -> None:
        self.process = self.running.enter_context(running_postgres(self.cluster, self.settings))

    def kill(self) -> None:
        """Immediate shutdown: every connection is cut, nothing is written down any more."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(20)
        self.running.close()

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.url, autocommit=True)


@contextmanager
def restartable_postgres(
    settings: Sequence[str] = CRASH_SAFE_SETTINGS,
    make_cluster: MakeCluster = new_postgres_cluster,
) -> Iterator[RestartablePostgres]:
    """A restartable PostgreSQL for the length of the block, with these server settings."""
    with server_folder("newsroom-lasting-") as home:
        database = RestartablePostgres(make_cluster(home), settings)
        try:
            yield database
        finally:
            database.running.close()


class RestartableRedis:
    """A Redis at the same port before and after each stop; it loses its data."""

    def __init__(self, home: Path) -> None:
        self.home, self.password, self.port = home, secrets.token_hex(16), free_port()
        self.program = redis_program(home)
        settings = f"bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\ndir {home}\n"
        (home / "redis.conf").write_text(f'{settings}save ""\nappendonly no\n')
        chown_to_server_user(home)
        self.url = f"redis://:{self.password}@127.0.0.1:{self.port}/0"
        self.running = ExitStack()
        self.start()

    def start(self) -> None:
        command: list[object] = [self.program, self.home / "redis.conf"]
        self.running.enter_context(running_server(command, home=self.home, ends_on=signal.SIGTERM))
        wait_until_ready(lambda: is_redis_ready(self.port, self.password), "Redis", self.home)

    def stop(self) -> None:
        self.running.close()


@contextmanager
def restartable_redis() -> Iterator[RestartableRedis]:
    """A restartable Redis for the length of the block."""
    with server_folder("newsroom-restartable-") as home:
        redis = RestartableRedis(home)
        try:
            yield redis
        finally:
            redis.stop()
