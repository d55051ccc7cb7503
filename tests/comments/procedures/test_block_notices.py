"""Notices of blocks: leased, tried again, given up; one refused address delays no other."""

import smtplib
from collections.abc import Sequence
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.actions import post_comment
from comments.actions.blocking import block_comment, decline_block, request_block
from comments.block_notices import send_block_notices
from comments.models import BlockNotice, BlockRequest, Comment
from newsroom.mail.queue import EMAIL_LEASE

pytestmark = pytest.mark.django_db


def requested(comment: Comment, email: str) -> BlockRequest:
    return request_block(
        comment.pk, name="한빛", email=email, basis="privacy", statement="제 번호입니다."
    )


class Killed(BaseException):
    """The worker is killed while it sends."""


def test_a_notice_is_sent_though_its_sender_is_killed(
    article: Article, chi: User, mo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment = post_comment(article, by=chi, text="글")
    block_comment(requested(comment, "hanbit@example.com"), by=mo)

    def kill(_backend: EmailBackend, _messages: Sequence[EmailMessage]) -> int:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", kill)
        with pytest.raises(Killed):
            send_block_notices()
    assert send_block_notices() == (1, 0)  # the other one; the first is leased
    with time_machine.travel(timezone.now() + EMAIL_LEASE + timedelta(seconds=1)):
        assert send_block_notices() == (1, 0)
    assert {message.to[0] for message in mail.outbox} == {"hanbit@example.com", chi.email}
    assert not BlockNotice.objects.filter(mailed_at=None).exists()


def test_a_refused_address_delays_no_other_and_is_given_up(
    article: Article, chi: User, mo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment, send = post_comment(article, by=chi, text="글"), EmailBackend.send_messages

    def refuse(backend: EmailBackend, messages: Sequence[EmailMessage]) -> int:
        if messages[0].to[0].endswith(".invalid"):
            raise smtplib.SMTPRecipientsRefused({})
        return send(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    for email in ("a@nowhere.invalid", "b@nowhere.invalid", "hanbit@example.com"):
        decline_block(requested(comment, email), by=mo, note="해당하지 않습니다.")
    assert send_block_notices() == (1, 2)
    assert [message.to[0] for message in mail.outbox] == ["hanbit@example.com"]
    assert send_block_notices() == (0, 0)  # not at once again
    refused = BlockNotice.objects.filter(mailed_at=None)
    assert {row.mail_error.split(":")[0] for row in refused} == {"SMTPRecipientsRefused"}
    now = timezone.now()
    with time_machine.travel(now + timedelta(minutes=1)):
        assert send_block_notices() == (0, 2)
    with time_machine.travel(now + timedelta(days=3, minutes=2)):
        assert send_block_notices() == (0, 2)
    with time_machine.travel(now + timedelta(days=9)):
        assert send_block_notices() == (0, 0)


def test_who_has_no_address_any_more_gets_no_notice(article: Article, chi: User, mo: User) -> None:
    comment = post_comment(article, by=chi, text="글")
    decline_block(requested(comment, "hanbit@example.com"), by=mo, note="해당하지 않습니다.")
    BlockRequest.objects.update(requester_email="")
    assert send_block_notices() == (0, 0)
    assert not BlockNotice.objects.filter(mail_at__isnull=False).exists()
