"""Granian with the application loaded before it serves, or its workers are forked."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from scripts.serve import web_command
from tests.support.loopback.live_server import ServedNewsroom
from tests.support.loopback.prepared_data import prepare_data_folder
from tests.support.loopback.processes import (
    PROJECT_ROOT,
    process_environment,
    running_process,
    wait_until,
)
from tests.support.loopback.servers import free_port

# What is loaded beside `manage.py prepare` has to leave alone what that changes.
LOADED_EARLY = """
import django
django.setup()
from newsroom.admin.apps import load_admin_pages
load_admin_pages()
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import connection
from django.utils.functional import empty
assert staticfiles_storage._wrapped is empty, "the manifest of static files was read"
assert connection.connection is None, "the database was opened"
"""
LOADED_BEFORE_FORK = """
import threading
import newsroom.server.rsgi
from django.db import connection
assert connection.connection is None, "workers would share the connection"
assert threading.active_count() == 1, "threads do not live on in workers"
"""


def test_loaded_code_has_opened_nothing_that_prepare_changes_or_that_cannot_be_shared(
    tmp_path: Path,
) -> None:
    # Nothing answers at these addresses: what were opened would fail or leave a thread.
    environment = process_environment(
        tmp_path,
        DATABASE_URL="postgres://nobody@127.0.0.1:9/none",
        REDIS_URL="redis://127.0.0.1:9/0",
        SENTRY_DSN="http://key@127.0.0.1:9/1",
    )
    for code in (LOADED_EARLY, LOADED_BEFORE_FORK):
        command = [sys.executable, "-c", code]
        loaded = subprocess.run(command, cwd=PROJECT_ROOT, env=environment, check=False)
        assert loaded.returncode == 0, code


def test_workers_answer_and_a_killed_one_is_replaced(tmp_path: Path) -> None:
    port = free_port()
    environment = process_environment(
        tmp_path, DATABASE_URL="", REDIS_URL="", SITE_URL=f"http://127.0.0.1:{port}"
    )
    prepare_data_folder(environment)
    newsroom = ServedNewsroom(port, {})
    with running_process(
        web_command("127.0.0.1", port, workers=2), environment, tmp_path / "web.log"
    ) as web:
        wait_until(newsroom.answers, within=120)
        first = workers_of(web.pid)
        assert len(first) == 2

        for worker in first:
            os.kill(worker, signal.SIGKILL)

        wait_until(lambda: len(workers_of(web.pid) - first) == 2, within=60)
        wait_until(newsroom.answers, within=60)


def test_a_single_worker_serves_in_the_process_that_loaded_the_application(tmp_path: Path) -> None:
    port = free_port()
    environment = process_environment(
        tmp_path, DATABASE_URL="", REDIS_URL="", SITE_URL=f"http://127.0.0.1:{port}"
    )
    prepare_data_folder(environment)
    newsroom = ServedNewsroom(port, {})
    with running_process(web_command("127.0.0.1", port), environment, tmp_path / "web.log") as web:
        wait_until(newsroom.answers, within=120)
        assert workers_of(web.pid) == set()
    assert web.returncode == 0


def workers_of(pid: int) -> set[int]:
    """The running children of a process."""
    listing = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True
    ).stdout
    rows = re.findall(r"(?m)^\s*(\d+)\s+(\d+)\s+(\S)", listing)
    return {int(child) for child, parent, state in rows if int(parent) == pid and state != "Z"}
