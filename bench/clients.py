"""Ask one address as fast as it answers: with wrk where it is installed, else by ourselves."""

import asyncio
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

WRK = shutil.which("wrk")
UNITS = {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}
CLOCK = re.compile(r"([\d.]+)(us|ms|s|m)$")


@dataclass(frozen=True)
class Measured:
    """What one address came to; times in milliseconds."""

    per_second: float
    p50: float
    p99: float


def name() -> str:
    return "wrk" if WRK else "asyncio client of its own"


def measure(url: str, *, connections: int, seconds: int) -> Measured:
    """Requests one after the other on each of so many connections. Raises SystemExit where one fails."""
    if WRK:
        return by_wrk(WRK, url, connections=connections, seconds=seconds)
    return asyncio.run(by_hand(url, connections=connections, seconds=seconds))


def by_wrk(wrk: str, url: str, *, connections: int, seconds: int) -> Measured:
    command = [wrk, "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout=10s", url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(f"{url} failed under load:\n{said}")
    shares = dict(re.findall(r"^\s+(50|99)%\s+(\S+)", said, re.MULTILINE))
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if not rate:
        raise SystemExit(f"wrk said nothing that could be read:\n{said}")
    return Measured(float(rate[1]), in_ms(shares["50"]), in_ms(shares["99"]))


def in_ms(said: str) -> float:
    number, unit = CLOCK.findall(said)[0]
    return float(number) * UNITS[unit]


async def by_hand(url: str, *, connections: int, seconds: int) -> Measured:
    until, taken = time.perf_counter() + seconds, list[float]()
    began = time.perf_counter()
    await asyncio.gather(*(ask(url, until, taken) for _ in range(connections)))
    spent, taken = time.perf_counter() - began, sorted(taken)
    p50, p99 = (taken[int(len(taken) * share)] * 1000 for share in (0.5, 0.99))
    return Measured(len(taken) / spent, p50, p99)


async def ask(url: str, until: float, taken: list[float]) -> None:
    """Ask on one connection until the time is up, noting what each answer took."""
    at = urlsplit(url)
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    question = f"GET {at.path or '/'} HTTP/1.1\r\nHost: {at.netloc}\r\n\r\n".encode()
    while (began := time.perf_counter()) < until:
        writer.write(question)
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        size = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        if b" 200 " not in head[:20] or size is None:
            raise SystemExit(f"{url} failed under load: {head[:60]!r}")
        await reader.readexactly(int(size[1]))
        taken.append(time.perf_counter() - began)
    writer.close()
