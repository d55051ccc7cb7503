"""wrk over prepared requests, of which each is sent once or in turn."""

import json
import re
import subprocess
import tempfile
import urllib.request
from contextlib import suppress
from pathlib import Path

from bench.drivers.clients import WRK, Measurement, parse_milliseconds

SEPARATOR = "\0"
MAX_PER_SECOND = 6_000
IDLE_PROBES = 8  # more than enough to reach each of two processes
WRK_SCRIPT = """
local requests, sent = {{}}, 0
for text in io.open({file}, "rb"):read("*a"):gmatch("[^%z]+") do requests[#requests + 1] = text end
request = function()
  sent = sent + 1
  return requests[(sent - 1) % #requests + 1]
end
"""


class RequestStream:
    """Requests of a file, from where the last measurement stopped."""

    def __init__(self, file: Path, *, is_endless: bool = True) -> None:
        self.requests = file.read_bytes().decode().split(SEPARATOR)
        self.is_endless, self.position = is_endless, 0

    def next(self, number: int) -> list[str]:
        """So many requests, or as many as there are. Raises SystemExit where none is left."""
        if self.is_endless:
            begin = self.position % len(self.requests)
            return (self.requests[begin:] + self.requests[:begin])[:number]
        if not (rest := self.requests[self.position : self.position + number]):
            raise SystemExit("Every prepared request was sent; ask for fewer rounds.")
        return rest

    def send_all(self, site: str) -> None:
        """Send each once or more, on 8 connections, until all have been."""
        while self.position < len(self.requests):
            measure_stream(site, self, connections=8, seconds=1)


def measure_stream(
    site: str, stream: RequestStream, *, connections: int, seconds: int, may_fail: bool = False
) -> Measurement:
    """Send requests of the stream for so many seconds, then wait until the server is idle.

    Raises SystemExit where one fails.
    """
    if WRK is None:
        raise SystemExit("bench.writes needs wrk (apt install wrk).")
    requests = stream.next(MAX_PER_SECOND * seconds)
    with tempfile.TemporaryDirectory(prefix="newsroom-wrk-") as folder:
        file, script = Path(folder, "requests"), Path(folder, "script.lua")
        file.write_text(SEPARATOR.join(requests))
        script.write_text(WRK_SCRIPT.format(file=json.dumps(str(file))))
        command = [WRK, "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout=20s"]
        command += [f"--script={script}", site]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if not may_fail and ("Non-2xx" in output or "Socket errors" in output):
        raise SystemExit(f"{requests[0].splitlines()[0]} failed under load:\n{output}")
    wait_until_idle(site)
    shares = dict(re.findall(r"^\s+(50|99)%\s+(\S+)", output, re.MULTILINE))
    rate = re.search(r"Requests/sec:\s+([\d.]+)", output)
    done = re.search(r"(\d+) requests in", output)
    if not (rate and done):
        raise SystemExit(f"wrk said nothing that could be read:\n{output}")
    stream.position += int(done[1]) + connections
    p50, p99 = (parse_milliseconds(shares[share]) for share in ("50", "99"))
    return Measurement(float(rate[1]), p50, p99)


def wait_until_idle(site: str) -> None:
    """Wait until requests that wrk has given up are handled: each process does one after the other."""
    for _ in range(IDLE_PROBES):
        request = urllib.request.Request(f"{site}/bench/insert/", data=b"{}", method="POST")
        with suppress(OSError), urllib.request.urlopen(request, timeout=30) as response:
            response.read()


def processes_below(pid: int) -> list[int]:
    """The child processes of a process."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children]
