"""Web server of the benchmark: started as ./run does, over a demo newsroom of its own."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from scripts.serve import process_commands
from scripts.settings import PROJECT_ROOT, child_environment, read_settings

OWN_VARIABLES = (
    "NEWSROOM_DATA",
    "DATABASE_URL",
    "REDIS_URL",
    "SITE_URL",
    "HOST",
    "PORT",
    "DEBUG",
    "DEMO",
)
START_TIMEOUT_SECONDS = 90


@contextmanager
def demo_newsroom(
    *, database: str = "", stories: int = 0, server: str = "granian", keep: float | None = None
) -> Iterator[str]:
    """The address of a running newsroom with the demo in it, and so many stories besides; gone
    afterwards, with its files.

    Web server only: no worker and no beat take time away.  `database` is a URL; without, SQLite.
    `keep` is its RESPONSE_CACHE_SECONDS.
    """
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as data:
        environment = server_environment(Path(data), database)
        prepare = [sys.executable, "manage.py", "prepare", "--with-demo"]
        subprocess.run(
            prepare, cwd=PROJECT_ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
        )
        if stories:
            load = [sys.executable, "-m", "bench.load.articles", f"--articles={stories}", "--bare"]
            there = {**environment, "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
            subprocess.run(load, cwd=PROJECT_ROOT, env=there, check=True, stdout=subprocess.DEVNULL)
        environment |= {"DJANGO_SETTINGS_MODULE": "bench.drivers.settings", "BENCH": "1"}
        if keep is not None:
            environment["RESPONSE_CACHE_SECONDS"] = str(keep)
        process = subprocess.Popen(server_command(server), cwd=PROJECT_ROOT, env=environment)
        try:
            yield wait_until_open(environment["SITE_URL"], process)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def server_command(server: str) -> list[str]:
    """One web process: ours, Granian's own WSGI interface, or gunicorn with one process as well; their
    threads are ours in number."""
    settings = read_settings()
    if server == "granian":
        return process_commands(settings)["web"]
    if server == "granian-wsgi":
        return [
            *(sys.executable, "-m", "granian", "newsroom.wsgi:application", "--interface=wsgi"),
            *(f"--host={settings.host}", f"--port={settings.port}", "--no-ws"),
            *(f"--blocking-threads={settings.web_threads}", "--log-level=warning"),
        ]
    kind = server.removeprefix("gunicorn-")
    threads = [f"--threads={settings.web_threads}"] if kind == "gthread" else []
    return [
        *(sys.executable, "-m", "gunicorn", "newsroom.wsgi:application", "--log-level=error"),
        *(f"--worker-class={kind}", "--workers=1", f"--bind={settings.host}:{settings.port}"),
        *threads,
    ]


def server_environment(data: Path, database: str) -> dict[str, str]:
    """Environment variables of a newsroom separate from any other on this machine."""
    for name in OWN_VARIABLES:
        os.environ.pop(name, None)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = str(listener.getsockname()[1])
    os.environ |= {"NEWSROOM_DATA": str(data), "PORT": port, "SECRET_KEY": data.name * 3}
    os.environ |= {"SITE_URL": f"http://127.0.0.1:{port}", "LOG_LEVEL": "WARNING"}
    if database:
        os.environ["DATABASE_URL"] = database
    return child_environment(read_settings())


def wait_until_open(site: str, server: subprocess.Popen[bytes]) -> str:
    """Wait until the server answers; its address."""
    until = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            fetch_url(f"{site}/api/v1/masthead/")
        except OSError:
            time.sleep(0.1)
        else:
            return site
    raise SystemExit("The server did not start; the lines above may say why.")


def fetch_url(url: str, headers: Mapping[str, str] | None = None) -> bytes:
    """The body; empty where nothing has changed."""
    asked = urllib.request.Request(url, headers=dict(headers or {}))
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return answer.read()  # type: ignore[no-any-return]
    except urllib.error.HTTPError as answer:
        if answer.code == HTTPStatus.NOT_MODIFIED:
            return b""
        raise


def etag_of(url: str) -> str:
    """The ETag there."""
    with urllib.request.urlopen(url, timeout=10) as answer:
        return str(answer.headers["ETag"])
