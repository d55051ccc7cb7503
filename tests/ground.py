"""What every run of pytest stands on: a data folder of its own, and servers where a test needs them.

Loaded with `-p tests.ground` (pyproject.toml), before Django reads its settings.
./test runs the suite twice and says which run this is in NEWSROOM_RUN.
"""

import atexit
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

SQLITE, SERVERS = "sqlite", "servers"
RUN = os.environ.get("NEWSROOM_RUN", "")
# A missing server or browser fails the run instead of skipping what needs it.
REQUIRED = bool(os.environ.get("CI") or os.environ.get("REQUIRE_SERVICES"))
DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
COUNTED = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")


def own_data_folder() -> None:
    """Tests never touch var/; workers of xdist inherit the folder of the process they belong to."""
    if "NEWSROOM_TEST_DATA" not in os.environ:
        folder = tempfile.mkdtemp(prefix="newsroom-test-")
        os.environ["NEWSROOM_TEST_DATA"] = folder
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["NEWSROOM_DATA"] = os.environ["NEWSROOM_TEST_DATA"]
    os.environ.setdefault("SECRET_KEY", "only-for-tests")


own_data_folder()

NEEDS: dict[str, tuple[Callable[[], object], str]] = {
    "postgres": (
        lambda: os.environ.get("DATABASE_URL", "").startswith("postgres"),
        "needs PostgreSQL: ./test brings one, or set DATABASE_URL",
    ),
    "redis": (
        lambda: os.environ.get("REDIS_URL"),
        "needs a Redis-compatible server: ./test brings one, or set REDIS_URL",
    ),
    "browser": (
        lambda: any(shutil.which(name) for name in CHROMIUM),
        "needs Chromium: apt install chromium",
    ),
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In ./test, every test runs where it belongs: all but these on SQLite, the others after."""
    if RUN:
        belongs = {item: is_for_servers(item) for item in items}
        later = [i for i in items if (belongs[i] == "only") is (RUN == SQLITE)]
        if RUN == SERVERS:
            later = [i for i in items if not belongs[i]]
        config.hook.pytest_deselected(items=later)
        items[:] = [item for item in items if item not in set(later)]


def is_for_servers(item: pytest.Item) -> str:
    """ "only" there, "also" there, or nothing: whether the test belongs to the run with servers."""
    if any(item.get_closest_marker(need) for need in NEEDS):
        return "only"
    fixtures = set(getattr(item, "fixturenames", ()))
    return "also" if item.get_closest_marker("django_db") or fixtures & DATABASE else ""


def pytest_runtest_setup(item: pytest.Item) -> None:
    for need, (is_there, sentence) in NEEDS.items():
        if item.get_closest_marker(need) and not is_there():
            if REQUIRED:
                pytest.fail(sentence, pytrace=False)
            pytest.skip(sentence)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Leave the numbers for ./test, which adds both runs up."""
    if where := os.environ.get("NEWSROOM_TALLY"):
        stats = terminalreporter.stats
        Path(where).write_text(json.dumps({kind: len(stats.get(kind, ())) for kind in COUNTED}))
