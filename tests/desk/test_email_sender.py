"""Letters: each notice is mailed, at least once and by one postman, and holds up nothing (publishing 6)."""

import os
import signal
import subprocess
import sys
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
from desk.actions import lease_due_email, mark_notice_seen, resolve_notices
from desk.models import Notice, Release
from desk.notifications.email_queue import EMAIL_GIVE_UP_AFTER, EMAIL_LEASE
from desk.notifications.email_sender import (
    EMAIL_NOT_SENT,
    EMAIL_SENT,
    refresh_notices,
    send_due_emails,
    send_out,
)
from desk.tasks import process_due, tell_people
from newsroom.celery import app
from newsroom.conf.services import email_settings
from outbox.models import Subscriber
from tests.desk.actions.test_publish_clock import address_of_test_database
from tests.newsroom.observability.test_metrics import parse_exposition, value_of
from tests.support import make
from tests.support.failing_releases import after_due_time, failing_release, repair_release
from tests.support.outbox import subscriber
from tests.support.servers import free_port
from tests.support.smtp_sink import MailServer, mail_server, use_mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(settings: Any) -> Iterator[MailServer]:
    """A real mail server on loopback that the newsroom uses."""
    with mail_server() as server:
        use_mail_server(settings, server)
        yield server


def subject(letter: EmailMessage) -> str:
    return str(letter["Subject"]).strip()


def failing(*, people: int = 1, each: int = 1) -> list[Notice]:
    """Notices of releases that really failed, of several people."""
    for n in range(people):
        editor = make.staff(f"editor{n}", role="editor")
        for _ in range(each):
            release = failing_release()
            Release.objects.filter(pk=release.pk).update(planned_by=editor)
    with after_due_time():
        process_due()
    Notice.objects.update(mail_at=timezone.now(), at=timezone.now())
    return list(Notice.objects.order_by("pk"))


def test_a_failure_is_mailed_once_with_why_and_where(ben: User, post: MailServer) -> None:
    release = failing_release(headline="열리지 않는 문")
    with after_due_time():
        process_due()
        assert send_due_emails() == {EMAIL_SENT: 1, EMAIL_NOT_SENT: 0}
        assert send_due_emails() == {EMAIL_SENT: 0, EMAIL_NOT_SENT: 0}
    (letter,) = post.letters
    assert letter["To"] == "ben@example.com"
    assert subject(letter) == "열리지 않는 문: 나가지 못했습니다"
    assert letter["Auto-Submitted"] == "auto-generated"
    body = letter.get_content()
    release.refresh_from_db()
    assert release.reason in body
    assert f"http://testserver/admin/desk/release/{release.pk}/change/" in body
    assert Notice.objects.get().mailed_at


def test_no_name_can_write_into_the_head_of_a_letter(chief: User, post: MailServer) -> None:
    one = subscriber("https://hooks.example.com/in")
    Subscriber.objects.filter(pk=one.pk).update(
        name="이웃\r\nBcc: mal@example.com", failing_since=timezone.now()
    )
    refresh_notices()
    assert send_due_emails() == {EMAIL_SENT: 1, EMAIL_NOT_SENT: 0}
    (letter,) = post.letters
    assert letter["Bcc"] is None
    assert subject(letter).startswith("이웃 Bcc:")


def test_a_burst_of_failures_is_one_letter_to_each(post: MailServer) -> None:
    failing(people=2, each=3)
    assert send_due_emails() == {EMAIL_SENT: 6, EMAIL_NOT_SENT: 0}
    assert len(post.letters) == 2
    assert all("외 2건" in letter["Subject"] for letter in post.letters)
    assert all(body.count("/admin/desk/release/") == 3 for body in post.bodies())


def test_what_went_out_before_its_letter_was_written_is_one_letter(
    ben: User, post: MailServer
) -> None:
    release = failing_release()
    with after_due_time():
        process_due()
    repair_release(release)
    with after_due_time(make.DUE_AFTER + timedelta(seconds=9)):
        process_due()
        resolve_notices()
        assert send_due_emails()[EMAIL_SENT] == 1
    (letter,) = post.letters
    assert "늦게 나갔습니다" in letter["Subject"]


def test_what_was_seen_at_the_desk_is_not_mailed(ben: User, post: MailServer) -> None:
    (notice,) = failing()
    assert notice.person
    mark_notice_seen(notice, by=notice.person)
    assert send_due_emails()[EMAIL_SENT] == 0
    assert post.letters == []


def test_who_has_left_gets_no_letter(post: MailServer) -> None:
    failing()
    User.objects.filter(name="editor0").update(is_active=False)
    assert send_due_emails()[EMAIL_SENT] == 0
    assert post.letters == []


def test_one_address_that_is_refused_holds_up_no_other(post: MailServer, client: Any) -> None:
    failing(people=3)
    post.reply_hook = lambda command: "550 5.1.1 No such box" if "editor1@" in command else None
    assert send_due_emails() == {EMAIL_SENT: 2, EMAIL_NOT_SENT: 1}
    refused = Notice.objects.get(mailed_at=None)
    assert refused.person
    assert refused.person.name == "editor1"
    assert "550" in refused.mail_error
    figures = parse_exposition(
        client.get("/metrics", headers={"host": "localhost"}).content.decode()
    )
    assert value_of(figures, "newsroom_notices_unmailed") == 1


def test_a_mail_server_that_is_away_is_asked_ever_more_rarely_and_in_the_end_no_more(
    settings: Any, post: MailServer
) -> None:
    (notice,) = failing()
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


def test_where_nobody_answers_one_letter_is_tried_not_all(settings: Any, post: MailServer) -> None:
    failing(people=3)
    settings.EMAIL_PORT = free_port()
    assert send_due_emails() == {EMAIL_SENT: 0, EMAIL_NOT_SENT: 1}
    settings.EMAIL_PORT = post.port
    assert send_due_emails()[EMAIL_SENT] == 2


def test_a_letter_whose_acceptance_nobody_heard_comes_again_under_its_number(
    post: MailServer,
) -> None:
    (notice,) = failing()
    post.reply_hook = lambda command: "" if command == "END OF DATA" else None
    assert send_due_emails()[EMAIL_NOT_SENT] == 1
    post.reply_hook = lambda _command: None
    notice.refresh_from_db()
    assert notice.mail_at
    with time_machine.travel(notice.mail_at, tick=False):
        assert send_due_emails()[EMAIL_SENT] == 1
    first, second = post.letters
    assert first["Message-ID"] == second["Message-ID"]


def test_a_postman_who_dies_on_the_way_leaves_the_letter_to_the_next(post: MailServer) -> None:
    failing()
    assert len(lease_due_email()) == 1  # and nothing is heard of him any more
    assert send_due_emails()[EMAIL_SENT] == 0
    with time_machine.travel(timezone.now() + EMAIL_LEASE + timedelta(seconds=1), tick=False):
        assert send_due_emails()[EMAIL_SENT] == 1
    assert len(post.letters) == 1


def test_a_letter_that_cannot_be_written_holds_up_no_other(post: MailServer) -> None:
    notices = failing(people=2)
    Notice.objects.filter(pk=notices[0].pk).update(kind="desk.nothing")
    assert send_due_emails() == {EMAIL_SENT: 1, EMAIL_NOT_SENT: 1}
    assert "NoReverseMatch" in Notice.objects.get(pk=notices[0].pk).mail_error


@pytest.mark.parametrize("wrong", ["0", "-1", "61", "soon"])
def test_a_mail_server_is_never_waited_for_without_end(
    monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.delenv("EMAIL_TIMEOUT", raising=False)
    assert email_settings()["EMAIL_TIMEOUT"] == 10
    monkeypatch.setenv("EMAIL_TIMEOUT", wrong)
    with pytest.raises(ImproperlyConfigured, match="EMAIL_TIMEOUT"):
        email_settings()


def test_the_clock_sends_the_postman_out() -> None:
    entry = app.conf.beat_schedule["tell-people"]
    assert entry["task"] == tell_people.name
    assert entry["options"]["expires"] <= entry["schedule"]


# -- Beside publication -------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_hangs_holds_up_no_release(settings: Any, post: MailServer) -> None:
    """The postman goes in a thread of his own: the worker's place is free at once."""
    failing()
    hangs = settings.EMAIL_TIMEOUT = 2

    def hang(_command: str) -> None:
        time.sleep(hangs + 1)

    post.reply_hook = hang
    due = make.planned()
    Release.objects.filter(pk=due.pk).update(due_at=timezone.now())
    began = time.monotonic()
    assert tell_people() == "the postman is on the way"
    assert tell_people() == "the postman is still out"
    assert process_due().published == 1
    assert time.monotonic() - began < hangs
    wait_for(lambda: Notice.objects.exclude(mail_error="").exists())
    wait_for(lambda: (postman := send_out()) is not None and postman.result() is not None)


def wait_for(true: Any) -> None:
    until = time.monotonic() + 15
    while not true():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.05)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_six_postmen_at_once_bring_every_notice_once(post: MailServer) -> None:
    notices = failing(people=5, each=4)
    out = make.race(6, lambda _n: send_due_emails())
    assert not [one for one in out if isinstance(one, Exception)], out
    assert sum(one[EMAIL_SENT] for one in out if not isinstance(one, Exception)) == len(notices)
    bodies = "\n".join(post.bodies())
    for notice in notices:
        assert bodies.count(f"/admin/desk/release/{notice.subject}/change/") == 1
    assert not Notice.objects.filter(attempts__gt=1).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_rounds_at_once_pass_on_and_close_each_notice_once(ben: User) -> None:
    releases = [failing_release() for _ in range(4)]
    with after_due_time():
        process_due()
    for release in releases:
        repair_release(release)
    with after_due_time(make.DUE_AFTER + timedelta(seconds=9)):
        process_due()
        out = make.race(6, lambda _n: resolve_notices())
    assert not [one for one in out if isinstance(one, Exception)], out
    assert Notice.objects.filter(what=Notice.What.LATE).count() == 4


MAIL_BY_HAND = [sys.executable, "manage.py", "tell_people"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_killed_postman_costs_a_second_letter_and_loses_none(post: MailServer) -> None:
    """SIGKILL in the middle of a letter, by a real process; the next round brings it."""
    failing()
    reached = list[datetime]()

    def stall(command: str) -> str | None:
        if command == "END OF DATA" and not reached:
            reached.append(timezone.now())
            time.sleep(5)
        return None

    post.reply_hook = stall
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": address_of_test_database(),
        "EMAIL_URL": f"smtp://127.0.0.1:{post.port}",
    }
    house = Path(__file__).resolve().parent.parent.parent
    with subprocess.Popen(MAIL_BY_HAND, cwd=house, env=env) as postman:
        wait_for(lambda: reached)
        postman.send_signal(signal.SIGKILL)
        postman.wait()
    assert Notice.objects.get().mailed_at is None
    with time_machine.travel(timezone.now() + EMAIL_LEASE + timedelta(seconds=1), tick=False):
        assert send_due_emails()[EMAIL_SENT] == 1
    assert Notice.objects.get().mailed_at
