"""PgBouncer in transaction mode on loopback, in front of a PostgreSQL."""

import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from tests.support.loopback.servers import (
    chown_to_server_user,
    free_port,
    is_postgres_ready,
    running_server,
    server_folder,
    wait_until_ready,
)

POOL_SIZE = 4  # server connections of a database: fewer than the threads of a race
CONFIGURATION = """
[databases]
* = host={host} port={server_port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {users}
pool_mode = transaction
default_pool_size = {pool_size}
max_client_conn = 200
"""


def pgbouncer_program() -> str | None:
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")


@contextmanager
def pgbouncer(database_url: str) -> Iterator[int]:
    """The port of a PgBouncer for every database of this server."""
    server = urlsplit(database_url)
    with server_folder("newsroom-pgbouncer-") as home:
        port, users = free_port(), home / "users"
        users.write_text(f'"{server.username}" "{server.password}"\n')
        (home / "pgbouncer.ini").write_text(
            CONFIGURATION.format(
                host=server.hostname,
                server_port=server.port,
                port=port,
                users=users,
                pool_size=POOL_SIZE,
            )
        )
        chown_to_server_user(home)
        command: list[object] = [pgbouncer_program(), home / "pgbouncer.ini"]
        with running_server(command, home=home, ends_on=signal.SIGINT):
            ready = f"host=127.0.0.1 port={port} user={server.username} dbname=postgres"
            wait_until_ready(
                lambda: is_postgres_ready(ready, server.password or ""), "PgBouncer", home
            )
            yield port
