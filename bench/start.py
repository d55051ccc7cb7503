"""Benchmark of start and memory: `./run` on the embedded default (SQLite, no Redis), started twice or more.

Prints the seconds until the first answer of the front page, the processor seconds until then, and the
resident memory of all processes after readers and the sign-in page were served: RSS counts a shared
page in each process, PSS divides it among them. Linux only; ends by itself.
"""

import argparse
import http.client
import os
import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.drivers.report import describe_load, describe_machine
from scripts.settings import PROJECT_ROOT
from tests.support.loopback.servers import free_port

START_TIMEOUT_SECONDS = 120.0
SERVED_PATHS = ("/", "/api/v1/articles/", "/search/?q=a", "/admin/login/")
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
MEMORY_HEAD = ("| process | RSS MB | PSS MB | threads |", "|---|--:|--:|--:|")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.start", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="second starts (default 3)")
    parser.add_argument("--settle", type=float, default=10, help="seconds until memory is read")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="newsroom-start-") as folder:
        port = free_port()
        environment = embedded_environment(folder, port)
        for number in range(asked.rounds + 1):
            with started_newsroom(environment) as process:
                wall, processor = wait_for_front_page(process.pid, port)
                which = "second" if number else "first"
                print(f"{which} start: {wall:.1f} s, {processor:.1f} processor s; load {load()}")
                if number == asked.rounds:
                    serve_paths(port)
                    time.sleep(asked.settle)
                    print("\n".join(memory_table(process.pid)))
    print(f"\n{describe_machine()}\n{describe_load()}")


def embedded_environment(folder: str, port: int) -> dict[str, str]:
    """The environment of a ./run without PostgreSQL and Redis; bytecode is written as usual."""
    dropped = {"DATABASE_URL", "REDIS_URL", "PYTHONDONTWRITEBYTECODE", "SITE_URL", "HOST"}
    inherited = {name: value for name, value in os.environ.items() if name not in dropped}
    return inherited | {"NEWSROOM_DATA": folder, "PORT": str(port)}


@contextmanager
def started_newsroom(environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        ["./run"], cwd=PROJECT_ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def wait_for_front_page(pid: int, port: int) -> tuple[float, float]:
    """Seconds until the front page answers, and processor seconds of the processes until then.

    Raises SystemExit after START_TIMEOUT_SECONDS.
    """
    began = time.monotonic()
    while time.monotonic() < began + START_TIMEOUT_SECONDS:
        if status_of(port, "/") == 200:
            return time.monotonic() - began, sum(map(processor_seconds, process_tree(pid)))
        time.sleep(0.02)
    raise SystemExit("./run does not answer.")


def status_of(port: int, path: str) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Accept-Language": "ko"})
        response = connection.getresponse()
        response.read()
    except OSError:
        return None
    finally:
        connection.close()
    return response.status


def serve_paths(port: int) -> None:
    for path in SERVED_PATHS:
        if status_of(port, path) != 200:
            raise SystemExit(f"{path} is not served.")


def process_tree(pid: int) -> list[int]:
    """The process and all its descendants."""
    tree = [pid]
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            tree += process_tree(int(child))
    return tree


def processor_seconds(pid: int) -> float:
    """User and system time of a process and of its ended children (proc(5), stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return sum(map(int, fields[11:15])) / CLOCK_TICKS


def memory_table(pid: int) -> list[str]:
    """Lines of a table: each process, and all together."""
    lines, totals = list(MEMORY_HEAD), [0.0, 0.0]
    for member in process_tree(pid):
        rollup = Path(f"/proc/{member}/smaps_rollup").read_text()
        sizes = [
            int(re.findall(rf"(?m)^{key}:\s+(\d+)", rollup)[0]) / 1024 for key in ("Rss", "Pss")
        ]
        totals = [total + size for total, size in zip(totals, sizes, strict=True)]
        threads = len(list(Path(f"/proc/{member}/task").iterdir()))
        lines.append(f"| {name_of(member)} | {sizes[0]:.0f} | {sizes[1]:.0f} | {threads} |")
    return [*lines, f"| all | {totals[0]:.0f} | {totals[1]:.0f} | |"]


def name_of(pid: int) -> str:
    command = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    names = {
        "preloaded_granian": "web",
        "worker": "worker",
        "beat": "beat",
        "scripts.serve": "supervisor",
    }
    return next((name for part, name in names.items() if part in command), "other")


def load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
