"""Metric of e-mails to readers that are due or were refused: notifications and notices about blocks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.actions import post_comment
from comments.actions.blocking import decline_block, request_block
from comments.block_notices import send_block_notices
from comments.metrics import EmailBacklog, measure_reader_emails
from comments.notifications.email_queue import MIN_EMAIL_INTERVAL
from comments.notifications.email_sender import NOTIFICATION_EMAILS
from comments.notifications.notify import EMAIL_DELAY
from newsroom.mail.queue import EMAIL_GIVE_UP_AFTER

pytestmark = pytest.mark.django_db
MOMENT, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def refuse(_backend: EmailBackend, _messages: Sequence[EmailMessage]) -> int:
    raise OSError("no such server")


@pytest.fixture
def replied_at(article: Article, chi: User, mal: User) -> datetime:
    """When mal has answered a comment of chi, whose address is confirmed."""
    EmailAddress.objects.create(user=chi, email=chi.email, verified=True, primary=True)
    asked = post_comment(article, by=chi, text="로봇은 어느 문으로 나갔나요?")
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        post_comment(article, by=mal, text="뒷문이었습니다.", parent=asked.pk)
    return now


def test_an_email_counts_from_the_moment_it_is_due_until_it_is_sent(
    replied_at: datetime, django_assert_num_queries: Any
) -> None:
    due = replied_at + EMAIL_DELAY
    assert measure_reader_emails(due - MOMENT) == EmailBacklog(0, 0.0)
    with django_assert_num_queries(2):
        assert measure_reader_emails(due + MINUTE) == EmailBacklog(1, 60.0)
    with time_machine.travel(due + MINUTE, tick=False):
        NOTIFICATION_EMAILS.send_due()
    assert measure_reader_emails(due + MINUTE) == EmailBacklog(0, 0.0)


def test_a_refused_email_counts_until_it_is_given_up(
    replied_at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    tried = replied_at + EMAIL_DELAY + MINUTE
    with time_machine.travel(tried, tick=False):
        NOTIFICATION_EMAILS.send_due()
    # Until the next attempt nothing is due, and the mail server still has not accepted it.
    assert measure_reader_emails(tried + MOMENT) == EmailBacklog(1, 241.0)
    with time_machine.travel(replied_at + EMAIL_GIVE_UP_AFTER + MINUTE, tick=False):
        NOTIFICATION_EMAILS.send_due()
        assert measure_reader_emails(timezone.now()) == EmailBacklog(0, 0.0)


def test_what_waits_for_the_next_email_of_its_reader_does_not_count(
    replied_at: datetime, article: Article, chi: User, mal: User
) -> None:
    sent = replied_at + EMAIL_DELAY + MOMENT
    with time_machine.travel(sent, tick=False):
        NOTIFICATION_EMAILS.send_due()
        post_comment(article, by=mal, text=f"@{chi.nickname}님, 앞문도 있습니다.")
    with time_machine.travel(sent + EMAIL_DELAY + MINUTE, tick=False):
        assert measure_reader_emails(timezone.now()).unmailed == 1
        NOTIFICATION_EMAILS.send_due()
        assert measure_reader_emails(timezone.now()) == EmailBacklog(0, 0.0)
    assert measure_reader_emails(sent + MIN_EMAIL_INTERVAL + MINUTE) == EmailBacklog(1, 60.0)


def test_notices_about_blocks_count_and_are_on_the_metrics_page(
    article: Article, chi: User, mo: User, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment = post_comment(article, by=chi, text="글")
    request = request_block(
        comment.pk, name="한빛", email="hanbit@example.com", basis="privacy", statement="제 번호."
    )
    decline_block(request, by=mo, note="확인할 수 없습니다.")
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", refuse)
        assert send_block_notices() == (0, 1)
    page = client.get("/metrics", headers={"host": "localhost"}).content.decode()
    assert "\nnewsroom_reader_emails_unmailed 1.0\n" in page
    with time_machine.travel(timezone.now() + MINUTE, tick=False):
        assert send_block_notices() == (1, 0)
    assert measure_reader_emails(timezone.now() + MINUTE) == EmailBacklog(0, 0.0)
