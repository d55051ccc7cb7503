"""Benchmark of writes: votes, changed votes, comments, saves, reactions and views of one story, through the
web server as it is shipped.

Each is measured in turns with a view that inserts one row of one table behind the same server and
middleware (bench/drivers/urls.py), with 8 and 64 clients. `--database postgres` starts a PostgreSQL that
forces every commit to the disk, a Redis and two web processes; `sqlite` one web process. Limits of requests
are counted but never reached. With `--kill` a web process is killed while it works; at the end every stored
count is compared with its rows. Needs wrk. Writes no file.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.drivers.clients import Measurement, median_measurement
from bench.drivers.newsrooms import run_python
from bench.drivers.report import describe_load, describe_machine, format_figures
from bench.drivers.server import server_environment, wait_until_open
from bench.drivers.write_client import RequestStream, measure_stream, processes_below
from scripts.serve import process_commands
from scripts.settings import PROJECT_ROOT, read_settings
from tests.support.loopback.restartable_postgres import DISK_SYNC_SETTINGS
from tests.support.loopback.servers import (
    new_postgres_cluster,
    redis,
    running_postgres,
    server_folder,
)

# The least share of the bare insert's requests a second.
TARGETS = {"vote": 0.5, "changed vote": 0.5, "comment": 0.4} | dict.fromkeys(
    ("save", "reaction", "view"), 0.5
)
UNREACHED_RATE = "100000000/min"
UNLIMITED = {
    **dict.fromkeys(
        ("RATE_VOTE", "RATE_COMMENT", "RATE_SAVE", "RATE_VIEW", "RATE_REACTION"), UNREACHED_RATE
    ),
    "VOTE_ADDRESS_CEILINGS": "100000000/min,100000000/h,100000000/d",
    "VOTE_NETWORK_CEILINGS": "100000000/min,100000000/h,100000000/d",
    "VOTE_BURST_MINIMUM": "1000000",
    "NEW_ACCOUNT_WAIT_MINUTES": "0",
    "HELD_FIRST_COMMENTS": "0",
    "COMMENTS_NEED_CONFIRMED_EMAIL": "0",
    "COMMENTS_PER_DAY": "10000",
    "COMMENTS_PER_ARTICLE_AND_DAY": "10000",
}
TABLE_HEAD = (
    "| write | clients | requests/s | p50 ms | p99 ms | bare: requests/s | p50 | p99 | share | aim |",
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.writes", description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--what", nargs="*", choices=list(TARGETS), default=list(TARGETS))
    parser.add_argument("--clients", nargs="*", type=int, default=[8, 64])
    parser.add_argument("--rounds", type=int, default=5, help="of each (default 5)")
    parser.add_argument("--seconds", type=int, default=1, help="a round (default 1)")
    parser.add_argument("--kill", action="store_true", help="kill a web process under load")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsroom-writes-")))
        environment = stack.enter_context(filled_newsroom(folder, asked.database))
        with running_web(environment) as (site, _web):
            measure_all(site, folder, asked)
        if asked.kill:
            kill_under_load(environment, folder)
        run_python(environment, "-m", "bench.drivers.write_requests", "check")
    print(f"\n{describe_machine()}, {asked.database}, {asked.rounds} rounds of {asked.seconds} s.")
    print(describe_load())


@contextmanager
def filled_newsroom(folder: Path, database: str) -> Iterator[dict[str, str]]:
    """Environment variables of a newsroom that has what the requests in `folder` write to."""
    with ExitStack() as stack:
        services = stack.enter_context(grown_services()) if database == "postgres" else {}
        environment = server_environment(folder, services.get("DATABASE_URL", ""))
        environment |= services | UNLIMITED
        environment |= {"DJANGO_SETTINGS_MODULE": "bench.drivers.settings", "BENCH": "1"}
        run_python(environment, "manage.py", "prepare")
        run_python(environment, "-m", "bench.drivers.write_requests", "prepare", folder)
        yield environment


@contextmanager
def grown_services() -> Iterator[dict[str, str]]:
    """A PostgreSQL that keeps what it has committed, a Redis, and two web processes."""
    with ExitStack() as stack:
        cluster = new_postgres_cluster(stack.enter_context(server_folder("newsroom-writes-pg-")))
        stack.enter_context(running_postgres(cluster, DISK_SYNC_SETTINGS))
        address = stack.enter_context(redis())
        yield {"DATABASE_URL": cluster.url, "REDIS_URL": address, "WEB_WORKERS": "2"}


@contextmanager
def running_web(environment: dict[str, str]) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """The web server alone: its address and its process."""
    os.environ["WEB_WORKERS"] = environment.get("WEB_WORKERS", "1")
    command = process_commands(read_settings())["web"]
    process = subprocess.Popen(command, cwd=PROJECT_ROOT, env=environment)
    try:
        yield wait_until_open(environment["SITE_URL"], process), process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def measure_all(site: str, folder: Path, asked: argparse.Namespace) -> None:
    bare = RequestStream(folder / "bare.requests")
    measure_stream(site, bare, connections=8, seconds=1)
    print("\n".join(TABLE_HEAD), flush=True)
    for what in asked.what:
        if what == "changed vote":
            RequestStream(folder / "first vote.requests").send_all(site)
        stream = RequestStream(folder / f"{what}.requests", is_endless=what not in ONCE)
        measure_stream(site, stream, connections=8, seconds=1)
        for clients in asked.clients:
            rounds = [
                [
                    measure_stream(site, each, connections=clients, seconds=asked.seconds)
                    for each in (stream, bare)
                ]
                for _ in range(asked.rounds)
            ]
            print(table_row(what, clients, *map(median_measurement, zip(*rounds, strict=True))))
            sys.stdout.flush()


ONCE = {"vote", "comment", "view"}  # repeated, they would change nothing


def table_row(what: str, clients: int, write: Measurement, bare: Measurement) -> str:
    figures = [*format_figures(write), *format_figures(bare)]
    share = f"{write.per_second / bare.per_second:.2f}"
    return f"| {' | '.join([what, str(clients), *figures, share, str(TARGETS[what])])} |"


def kill_under_load(environment: dict[str, str], folder: Path) -> None:
    """Kill a web process while 64 clients vote, change votes, react and save.

    Each time of another web server: one whose processes end twice within seconds ends as well.
    """
    for what in ("vote", "changed vote", "reaction", "save"):
        stream = RequestStream(folder / f"{what}.requests")
        stream.position = len(stream.requests) // 2  # the first votes are cast
        with running_web(environment) as (site, web):
            victim = max(
                processes_below(web.pid), default=web.pid
            )  # with one worker the server itself
            timer = threading.Timer(0.5, os.kill, [victim, 9])
            timer.start()
            measure_stream(site, stream, connections=64, seconds=1, may_fail=True)


if __name__ == "__main__":
    main()
