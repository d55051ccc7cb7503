"""A replay of a day: prepare, file in order, file a copy in disorder by killed workers, compare."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.support.loopback.processes import PROJECT_ROOT, process_environment
from tests.support.loopback.servers import postgres

PHASES, WORKERS = "tests.chaos.wire_day.phases", "tests.chaos.wire_day.workers"
IN_ORDER, IN_DISORDER = "in_order", "in_disorder"


@dataclass
class DayReport:
    """Report of a replay; `wrong` lists the violations and differences, empty where there are none."""

    orders: dict[str, Any]
    lines: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    folder: Path | None = None

    def __str__(self) -> str:
        head = [f"{self.orders}", *self.lines]
        if self.wrong:
            head += [f"{len(self.wrong)} differences; files in {self.folder}:", *self.wrong[:60]]
        return "\n".join(head)


def replay_day(
    *, deliveries: int, workers: int, seed: int, followed: int, statements: int
) -> DayReport:
    """Replay a day of so many deliveries in a PostgreSQL of its own."""
    orders = {"deliveries": deliveries, "seed": seed, "followed": followed}
    report, folder = DayReport(orders), Path(tempfile.mkdtemp(prefix="newsroom-wire-day-"))
    report.folder = folder
    with postgres() as url:
        server = url.rpartition("/")[0]
        run_sql(url, f"CREATE DATABASE {IN_ORDER}")
        timed(report, "prepared", lambda: phase(folder, f"{server}/{IN_ORDER}", "prepare", orders))
        run_sql(url, f"CREATE DATABASE {IN_DISORDER} TEMPLATE {IN_ORDER}")
        ordered, disorder = f"{server}/{IN_ORDER}", f"{server}/{IN_DISORDER}"
        phase(folder, disorder, "store_in_disorder", orders)
        work = {"seed": seed, "workers": workers, "statements": statements}
        with ThreadPoolExecutor() as both:  # two databases, side by side
            done = [
                both.submit(
                    timed, report, "in order", lambda: phase(folder, ordered, "in_order", orders)
                ),
                both.submit(
                    timed,
                    report,
                    "in disorder",
                    lambda: run_workers(report, folder, disorder, work),
                ),
            ]
        for each in done:
            each.result()
        phase(folder, disorder, "outcome", orders)
    report.wrong += json.loads((folder / "outcome.json").read_text())["wrong"]
    report.lines += json.loads((folder / "outcome.json").read_text())["lines"]
    report.lines.append(lines_of_log(folder))
    if not report.wrong:
        shutil.rmtree(folder)
    return report


def timed(report: DayReport, name: str, work: Any) -> None:
    began = time.monotonic()
    work()
    report.lines.append(f"{name} in {time.monotonic() - began:.0f} s")
    print(report.lines[-1], flush=True)


def run_sql(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as database:
        database.execute(statement)


def phase(folder: Path, url: str, name: str, orders: dict[str, Any]) -> None:
    """Run a phase in a process of its own over this database."""
    run_module(folder, url, PHASES, name, str(folder), json.dumps(orders))


def run_workers(report: DayReport, folder: Path, url: str, work: dict[str, Any]) -> None:
    path = folder / "workers.json"
    path.write_text(json.dumps(work))
    run_module(folder, url, WORKERS, str(path))
    done = json.loads(path.read_text())
    report.lines.append(
        f"{work['workers']} workers, {done['kills']} killed, {done['failed']} failed"
    )


def run_module(folder: Path, url: str, *arguments: str) -> None:
    env = process_environment(folder, DATABASE_URL=url, REDIS_URL="", PYTHONWARNINGS="ignore")
    with (folder / "log").open("ab") as log:
        command = [sys.executable, "-m", *arguments]
        done = subprocess.run(command, cwd=PROJECT_ROOT, env=env, stderr=log, check=False)
    if done.returncode:
        raise RuntimeError((folder / "log").read_text(errors="replace")[-4000:])


def lines_of_log(folder: Path) -> str:
    """How often the log has a failure that the next run repaired."""
    log = (folder / "log").read_text(errors="replace")
    counted = {word: log.count(word) for word in ("is not filed", "deadlock detected", "Traceback")}
    return f"log: {counted}"
