"""HTTP load generator: wrk where it is installed, else an asyncio client."""

import asyncio
import itertools
import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

WRK = shutil.which("wrk")
UNITS = {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}
DURATION = re.compile(r"([\d.]+)(us|ms|s|m)$")
# wrk asks for each path in turn, and takes a 304 for an answer.
WRK_SCRIPT = """
local asked, paths = 0, {paths}
request = function()
  asked = asked + 1
  return wrk.format("GET", paths[asked % #paths + 1])
end
"""


@dataclass(frozen=True)
class RequestMix:
    """Paths that are requested one after the other, and the headers sent."""

    paths: Sequence[str]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Measurement:
    """Result for one request mix; latencies in milliseconds."""

    per_second: float
    p50: float
    p99: float


def client_name() -> str:
    return "wrk" if WRK else "asyncio client of its own"


def measure_requests(
    site: str, asking: RequestMix, *, connections: int, seconds: int
) -> Measurement:
    """Measure requests on so many connections. Raises SystemExit where one fails."""
    if WRK:
        return measure_with_wrk(WRK, site, asking, connections=connections, seconds=seconds)
    return asyncio.run(measure_with_asyncio(site, asking, connections=connections, seconds=seconds))


def measure_with_wrk(
    wrk: str, site: str, asking: RequestMix, *, connections: int, seconds: int
) -> Measurement:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        paths = "{" + ", ".join(json.dumps(path) for path in asking.paths) + "}"
        Path(script.name).write_text(WRK_SCRIPT.replace("{paths}", paths))
        headers = [word for pair in asking.headers.items() for word in ("-H", ": ".join(pair))]
        command = [wrk, "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout=10s"]
        command += [*headers, f"--script={script.name}", site]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(f"{asking.paths[0]} failed under load:\n{output}")
    shares = dict(re.findall(r"^\s+(50|99)%\s+(\S+)", output, re.MULTILINE))
    rate = re.search(r"Requests/sec:\s+([\d.]+)", output)
    if not rate:
        raise SystemExit(f"wrk said nothing that could be read:\n{output}")
    return Measurement(
        float(rate[1]), parse_milliseconds(shares["50"]), parse_milliseconds(shares["99"])
    )


def median_measurement(rounds: Sequence[Measurement]) -> Measurement:
    """The median of each figure over the rounds."""
    return Measurement(
        per_second=median(one.per_second for one in rounds),
        p50=median(one.p50 for one in rounds),
        p99=median(one.p99 for one in rounds),
    )


def parse_milliseconds(output: str) -> float:
    number, unit = DURATION.findall(output)[0]
    return float(number) * UNITS[unit]


async def measure_with_asyncio(
    site: str, asking: RequestMix, *, connections: int, seconds: int
) -> Measurement:
    until, durations, turn = (
        time.perf_counter() + seconds,
        list[float](),
        itertools.cycle(asking.paths),
    )
    began = time.perf_counter()
    await asyncio.gather(
        *(
            request_until(site, asking, turn, until=until, durations=durations)
            for _ in range(connections)
        )
    )
    spent, durations = time.perf_counter() - began, sorted(durations)
    p50, p99 = (durations[int(len(durations) * share)] * 1000 for share in (0.5, 0.99))
    return Measurement(len(durations) / spent, p50, p99)


async def request_until(
    site: str, asking: RequestMix, turn: Iterator[str], *, until: float, durations: list[float]
) -> None:
    """Ask on one connection until the time is up, noting what each answer took."""
    at = urlsplit(site)
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    lines = "".join(f"{name}: {value}\r\n" for name, value in asking.headers.items())
    while (began := time.perf_counter()) < until:
        path = next(turn)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {at.netloc}\r\n{lines}\r\n".encode())
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        size = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        if b" 200 " in head[:20] and size:
            await reader.readexactly(int(size[1]))
        elif b" 304 " not in head[:20]:
            raise SystemExit(f"{path} failed under load: {head[:60]!r}")
        durations.append(time.perf_counter() - began)
    writer.close()
