"""What the writer of a comment and a sanctioned reader are notified of by decisions, each once."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.actions import lift_suspension, sanction
from accounts.models import Sanction, User
from articles.models import Article
from comments.actions import (
    Choice,
    decide_comment,
    hide_comment,
    post_comment,
    show_comment,
    undo_decision,
)
from comments.actions.appeals import (
    appeal_against_hiding,
    appeal_against_sanction,
    grant_appeal,
    reject_appeal,
)
from comments.actions.blocking import block_comment, end_block, request_block
from comments.block_notices import send_block_notices
from comments.models import BlockRequest, Comment, Decision, DecisionReason, Notification
from comments.notifications.email_sender import NOTIFICATION_EMAILS
from comments.notifications.email_templates import sentence_of
from comments.notifications.preferences import change_preferences
from comments.notifications.sanctions import MAX_DELAY, notify_of_sanctions
from newsroom.text.dates import format_short_time
from tests.support.clients.comment_client import SignIn
from tests.support.moderation import reported_comment

pytestmark = pytest.mark.django_db
Kind = Notification.Kind
HIDE = Choice(Decision.Kind.HIDE, reason_code="abuse")


@pytest.fixture
def comment(article: Article, chi: User) -> Comment:
    return post_comment(article, by=chi, text="로봇은 어느 문으로 나갔나요?")


def notified(reader: User) -> list[tuple[str, str]]:
    """Kind and sentence of each notification of a reader, the oldest first."""
    rows = Notification.objects.of(reader.pk).with_comment().order_by("pk")
    return [(row.kind, sentence_of(row)) for row in rows]


def kinds(reader: User) -> list[str]:
    return [kind for kind, _sentence in notified(reader)]


def impose(reader: User, kind: str, *, by: User, days: int = 3) -> Sanction:
    until = timezone.now() + timedelta(days=days)
    return sanction(reader, kind=kind, until=until, reason="같은 글을 여러 번", by=by)


def run() -> int:
    return notify_of_sanctions(timezone.now())


# -- Decisions ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ko", "en"])
def test_writer_reads_the_message_of_the_reason_in_the_language_of_the_page(
    comment: Comment, chi: User, mo: User, as_user: SignIn, language: str
) -> None:
    decide_comment(comment, choice=HIDE, by=mo)
    reason = DecisionReason.objects.get(code="abuse")
    client = as_user(chi)
    page = client.get("/api/v1/me/notifications/", headers={"accept-language": language}).json()
    (row,) = page["results"]
    expected = reason.message_en if language == "en" else reason.message_ko
    assert (row["kind"], row["message"]) == ("comment_hidden", expected)


def test_undone_decision_is_notified_neither_on_screen_nor_by_mail(
    comment: Comment, chi: User, mo: User
) -> None:
    EmailAddress.objects.create(user=chi, email=chi.email, verified=True, primary=True)
    decide_comment(comment, choice=HIDE, by=mo)
    assert kinds(chi) == [Kind.COMMENT_HIDDEN]
    undo_decision(comment, by=mo)
    assert not Notification.objects.exists()
    assert NOTIFICATION_EMAILS.send_due().total() == 0


def test_leaving_a_reported_comment_as_it_is_is_not_notified(
    article: Article, mal: User, mo: User
) -> None:
    reported = reported_comment(article, by=mal, reports=2)
    Notification.objects.all().delete()
    decide_comment(reported, choice=Choice(Decision.Kind.KEEP), by=mo)
    assert kinds(mal) == []


# -- Blocks on request --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "kind"), [("restored", Kind.COMMENT_SHOWN), ("removed", Kind.COMMENT_HIDDEN)]
)
def test_block_and_its_end_are_on_screen_and_mailed_by_their_notices_alone(
    comment: Comment, chi: User, mo: User, outcome: str, kind: str
) -> None:
    """community B98."""
    EmailAddress.objects.create(user=chi, email=chi.email, verified=True, primary=True)
    request = request_block(
        comment.pk, name="한빛", email="hanbit@example.com", basis="privacy", statement="제 번호"
    )
    block_comment(request, by=mo)
    ((shown, sentence),) = notified(chi)
    assert shown == Kind.COMMENT_BLOCKED
    until = BlockRequest.objects.get().blocked_until
    assert until
    assert format_short_time(until) in sentence
    assert "한빛" not in sentence
    end_block(request, by=mo, outcome=outcome)
    assert kinds(chi) == [kind]
    assert not Notification.objects.filter(mail_at__isnull=False).exists()
    send_block_notices()
    assert [message.to[0] for message in mail.outbox].count(chi.email) == 2


# -- Appeals ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decide", "kind"),
    [(grant_appeal, Kind.APPEAL_GRANTED), (reject_appeal, Kind.APPEAL_REJECTED)],
)
def test_decided_appeal_about_a_comment_is_one_notification_with_the_answer(
    comment: Comment, mo: User, ben: User, decide: Any, kind: str
) -> None:
    chi = comment.author
    assert chi
    hide_comment(comment, by=mo)
    appeal = appeal_against_hiding(comment.pk, text="오해입니다.", by=chi)
    decide(appeal, answer="다시 읽었습니다.", by=ben)
    (row,) = Notification.objects.of(chi.pk)
    assert (row.kind, row.message) == (kind, "다시 읽었습니다.")


def test_granted_appeal_against_a_sanction_is_one_notification(
    chi: User, mo: User, ben: User
) -> None:
    imposed = impose(chi, "ban", by=mo)
    run()
    appeal = appeal_against_sanction(imposed.pk, text="제가 아닙니다.", by=chi)
    grant_appeal(appeal, answer="맞습니다.", by=ben)
    assert run() == 0
    assert kinds(chi) == [Kind.SANCTION_BEGUN, Kind.APPEAL_GRANTED]


def test_moot_appeal_is_not_notified(comment: Comment, chi: User, mo: User, ben: User) -> None:
    hide_comment(comment, by=mo)
    appeal = appeal_against_hiding(comment.pk, text="오해입니다.", by=chi)
    show_comment(comment, by=mo)
    reject_appeal(appeal, answer="이미 보입니다.", by=ben)
    assert kinds(chi) == [Kind.COMMENT_SHOWN]


# -- Sanctions ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "word"), [("warn", "경고"), ("hold", "검토"), ("mute", "댓글"), ("ban", "계정")]
)
def test_sanction_is_notified_once_with_its_kind_and_reason(
    chi: User, mo: User, kind: str, word: str
) -> None:
    impose(chi, kind, by=mo)
    assert [run(), run()] == [1, 0]
    with translation.override("ko"):
        ((shown, sentence),) = notified(chi)
    assert shown == Kind.SANCTION_BEGUN
    assert word in sentence
    assert Notification.objects.get().message == "같은 글을 여러 번"


def test_replaced_and_lifted_sanctions_say_so_once(chi: User, mo: User) -> None:
    impose(chi, "mute", by=mo)
    run()
    impose(chi, "ban", by=mo)
    assert [run(), run()] == [2, 0]
    lift_suspension(chi, by=mo)
    assert [run(), run()] == [1, 0]
    with translation.override("en"):
        sentences = [text for kind, text in notified(chi) if kind == Kind.SANCTION_ENDED]
    assert sentences == [
        "The ban on your comments was replaced by another measure.",
        "A moderator has lifted the suspension of your account.",
    ]


def test_sanction_replaced_before_anybody_was_notified_is_not_mentioned(
    chi: User, mo: User
) -> None:
    impose(chi, "mute", by=mo)
    impose(chi, "hold", by=mo)
    run()
    assert kinds(chi) == [Kind.SANCTION_BEGUN]


def test_sanctions_of_long_ago_are_not_notified_again(chi: User, mo: User) -> None:
    impose(chi, "mute", by=mo, days=1)
    run()
    Notification.objects.all().delete()  # their retention is over
    Sanction.objects.update(starts_at=timezone.now() - MAX_DELAY - timedelta(minutes=1))
    assert run() == 0
    change_preferences(chi, choices={"sanctions": {"screen": False, "mail": False}})
    impose(chi, "warn", by=mo)
    assert run() == 0


def test_sanctions_cost_the_same_for_one_and_for_twenty(chi: User, mo: User) -> None:
    def queries(count: int) -> int:
        for _ in range(count):
            impose(chi, "warn", by=mo)
        with CaptureQueriesContext(connection) as captured:
            assert run() == count
        return len(captured)

    assert queries(1) == queries(20)
