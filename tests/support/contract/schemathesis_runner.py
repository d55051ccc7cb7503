"""Schemathesis runner: property-based tests of the API, with the project's settings
(tests/support/contract/schemathesis.toml)."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[3]
OPENAPI_PATH = PROJECT_ROOT / "docs" / "openapi.yaml"
LONG_WORD = re.compile(r"(\S{300})\S{300,}")  # what it makes up; the rest of it says no more
PHASES = ("Examples", "Coverage", "Fuzzing", "Stateful")


def run_schemathesis(
    site: str,
    *,
    token: str,
    session: str,
    extent: str,
    folder: Path,
    seed: str = "",
    phases: Sequence[str] = PHASES,
) -> str:
    """Test a running newsroom; the output. Raises AssertionError with what was found.

    `extent` is `--max-time=SECONDS` or `--max-examples=NUMBER` (for each operation, with no limit of time);
    `token` is one of staff, `session` a reader's; `folder` takes what it writes down; `seed` is that of
    a former run, to be met again.
    """
    command = [sys.executable, "-m", "schemathesis.cli"]
    command += [
        f"--config-file={PROJECT_ROOT / 'tests' / 'support' / 'contract' / 'schemathesis.toml'}",
        "run",
        str(OPENAPI_PATH),
    ]
    command += [f"--url={site}", f"--phases={','.join(phases).lower()}", extent]
    command += [f"--seed={seed}"] if seed else []
    done = subprocess.run(
        [*command, "--continue-on-failure", "--warnings=off"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT), "TOKEN": token, "SESSION": session},
        capture_output=True,
        text=True,
        check=False,
    )
    output = LONG_WORD.sub(r"\1...", done.stdout)
    assert done.returncode == 0, output[-20_000:] + done.stderr[-2000:]
    return output
