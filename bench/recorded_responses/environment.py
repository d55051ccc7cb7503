"""Environment of a recording: a process and a data folder of its own, nothing inherited but the paths."""

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[2]
STARTED_AT = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)  # ten in the morning in Seoul
HOST, PORT = "127.0.0.1", "8000"
SITE_URL = f"http://{HOST}:{PORT}"
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "newsroom.settings",
    "PYTHONHASHSEED": "0",
    "SECRET_KEY": "recorded-responses-use-this-key-and-nobody-else-does-0123456789-abcdefghij",
    "SITE_URL": SITE_URL,
    "PORT": PORT,
    "EMAIL_URL": "dummymail://",
    "LOG_LEVEL": "CRITICAL",
    "TZ": "UTC",
    "LANG": "C.UTF-8",
}
INHERITED_VARIABLES = ("PATH", "HOME", "LD_LIBRARY_PATH", "VIRTUAL_ENV")


def record_in_clean_environment(file: Path) -> None:
    """Write the recording of this checkout into the file. Raises CalledProcessError."""
    with tempfile.TemporaryDirectory(prefix="recorded-") as data:
        subprocess.run(
            [sys.executable, "-m", "bench.recorded_responses.process", str(file.resolve())],
            cwd=PROJECT_ROOT,
            env=clean_environment(data),
            check=True,
        )


def clean_environment(data: str) -> dict[str, str]:
    inherited = {name: os.environ[name] for name in INHERITED_VARIABLES if name in os.environ}
    return {**inherited, **ENVIRONMENT, "NEWSROOM_DATA": data, "STATIC_ROOT": f"{data}/static"}
