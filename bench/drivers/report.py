"""Markdown tables of benchmarks, and the description of the machine."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.drivers.clients import Measurement, client_name

TABLE_HEAD = (
    "| what | bytes | requests/s | p50 ms | p99 ms | constant: requests/s | p50 | p99 | share | aim |",
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
)


def table_row(
    what: str, size: int, page: Measurement, constant: Measurement, *, aim: float | None = None
) -> str:
    """One line: the page, the same number of constant bytes, the share the page reaches and is to."""
    return " | ".join(
        [
            f"| {what}",
            f"{size:,}",
            *format_figures(page),
            *format_figures(constant),
            f"{page.per_second / constant.per_second:.0%}",
            f"{aim:.0%} |" if aim else "|",
        ]
    )


def format_figures(measured: Measurement) -> list[str]:
    return [f"{measured.per_second:,.0f}", f"{measured.p50:.1f}", f"{measured.p99:.1f}"]


def report_facts(
    *,
    connections: int,
    seconds: int,
    rounds: int,
    threads: int,
    database: str,
    server: str = "granian",
) -> str:
    """The machine and the set-up in two sentences, with how busy the machine was besides."""
    return (
        f"{describe_machine()}, {database}. One {server} process with {threads} threads; "
        f"{client_name()} on the same "
        f"machine, {connections} connections, the median of {rounds} rounds of {seconds} s, "
        f"the page and the constant in turns. {describe_load()}"
    )


def describe_machine() -> str:
    """The day, the machine and the packages, without a full stop."""
    packages = ", ".join(f"{p} {version(p)}" for p in ("Django", "djangorestframework", "granian"))
    system = f"{platform.system()} {platform.release().partition('-')[0]}"
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {cpu_model()}, {os.cpu_count()} cores, {memory_size()}, "
        f"{system}, Python {platform.python_version()}, {packages}"
    )


def describe_load() -> str:
    """How busy the machine was, with this and whatever else."""
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    return f"Load average at the end: {busy}."


def cpu_model() -> str:
    info = Path("/proc/cpuinfo")
    names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
    return names[0].partition(": ")[2] if names else platform.machine()


def memory_size() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB"
