"""E-mail of notices: sent at least once, by one sender at a time, holding up nothing (publishing 6)."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from accounts.models import User
from desk.models import Notice, Release
from desk.notifications import (
    lease_due_email,
    mark_notice_seen,
    refresh_notices,
    resolve_notices,
)
from desk.notifications.email_queue import EMAIL_GIVE_UP_AFTER, EMAIL_LEASE
from desk.notifications.email_sender import (
    EMAIL_NOT_SENT,
    EMAIL_SENT,
    send_due_emails,
)
from desk.tasks import tell_people
from desk.workers.scheduler import process_due
from newsroom.celery import app
from newsroom.conf.backends import email_settings
from outbox.models import Subscriber
from tests.desk.actions.test_publish_clock import address_of_test_database
from tests.newsroom.observability.test_metrics import parse_exposition, value_of
from tests.support import make
from tests.support.faults.failing_releases import after_due_time, failing_release, repair_release
from tests.support.loopback.servers import free_port
from tests.support.loopback.smtp_sink import MailServer, mail_server, use_mail_server
from tests.support.outbox import subscriber

pytestmark = pytest.mark.django_db


@pytest.fixture
def smtp_server(settings: Any) -> Iterator[MailServer]:
    """A real SMTP server on loopback that the newsroom uses."""
    with mail_server() as server:
        use_mail_server(settings, server)
        yield server


def subject(email: EmailMessage) -> str:
    return str(email["Subject"]).strip()


def failing_release_notices(*, people: int = 1, each: int = 1) -> list[Notice]:
    """Notices of failed releases, of several planners."""
    for n in range(people):
        editor = make.staff(f"editor{n}", role="editor")
        for _ in range(each):
            release = failing_release()
            Release.objects.filter(pk=release.pk).update(planned_by=editor)
    with after_due_time():
        process_due()
    Notice.objects.update(mail_at=timezone.now(), at=timezone.now())
    return list(Notice.objects.order_by("pk"))


def test_failure_notice_is_emailed_once_with_reason_and_link(
    ben: User, smtp_server: MailServer
) -> None:
    release = failing_release(headline="열리지 않는 문")
    with after_due_time():
        process_due()
        assert send_due_emails() == {EMAIL_SENT: 1, EMAIL_NOT_SENT: 0}
        assert send_due_emails() == {EMAIL_SENT: 0, EMAIL_NOT_SENT: 0}
    (email,) = smtp_server.letters
    assert email["To"] == "ben@example.com"
    assert subject(email) == "열리지 않는 문: 나가지 못했습니다"
    assert email["Auto-Submitted"] == "auto-generated"
    body = email.get_content()
    release.refresh_from_db()
    assert release.reason in body
    assert f"http://testserver/admin/desk/release/{release.pk}/change/" in body
    assert Notice.objects.get().mailed_at


def test_subscriber_name_cannot_inject_email_headers(chief: User, smtp_server: MailServer) -> None:
    webhook = subscriber("https://hooks.example.com/in")
    Subscriber.objects.filter(pk=webhook.pk).update(
        name="이웃\r\nBcc: mal@example.com", failing_since=timezone.now()
    )
    refresh_notices()
    assert send_due_emails() == {EMAIL_SENT: 1, EMAIL_NOT_SENT: 0}
    (email,) = smtp_server.letters
    assert email["Bcc"] is None
    assert subject(email).startswith("이웃 Bcc:")


def test_burst_of_failures_is_one_email_to_each_person(smtp_server: MailServer) -> None:
    failing_release_notices(people=2, each=3)
    assert send_due_emails() == {EMAIL_SENT: 6, EMAIL_NOT_SENT: 0}
    assert len(smtp_server.letters) == 2
    assert all("외 2건" in email["Subject"] for email in smtp_server.letters)
    assert all(body.count("/admin/desk/release/") == 3 for body in smtp_server.bodies())


def test_release_published_before_its_email_was_sent_is_one_email(
    ben: User, smtp_server: MailServer
) -> None:
    release = failing_release()
    with after_due_time():
        process_due()
    repair_release(release)
    with after_due_time(make.DUE_AFTER + timedelta(seconds=9)):
        process_due()
        resolve_notices()
        assert send_due_emails()[EMAIL_SENT] == 1
    (email,) = smtp_server.letters
    assert "늦게 나갔습니다" in email["Subject"]


def test_seen_notice_is_not_emailed(ben: User, smtp_server: MailServer) -> None:
    (notice,) = failing_release_notices()
    assert notice.person
    mark_notice_seen(notice, by=notice.person)
    assert send_due_emails()[EMAIL_SENT] == 0
    assert smtp_server.letters == []


def test_inactive_person_gets_no_email(smtp_server: MailServer) -> None:
    failing_release_notices()
    User.objects.filter(name="editor0").update(is_active=False)
    assert send_due_emails()[EMAIL_SENT] == 0
    assert smtp_server.letters == []


@pytest.mark.usefixtures("no_request_series_before")
def test_refused_recipient_does_not_hold_up_other_emails(
    smtp_server: MailServer, client: Any
) -> None:
    failing_release_notices(people=3)
    smtp_server.reply_hook = lambda command: (
        "550 5.1.1 No such box" if "editor1@" in command else None
    )
    assert send_due_emails() == {EMAIL_SENT: 2, EMAIL_NOT_SENT: 1}
    refused = Notice.objects.get(mailed_at=None)
    assert refused.person
    assert refused.person.name == "editor1"
    assert "550" in refused.mail_error
    figures = parse_exposition(
        client.get("/metrics", headers={"host": "localhost"}).content.decode()
    )
    assert value_of(figures, "newsroom_notices_unmailed") == 1


def test_unreachable_mail_server_is_retried_with_growing_delay_and_given_up(
    settings: Any, smtp_server: MailServer
) -> None:
    (notice,) = failing_release_notices()
    settings.EMAIL_PORT = free_port()
    rests, moment = [], timezone.now()
    for _ in range(9):
        with time_machine.travel(moment, tick=False):
            assert send_due_emails()[EMAIL_NOT_SENT] == 1
            assert send_due_emails()[EMAIL_NOT_SENT] == 0
        notice.refresh_from_db()
        assert notice.mail_at
        rests.append(round((notice.mail_at - moment).total_seconds()))
        moment = notice.mail_at
    assert rests == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert "Refused" in notice.mail_error
    with time_machine.travel(notice.at + EMAIL_GIVE_UP_AFTER + timedelta(hours=1), tick=False):
        assert send_due_emails()[EMAIL_NOT_SENT] == 1
        assert send_due_emails()[EMAIL_NOT_SENT] == 0
    notice.refresh_from_db()
    assert (notice.mail_at, notice.mailed_at) == (None, None)
    assert Notice.objects.with_email_error().count() == 1


def test_unreachable_mail_server_is_tried_with_one_email_a_run(
    settings: Any, smtp_server: MailServer
) -> None:
    failing_release_notices(people=3)
    settings.EMAIL_PORT = free_port()
    assert send_due_emails() == {EMAIL_SENT: 0, EMAIL_NOT_SENT: 1}
    settings.EMAIL_PORT = smtp_server.port
    assert send_due_emails()[EMAIL_SENT] == 2


def test_email_without_an_answer_is_sent_again_with_the_same_message_id(
    smtp_server: MailServer,
) -> None:
    (notice,) = failing_release_notices()
    smtp_server.reply_hook = lambda command: "" if command == "END OF DATA" else None
    assert send_due_emails()[EMAIL_NOT_SENT] == 1
    smtp_server.reply_hook = lambda _command: None
    notice.refresh_from_db()
    assert notice.mail_at
    with time_machine.travel(notice.mail_at, tick=False):
        assert send_due_emails()[EMAIL_SENT] == 1
    first, second = smtp_server.letters
    assert first["Message-ID"] == second["Message-ID"]


def test_lease_of_a_dead_email_sender_ends(smtp_server: MailServer) -> None:
    failing_release_notices()
    assert len(lease_due_email()) == 1  # by a sender that dies then
    assert send_due_emails()[EMAIL_SENT] == 0
    with time_machine.travel(timezone.now() + EMAIL_LEASE + timedelta(seconds=1), tick=False):
        assert send_due_emails()[EMAIL_SENT] == 1
    assert len(smtp_server.letters) == 1


def test_email_that_cannot_be_rendered_does_not_hold_up_others(smtp_server: MailServer) -> None:
    notices = failing_release_notices(people=2)
    Notice.objects.filter(pk=notices[0].pk).update(kind="desk.nothing")
    assert send_due_emails() == {EMAIL_SENT: 1, EMAIL_NOT_SENT: 1}
    assert "NoReverseMatch" in Notice.objects.get(pk=notices[0].pk).mail_error


@pytest.mark.parametrize("wrong", ["0", "-1", "61", "soon"])
def test_email_timeout_is_bounded(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.delenv("EMAIL_TIMEOUT", raising=False)
    assert email_settings()["EMAIL_TIMEOUT"] == 10
    monkeypatch.setenv("EMAIL_TIMEOUT", wrong)
    with pytest.raises(ImproperlyConfigured, match="EMAIL_TIMEOUT"):
        email_settings()


def test_beat_runs_the_email_task() -> None:
    entry = app.conf.beat_schedule["tell-people"]
    assert entry["task"] == tell_people.name
    assert entry["options"]["expires"] <= entry["schedule"]


# -- Beside publication -------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_hanging_mail_server_does_not_hold_up_publishing(
    settings: Any, smtp_server: MailServer
) -> None:
    """It occupies one thread of the worker: the next run of the task is over at once."""
    failing_release_notices()
    hangs = settings.EMAIL_TIMEOUT = 2

    reached = threading.Event()

    def hang(_command: str) -> None:
        reached.set()
        time.sleep(hangs + 1)

    smtp_server.reply_hook = hang
    due = make.planned()
    Release.objects.filter(pk=due.pk).update(due_at=timezone.now())
    results: list[str | Exception] = []
    sender = threading.Thread(target=lambda: results.extend(make.race(1, lambda _n: tell_people())))
    began = time.monotonic()
    sender.start()
    assert reached.wait(hangs)
    assert tell_people() == "still sending"
    assert process_due().published == 1
    assert time.monotonic() - began < hangs
    wait_for(lambda: Notice.objects.exclude(mail_error="").exists())
    sender.join()
    assert results == ["0 mailed, 1 not mailed"]
    assert tell_people() == "0 mailed, 0 not mailed"


def wait_for(true: Any) -> None:
    until = time.monotonic() + 60  # starting a process under load
    while not true():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.05)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_six_concurrent_email_senders_send_each_notice_once(smtp_server: MailServer) -> None:
    notices = failing_release_notices(people=5, each=4)
    out = make.race(6, lambda _n: send_due_emails())
    assert not [webhook for webhook in out if isinstance(webhook, Exception)], out
    assert sum(webhook[EMAIL_SENT] for webhook in out if not isinstance(webhook, Exception)) == len(
        notices
    )
    bodies = "\n".join(smtp_server.bodies())
    for notice in notices:
        assert bodies.count(f"/admin/desk/release/{notice.subject}/change/") == 1
    assert not Notice.objects.filter(attempts__gt=1).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_concurrent_refreshes_resolve_each_notice_once(ben: User) -> None:
    releases = [failing_release() for _ in range(4)]
    with after_due_time():
        process_due()
    for release in releases:
        repair_release(release)
    with after_due_time(make.DUE_AFTER + timedelta(seconds=9)):
        process_due()
        out = make.race(6, lambda _n: resolve_notices())
    assert not [webhook for webhook in out if isinstance(webhook, Exception)], out
    assert Notice.objects.filter(what=Notice.What.PUBLISHED_LATE).count() == 4


MAIL_BY_HAND = [sys.executable, "manage.py", "tell_people"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_killed_email_sender_loses_no_email(smtp_server: MailServer) -> None:
    """SIGKILL of a real process in the middle of an e-mail; the next run sends it again."""
    failing_release_notices()
    reached = list[datetime]()

    def stall(command: str) -> str | None:
        if command == "END OF DATA" and not reached:
            reached.append(timezone.now())
            time.sleep(5)
        return None

    smtp_server.reply_hook = stall
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": address_of_test_database(),
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_server.port}",
    }
    house = Path(__file__).resolve().parent.parent.parent
    with subprocess.Popen(MAIL_BY_HAND, cwd=house, env=env) as process:
        wait_for(lambda: reached)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert Notice.objects.get().mailed_at is None
    with time_machine.travel(timezone.now() + EMAIL_LEASE + timedelta(seconds=1), tick=False):
        assert send_due_emails()[EMAIL_SENT] == 1
    assert Notice.objects.get().mailed_at
