"""E-mails of notifications: to confirmed addresses, bundled, once, never of what is not shown any more."""

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.actions import hide_comment, post_comment, show_comment
from comments.models import Comment, Notification, NotificationPreferences
from comments.notifications.email_queue import MIN_EMAIL_INTERVAL, lease_due_email
from comments.notifications.email_sender import NOTIFICATION_EMAILS
from comments.notifications.notify import EMAIL_DELAY
from comments.notifications.preferences import read_preferences
from comments.notifications.reading import mark_all_read
from comments.notifications.unsubscribe_tokens import UNSUBSCRIBE_TERM, unsubscribe_url
from comments.tasks import send_notifications
from newsroom.celery import app
from newsroom.mail.queue import EMAIL_LEASE, EMAIL_NOT_SENT, EMAIL_SENT
from tests.support import make
from tests.support.loopback.smtp_sink import MailServer, mail_server, use_mail_server

pytestmark = pytest.mark.django_db
LATER = EMAIL_DELAY + timedelta(seconds=1)


@pytest.fixture
def smtp_server(settings: Any) -> Iterator[MailServer]:
    """A real SMTP server on loopback that the newsroom uses."""
    with mail_server() as server:
        use_mail_server(settings, server)
        yield server


def confirm_address(reader: User) -> None:
    EmailAddress.objects.create(user=reader, email=reader.email, verified=True, primary=True)


@pytest.fixture
def asked(article: Article, chi: User) -> Comment:
    """A comment of chi, whose address is confirmed."""
    confirm_address(chi)
    return post_comment(article, by=chi, text="로봇은 어느 문으로 나갔나요?")


def reply(asked: Comment, *, by: User, text: str = "뒷문이었습니다.") -> Comment:
    return post_comment(asked.article, by=by, text=text, parent=asked.pk)


def subject(email: EmailMessage) -> str:
    return str(email["Subject"]).strip()


def send(*, after: timedelta = LATER) -> int:
    """Run the sender at a later time; how many notifications were mailed."""
    with time_machine.travel(timezone.now() + after, tick=False):
        return NOTIFICATION_EMAILS.send_due()[EMAIL_SENT]


def test_reply_is_mailed_once_with_excerpt_link_and_one_click_unsubscribe(
    asked: Comment, chi: User, mal: User, smtp_server: MailServer
) -> None:
    """community B38, B69, B70."""
    answer = reply(asked, by=mal)
    assert send(after=timedelta()) == 0
    assert [send(), send()] == [1, 0]
    (email,) = smtp_server.letters
    assert email["To"] == chi.email
    assert subject(email) == "mal님이 내 댓글에 답글을 남겼습니다"
    assert email["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (
        str(email["List-Unsubscribe"])
        .strip()
        .startswith("<http://testserver/me/notifications/unsubscribe/")
    )
    assert email["Auto-Submitted"] == "auto-generated"
    assert email.get_content_type() == "text/plain"
    body = email.get_content()
    assert "> 뒷문이었습니다." in body
    assert f"#comment-{answer.pk}" in body
    assert Notification.objects.get().mailed_at


def test_what_comes_within_minutes_is_one_email_and_the_next_one_waits(
    asked: Comment, smtp_server: MailServer
) -> None:
    for n in range(30):
        reply(asked, by=make.reader(f"reader{n}"), text=f"{n}번째 답글")
    assert send() == 30
    (email,) = smtp_server.letters
    assert subject(email) == "reader0님이 내 댓글에 답글을 남겼습니다 외 29건"
    assert "그 밖에 10건" in email.get_content()
    reply(asked, by=make.reader("late"))
    assert send(after=LATER * 2) == 0
    assert send(after=MIN_EMAIL_INTERVAL + LATER) == 1


def test_nickname_cannot_inject_email_headers(
    asked: Comment, mal: User, smtp_server: MailServer
) -> None:
    User.objects.filter(pk=mal.pk).update(nickname="이웃\r\nBcc: a@b.kr")
    reply(asked, by=mal)
    assert send() == 1
    (email,) = smtp_server.letters
    assert email["Bcc"] is None
    assert subject(email).startswith("이웃 Bcc:")


@pytest.mark.parametrize(
    "why", ["unconfirmed", "hidden", "withdrawn", "read", "unwanted", "closed"]
)
def test_no_email_of_what_the_reader_may_not_see_or_does_not_want(
    asked: Comment, chi: User, mo: User, smtp_server: MailServer, why: str
) -> None:
    """community B17, B36, B69, B70."""
    answer = reply(asked, by=make.reader("mal"))
    if why == "unconfirmed":
        EmailAddress.objects.update(verified=False)
    elif why == "hidden":
        hide_comment(answer, by=mo, reason="욕설")
    elif why == "withdrawn":
        Article.objects.update(live=None)
    elif why == "read":
        mark_all_read(chi, until=Notification.objects.get().pk)
    elif why == "unwanted":
        NotificationPreferences.objects.create(reader=chi, replies_by_mail=False)
    else:
        User.objects.filter(pk=chi.pk).update(is_active=False)
    assert send() == 0
    assert smtp_server.letters == []
    assert Notification.objects.of(chi.pk).get().mail_at is None


def test_comment_hidden_after_the_lease_is_not_in_the_email_and_mailed_when_shown_again(
    asked: Comment, mal: User, mo: User, smtp_server: MailServer
) -> None:
    """community B36."""
    first, second = reply(asked, by=mal), reply(asked, by=mal, text="아니, 앞문이었습니다.")
    with time_machine.travel(timezone.now() + LATER, tick=False):
        leased = lease_due_email()
        hide_comment(first, by=mo, reason="틀린 말")
        rows = NOTIFICATION_EMAILS.select_sendable(leased)
        assert NOTIFICATION_EMAILS.send(rows) is None
    (body,) = smtp_server.bodies()
    assert "앞문" in body
    assert "뒷문" not in body
    show_comment(first, by=mo)
    assert send(after=MIN_EMAIL_INTERVAL + LATER * 2) == 1
    assert Notification.objects.filter(comment=second).get().attempts == 1


def test_refused_recipient_is_tried_again_and_holds_up_nobody(
    asked: Comment, mal: User, smtp_server: MailServer
) -> None:
    confirm_address(mal)
    reply(asked, by=mal)
    post_comment(asked.article, by=asked.author, text=f"@{mal.nickname}님 고맙습니다.")  # type: ignore[arg-type]
    smtp_server.reply_hook = lambda command: "550 5.1.1 No such box" if "chi@" in command else None
    with time_machine.travel(timezone.now() + LATER, tick=False):
        assert NOTIFICATION_EMAILS.send_due() == {EMAIL_SENT: 1, EMAIL_NOT_SENT: 1}
    refused = Notification.objects.get(mailed_at=None)
    assert "550" in refused.mail_error
    smtp_server.reply_hook = lambda _command: None
    assert send(after=LATER + timedelta(minutes=1)) == 1


def test_email_of_a_sender_that_died_is_sent_again_with_the_same_message_id(
    asked: Comment, mal: User, smtp_server: MailServer
) -> None:
    reply(asked, by=mal)
    smtp_server.reply_hook = lambda command: "" if command == "END OF DATA" else None
    assert send() == 0
    smtp_server.reply_hook = lambda _command: None
    reply(asked, by=mal, text="그사이에 온 답글")
    assert send(after=LATER + EMAIL_LEASE) == 1
    first, second = smtp_server.letters
    assert first["Message-ID"] == second["Message-ID"]


def test_beat_runs_the_task() -> None:
    entry = app.conf.beat_schedule["send-notifications"]
    assert entry["task"] == send_notifications.name
    assert send_notifications() == "0 mailed, 0 not mailed"


# -- Unsubscribe --------------------------------------------------------------------------------------


def wants_mail(reader: User) -> bool:
    return any(ways["mail"] for ways in read_preferences(reader).values())


def test_unsubscribe_takes_a_post_without_signing_in_and_a_get_changes_nothing(
    chi: User, client: Any
) -> None:
    """community B69."""
    path = unsubscribe_url(chi).removeprefix("http://testserver")
    page = client.get(path)
    assert page.status_code == 200
    assert '<form class="form" method="post">' in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert wants_mail(chi)
    one_click = client.__class__(enforce_csrf_checks=True)
    done = one_click.post(path, {"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert 'method="post"' not in done.content.decode()
    assert not wants_mail(chi)
    assert read_preferences(chi)["replies"]["screen"]


def test_unsubscribe_link_expires_and_is_for_nothing_and_nobody_else(
    chi: User, mal: User, client: Any
) -> None:
    """community B69."""
    path = unsubscribe_url(chi).removeprefix("http://testserver")
    with time_machine.travel(timezone.now() + UNSUBSCRIBE_TERM + timedelta(days=1), tick=False):
        assert client.post(path).status_code == 410
    forged = reverse("unsubscribe", args=["WzEsImEiXQ:1x:y"])
    for method, wrong in (("get", forged), ("post", forged), ("post", path[:-3] + "aa/")):
        answer = getattr(client, method)(wrong)
        assert answer.status_code == 410
        assert answer["Cache-Control"] == "no-store"
    User.objects.filter(pk=chi.pk).update(email="other@example.com")
    assert client.post(path).status_code == 410
    assert wants_mail(chi)
    assert wants_mail(mal)


# -- Races --------------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_concurrent_senders_send_each_notification_once(smtp_server: MailServer) -> None:
    """community B70: four senders, three readers with ten notifications each."""
    article = make.live()
    readers = [make.reader(f"reader{n}") for n in range(3)]
    for reader in readers:
        confirm_address(reader)
        asked = post_comment(article, by=reader, text=f"{reader.name}의 물음")
        for n in range(10):
            reply(asked, by=make.reader(f"writer{n}"), text=f"{reader.name}에게 {n}번째 답")
    Notification.objects.update(mail_at=timezone.now())
    out = make.race(4, lambda _n: NOTIFICATION_EMAILS.send_due())
    assert sum(counts[EMAIL_SENT] for counts in out if not isinstance(counts, Exception)) == 30
    assert len(smtp_server.letters) == 3
    assert not Notification.objects.exclude(attempts=1).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_hiding_reading_and_sending_at_once_neither_deadlocks_nor_sends_twice(
    smtp_server: MailServer,
) -> None:
    """community B36, B70."""
    article, mo, chi = make.live(), make.staff("mo", role="moderator"), make.reader("chi")
    confirm_address(chi)
    asked = post_comment(article, by=chi, text="물음")
    answers = [reply(asked, by=make.reader(f"writer{n}"), text=f"{n}번 답") for n in range(8)]
    Notification.objects.update(mail_at=timezone.now())
    newest = max(Notification.objects.values_list("pk", flat=True))

    def act(number: int) -> None:
        if number % 3 == 0:
            NOTIFICATION_EMAILS.send_due()
        elif number % 3 == 1:
            mark_all_read(chi, until=newest)
        else:
            for answer in answers:
                hide_comment(answer, by=mo, reason="")

    out = make.race(6, act)
    assert [type(o).__name__ for o in out if o is not None] in ([], ["AlreadyDecided"])
    assert len(smtp_server.letters) <= 1
    assert not Notification.objects.of(chi.pk).filter(mail_at__isnull=False).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_reply_shown_by_two_moderators_at_once_notifies_once() -> None:
    """community B70."""
    article, chi, mal = make.live(), make.reader("chi"), make.reader("mal")
    moderators = [make.staff("mo", role="moderator"), make.staff("mu", role="moderator")]
    asked = post_comment(article, by=chi, text="물음")
    waiting = reply(asked, by=mal, text="너 바보 맞지")
    make.race(2, lambda n: show_comment(waiting, by=moderators[n]))
    assert list(Notification.objects.of(chi.pk).values_list("kind", flat=True)) == ["reply"]
    assert Notification.objects.of(mal.pk).count() == 1
