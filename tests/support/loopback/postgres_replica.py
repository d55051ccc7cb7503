"""Streaming replica of a PostgreSQL on loopback, from pg_basebackup."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg

from tests.support.loopback.servers import (
    EPHEMERAL_SETTINGS,
    PostgresCluster,
    chown_to_server_user,
    free_port,
    postgres_programs,
    running_postgres,
    server_folder,
    unprivileged_user,
)


@dataclass(frozen=True)
class Replica:
    """Its port, its server process, and how statements of its superuser are executed."""

    port: int
    pid: int
    execute: Callable[[str], None]


@contextmanager
def postgres_replica(primary_url: str) -> Iterator[Replica]:
    """A replica of the server with this address, whose user may replicate."""
    primary = urlsplit(primary_url)
    password = primary.password or ""
    with server_folder("newsroom-replica-") as home:
        chown_to_server_user(home)
        programs = postgres_programs(home)
        subprocess.run(
            [
                *(programs / "pg_basebackup", f"--pgdata={home / 'data'}", "--checkpoint=fast"),
                *("--write-recovery-conf", "--no-sync", f"--host={primary.hostname}"),
                *(f"--port={primary.port}", f"--username={primary.username}"),
            ],
            check=True,
            cwd=home,
            env={**os.environ, "PGPASSWORD": password},
            user=unprivileged_user(),
        )
        cluster = PostgresCluster(home, programs, password, free_port())

        def execute(statement: str) -> None:
            address = f"host=127.0.0.1 port={cluster.port} user={primary.username} dbname=postgres"
            with psycopg.connect(address, password=password, autocommit=True) as connection:
                connection.execute(statement.encode())

        with running_postgres(cluster, EPHEMERAL_SETTINGS) as process:
            yield Replica(cluster.port, process.pid, execute)
