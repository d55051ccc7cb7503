"""Commands that sweep say what they did, in counts, and exit non-zero on failure (publishing 73)."""

import io
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from articles.models import Article, ArticleCounts
from desk.models import Notice
from tests.support import make
from tests.support.faults.failing_releases import after_due_time, failing_release
from tests.support.loopback.prepared_data import prepare_data_folder
from tests.support.loopback.processes import PROJECT_ROOT, process_environment, run_manage_command
from tests.support.loopback.receivers import HTTPReceiver
from tests.support.loopback.servers import free_port
from tests.support.loopback.smtp_sink import mail_server, use_mail_server
from tests.support.outbox import subscriber


def run_command(command: str) -> tuple[int, str]:
    """(exit status, output) of a command."""
    out = io.StringIO()
    try:
        call_command(command, stdout=out)
    except CommandError as failed:
        return failed.returncode, str(failed)
    except SystemExit as exited:
        return int(exited.code or 0), out.getvalue().strip()
    return 0, out.getvalue().strip()


@pytest.mark.django_db
def test_publish_due_command_reports_its_counts(ben: User) -> None:
    """publishing 73"""
    assert run_command("publish_due") == (
        0,
        "0 published, 0 settled otherwise, 0 failed, 0 expired",
    )
    make.planned()
    make.planned(expires_at=timezone.now() + make.DUE_AFTER + timedelta(minutes=1))
    ends = make.live(expires_at=timezone.now() + make.DUE_AFTER)
    with after_due_time(make.DUE_AFTER + timedelta(minutes=2)):
        output = run_command("publish_due")
    assert output == (0, "1 published, 1 settled otherwise, 0 failed, 1 expired")
    ends.refresh_from_db()
    assert ends.live_id is None
    failing_release()
    make.planned()
    with after_due_time():
        assert run_command("publish_due") == (
            1,
            "1 published, 0 settled otherwise, 1 failed, 0 expired",
        )


@pytest.mark.django_db
def test_tell_people_command_reports_its_counts(ben: User, settings: Any) -> None:
    """publishing 73"""
    assert run_command("tell_people") == (0, "0 mailed, 0 not mailed, 0 for nobody")
    failing_release()
    with after_due_time(), mail_server() as server:
        use_mail_server(settings, server)
        call_command_quietly("publish_due")
        assert run_command("tell_people") == (0, "1 mailed, 0 not mailed, 0 for nobody")
        Notice.objects.update(mailed_at=None, mail_at=timezone.now())
        settings.EMAIL_PORT = free_port()
        assert run_command("tell_people") == (1, "0 mailed, 1 not mailed, 0 for nobody")
        User.objects.update(is_active=False)
        assert run_command("tell_people") == (1, "0 mailed, 0 not mailed, 1 for nobody")


def call_command_quietly(command: str) -> None:
    with pytest.raises(CommandError):
        call_command(command, stdout=io.StringIO())


@pytest.mark.django_db
def test_deliver_due_command_reports_its_counts(
    receiver: HTTPReceiver,
) -> None:
    """publishing 73"""
    subscriber(receiver.url)
    assert run_command("deliver_due")[0] == 0
    make.live()
    receiver.answer = 500
    code, words = run_command("deliver_due")
    assert code == 1
    assert words.startswith("0 delivered, 1 will be tried again")


@pytest.mark.django_db
def test_dispatch_tidy_command_reports_deleted_rows() -> None:
    """publishing 73"""
    code, words = run_command("dispatch_tidy")
    assert code == 0
    assert "0 " in words


@pytest.mark.django_db
def test_reconcile_command_reports_its_counts() -> None:
    """publishing 73"""
    article: Article = make.live()
    assert run_command("reconcile") == (0, "all counts are right")
    ArticleCounts.objects.filter(article=article).update(comments=7)
    assert run_command("reconcile")[1].endswith("1 repaired, all counts are right")


SCHEDULE_FAILING_RELEASE = """
from django.utils import timezone
from desk.models import Release
from tests.support import make
from tests.support.faults.failing_releases import break_release
release = make.planned()
break_release(release)
Release.objects.update(due_at=timezone.now())
"""


def test_commands_return_their_exit_status(tmp_path: Path) -> None:
    """publishing 73: from cron, a failure is a failure."""
    env = process_environment(tmp_path, DATABASE_URL="", REDIS_URL="", EMAIL_URL="dummymail://")
    prepare_data_folder(env)
    assert exit_status(env, "publish_due") == exit_status(env, "tell_people") == 0
    run_manage_command(env, "shell", "-v0", "-c", SCHEDULE_FAILING_RELEASE)
    assert exit_status(env, "publish_due") == 1
    assert exit_status(env, "tell_people") == 0
    env["EMAIL_URL"] = f"smtp://127.0.0.1:{free_port()}"
    run_manage_command(env, "shell", "-v0", "-c", MAKE_EMAIL_DUE)
    assert exit_status(env, "tell_people") == 1


MAKE_EMAIL_DUE = """
from django.utils import timezone
from desk.models import Notice
Notice.objects.update(mailed_at=None, mail_at=timezone.now())
"""


def exit_status(env: dict[str, str], command: str) -> int:
    run = [sys.executable, "manage.py", command]
    return subprocess.run(
        run, cwd=PROJECT_ROOT, env=env, capture_output=True, check=False
    ).returncode
