"""What a process loads at its start: models; views, admin pages and Celery only where they are needed."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import Tags, run_checks

from desk.admin.releases import ReleaseAdmin
from tests.support.loopback.processes import PROJECT_ROOT, process_environment

# Together two thirds of the processor time of a start.
LOADED_AT_NEED = ("celery", "desk.admin.site", "newsroom.urls", "psycopg", "rest_framework.views")
SET_UP = "import sys, django; django.setup(); print(*sys.modules)"


def test_a_start_loads_no_views_admin_pages_or_celery(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SET_UP],
        cwd=PROJECT_ROOT,
        env=process_environment(tmp_path, DATABASE_URL="", REDIS_URL=""),
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = done.stdout.split()
    assert "desk.models" in loaded
    assert [name for name in LOADED_AT_NEED if name in loaded] == []


def test_system_checks_look_at_every_admin_page(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_checks(tags=[Tags.admin]) == []
    monkeypatch.setattr(ReleaseAdmin, "list_display", ["no_such_column"])
    assert [error.id for error in run_checks(tags=[Tags.admin])] == ["admin.E108"]
