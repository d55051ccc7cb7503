"""A change of a reply's state locks the comment above it first, as replies and decisions do; closing an
account locks its comments before what others wait for at the end of their transactions."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections, transaction

from accounts.models import User
from comments.actions import hide_comment, post_comment, report_comment
from comments.actions.appeals import appeal_against_hiding, grant_appeal
from comments.actions.blocking import block_comment, end_block, request_block
from comments.actions.classifying import classify_due_comments
from comments.classifier import ClassifierAnswer
from comments.models import Comment, Notification
from comments.reconciliation import drift
from pages.account_data import delete_account
from saves.actions import save_article
from tests.support import make
from tests.support.locks import waiting_for_locks
from tests.support.loopback.processes import wait_until
from tests.support.moderation import established

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
Act = Callable[[], Any]


def reporting(reply: Comment, mo: User, settings: Any) -> Act:
    settings.REPORTS_HIDE_WEIGHT, settings.REPORTS_HIDE_REPORTERS = 1, 1
    reporter = established("zoe")
    return lambda: report_comment(reply.pk, reason="abuse", by=reporter)


def granting(reply: Comment, mo: User, settings: Any) -> Act:
    hide_comment(reply, by=mo, reason="")
    assert reply.author
    appeal, ben = appeal_against_hiding(reply.pk, text="오해", by=reply.author), make.ben()
    return lambda: grant_appeal(appeal, answer="예", by=ben)


def blocking(reply: Comment, mo: User, settings: Any) -> Act:
    request = request_block(
        reply.pk, name="한빛", email="a@example.com", basis="privacy", statement="제 일"
    )
    return lambda: block_comment(request, by=mo)


def ending(reply: Comment, mo: User, settings: Any) -> Act:
    request = blocking(reply, mo, settings)()
    return lambda: end_block(request, by=mo, outcome="removed")


@pytest.mark.parametrize("prepare", [reporting, granting, blocking, ending])
def test_the_comment_above_a_reply_is_locked_first(
    mal: User, chi: User, mo: User, settings: Any, prepare: Callable[..., Act]
) -> None:
    article = make.live()
    top = post_comment(article, by=chi, text="문은 왜 열려 있었나요?")
    reply = post_comment(article, by=mal, text="바람이 열었습니다.", parent=top.pk)
    assert errors_of(top, reply, prepare(reply, mo, settings)) == []
    assert drift() == []


def test_the_classifier_locks_the_comment_above_first(mal: User, chi: User, settings: Any) -> None:
    article = make.live()
    top = post_comment(article, by=chi, text="문은 왜 열려 있었나요?")
    settings.COMMENT_CLASSIFIER_URL = "https://classifier.example/"
    reply = post_comment(article, by=mal, text="바람이 열었습니다.", parent=top.pk)
    errors = errors_of(
        top, reply, lambda: classify_due_comments(classify=lambda *_, **__: ClassifierAnswer(True))
    )
    assert errors == []
    assert drift() == []


def hiding(comment: Comment, mal: User, mo: User) -> None:
    hide_comment(comment, by=mo, reason="")


def answering(comment: Comment, mal: User, mo: User) -> None:
    post_comment(comment.article, by=mal, text="바람이 열었습니다.", parent=comment.pk)


def mentioning(comment: Comment, mal: User, mo: User) -> None:
    name = comment.author.nickname if comment.author else ""
    post_comment(comment.article, by=mal, text=f"@{name} 바람이 열었습니다.")


@pytest.mark.parametrize("notify", [hiding, answering, mentioning])
def test_closing_an_account_waits_for_who_notifies_its_reader(
    mal: User, chi: User, mo: User, notify: Callable[[Comment, User, User], None]
) -> None:
    article = make.live()
    own = post_comment(article, by=chi, text="문은 왜 열려 있었나요?")
    save_article(article, by=chi)
    with concurrent_call(lambda: delete_account(chi)) as (errors, begin), transaction.atomic():
        notify(own, mal, mo)
        begin()
    assert errors == []
    assert not Notification.objects.filter(reader=chi).exists()
    assert drift() == []


def errors_of(top: Comment, reply: Comment, act: Act) -> list[Exception]:
    """Errors of `act` beside a transaction that locks the comment above and then the reply as well."""
    with concurrent_call(act) as (errors, begin), transaction.atomic():
        Comment.objects.select_for_update(no_key=True).get(pk=top.pk)
        begin()
        Comment.objects.select_for_update(no_key=True, nowait=True).get(pk=reply.pk)
    return errors


@contextmanager
def concurrent_call(act: Act) -> Iterator[tuple[list[Exception], Act]]:
    """Errors of `act` in another thread, and what begins it and returns once it waits for a lock."""
    errors: list[Exception] = []

    def run() -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001  # a deadlock, which fails the test
            errors.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)

    def begin() -> None:
        thread.start()
        wait_until(lambda: waiting_for_locks() == 1, within=20)

    yield errors, begin
    thread.join()
