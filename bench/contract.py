"""API contract test by Schemathesis: `python -m bench.contract [SECONDS [SEED]]`, default 600 s.

The real server over a demo newsroom; it says what it found and ends with 1 where it found something.
"""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from bench.drivers.server import demo_newsroom
from newsroom.conf.environment import throttle_rates
from scripts.settings import PROJECT_ROOT
from tests.support.contract.schemathesis_runner import run_schemathesis

# It asks more in a minute than anybody may; 429 has tests of its own.
RATE_VARIABLES = tuple(f"RATE_{what.upper()}" for what in throttle_rates())


def main(arguments: list[str]) -> None:
    seconds = int(arguments[0]) if arguments else 600
    seed = arguments[1] if len(arguments) > 1 else ""
    os.environ |= dict.fromkeys(RATE_VARIABLES, "1000000/min")
    with demo_newsroom() as site, tempfile.TemporaryDirectory() as folder:
        try:
            found = run_schemathesis(
                site,
                token=issue_desk_token(),
                session=open_reader_session(site),
                extent=f"--max-time={seconds}",
                folder=Path(folder),
                seed=seed,
            )
        except AssertionError as faults:
            sys.exit(str(faults))
    print(found)


def issue_desk_token() -> str:
    command = [sys.executable, "manage.py", "token", "chief@example.com"]
    scopes = ["--scope", "desk", "--scope", "wire"]
    return subprocess.check_output([*command, *scopes], cwd=PROJECT_ROOT, text=True).strip()


def open_reader_session(site: str) -> str:
    words = json.dumps({"email": "reader@example.com", "password": "newsroom-demo"}).encode()
    headers = {"Content-Type": "application/json"}
    address = f"{site}/_allauth/app/v1/auth/login"
    with urllib.request.urlopen(urllib.request.Request(address, words, headers)) as answer:
        return str(json.loads(answer.read())["meta"]["session_token"])


if __name__ == "__main__":
    main(sys.argv[1:])
