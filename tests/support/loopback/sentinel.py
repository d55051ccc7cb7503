"""Redis master, replica and Sentinel on loopback, which promotes the replica when the master dies."""

import secrets
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.loopback.servers import (
    chown_to_server_user,
    free_port,
    is_redis_ready,
    redis_program,
    running_server,
    server_folder,
    wait_until_ready,
)

MASTER_NAME = "newsroom"
SERVER = """
bind 127.0.0.1
port {port}
requirepass {password}
masterauth {password}
dir {home}
repl-diskless-sync yes
repl-diskless-sync-delay 0
save ""
"""
SENTINEL = """
bind 127.0.0.1
port {port}
dir {home}
sentinel monitor {name} 127.0.0.1 {master} 1
sentinel auth-pass {name} {password}
sentinel down-after-milliseconds {name} 1000
sentinel failover-timeout {name} 5000
"""


@dataclass(frozen=True)
class SentinelServers:
    """The address for REDIS_URL, the ports, and how the master is killed."""

    url: str
    master_port: int
    replica_port: int
    kill_master: Callable[[], None]


@contextmanager
def sentinel_servers() -> Iterator[SentinelServers]:
    with ExitStack() as stack:
        password = secrets.token_hex(16)
        master, replica, sentinel = free_port(), free_port(), free_port()
        of_server = SERVER.replace("{password}", password)
        run(stack, of_server, master, password)
        killed = stack.pop_all()
        stack.callback(killed.close)
        run(stack, f"{of_server}replicaof 127.0.0.1 {master}\n", replica, password)
        watch = SENTINEL.replace("{password}", password).replace("{master}", str(master))
        run(stack, watch.replace("{name}", MASTER_NAME), sentinel, "", "--sentinel")
        url = f"sentinel://:{password}@127.0.0.1:{sentinel}/0?master={MASTER_NAME}"
        yield SentinelServers(url, master, replica, killed.close)


def run(stack: ExitStack, text: str, port: int, password: str, *options: str) -> None:
    """Start a Redis with this configuration for the rest of the stack, and wait until it answers."""
    home: Path = stack.enter_context(server_folder("newsroom-sentinel-"))
    configuration = home / "redis.conf"
    configuration.write_text(text.replace("{port}", str(port)).replace("{home}", str(home)))
    program = redis_program(home)
    chown_to_server_user(home)
    command: list[object] = [program, configuration, *options]
    stack.enter_context(running_server(command, home=home, ends_on=signal.SIGTERM))
    wait_until_ready(lambda: does_answer(port, password), "Redis", home)


def does_answer(port: int, password: str) -> bool:
    if password:
        return is_redis_ready(port, password)
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2):
        return True
    return False
