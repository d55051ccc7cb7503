"""Benchmark of request bodies: processor time of each writing endpoint for the largest body it accepts.

Makes a newsroom of its own in a temporary folder and measures there (bench/drivers/body_times.py). Prints a
Markdown table and writes nothing.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from bench.drivers.server import server_environment
from scripts.settings import PROJECT_ROOT


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as data:
        environment = server_environment(Path(data), "")
        prepare = [sys.executable, "manage.py", "prepare", "--with-demo"]
        subprocess.run(
            prepare, cwd=PROJECT_ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
        )
        unlimited = {
            f"RATE_{one}": "0" for one in ("COMMENT", "REACTION", "REPORT", "VOTE", "SAVE", "VIEW")
        }
        environment |= unlimited | {"LOG_LEVEL": "ERROR", "ALLOWED_HOSTS": "*"}
        subprocess.run(
            [sys.executable, "-m", "bench.drivers.body_times"],
            cwd=PROJECT_ROOT,
            env=environment,
            check=True,
        )


if __name__ == "__main__":
    main()
