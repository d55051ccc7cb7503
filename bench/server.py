"""The real server, as ./run starts it, over a demo newsroom of its own."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.serve import commands
from scripts.settings import HOUSE, child_environment, read_settings

OURS = ("NEWSROOM_DATA", "DATABASE_URL", "REDIS_URL", "SITE_URL", "HOST", "PORT", "DEBUG", "DEMO")
STARTS_WITHIN = 30


@contextmanager
def newsroom(*, database: str = "") -> Iterator[str]:
    """The address of a running newsroom with the demo in it; gone afterwards, with its files.

    Web server only: no worker and no beat take time away.  `database` is a URL; without, SQLite.
    """
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as data:
        environment = surroundings(Path(data), database)
        prepare = [sys.executable, "manage.py", "prepare", "--with-demo"]
        subprocess.run(prepare, cwd=HOUSE, env=environment, check=True, stdout=subprocess.DEVNULL)
        environment |= {"DJANGO_SETTINGS_MODULE": "bench.settings", "BENCH": "1"}
        server = subprocess.Popen(commands(read_settings())["web"], cwd=HOUSE, env=environment)
        try:
            yield opened(environment["SITE_URL"], server)
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


def surroundings(data: Path, database: str) -> dict[str, str]:
    """The environment of a newsroom that has nothing to do with the one somebody may be running."""
    for name in OURS:
        os.environ.pop(name, None)
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = str(door.getsockname()[1])
    os.environ |= {"NEWSROOM_DATA": str(data), "PORT": port, "SECRET_KEY": data.name * 3}
    os.environ |= {"SITE_URL": f"http://127.0.0.1:{port}", "LOG_LEVEL": "WARNING"}
    if database:
        os.environ["DATABASE_URL"] = database
    return child_environment(read_settings())


def opened(site: str, server: subprocess.Popen[bytes]) -> str:
    """The address, once something answers there."""
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            fetch(f"{site}/api/v1/masthead/")
        except OSError:
            time.sleep(0.1)
        else:
            return site
    raise SystemExit("The server did not start; the lines above may say why.")


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read()  # type: ignore[no-any-return]
