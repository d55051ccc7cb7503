"""Who is notified of a comment, once, and what disappears with it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions import lift_suspension, suspend
from accounts.actions.ignoring import end_ignoring, ignore_reader
from accounts.models import RetainedSanction, User
from articles.models import Article
from comments.actions import (
    delete_comment,
    edit_comment,
    hide_comment,
    hold_comment,
    post_comment,
    show_comment,
)
from comments.actions.erasing import erase_comments_of_article
from comments.errors import OwnCommentDecision
from comments.models import Comment, Notification, NotificationPreferences
from comments.notifications import notify
from comments.notifications.mentions import candidate_names
from comments.notifications.notify import notify_decision
from comments.notifications.preferences import change_preferences
from comments.notifications.reading import count_unread, notifications_on_screen
from comments.notifications.retention import READ_RETENTION, RETENTION, delete_old_notifications
from comments.notifications.sanctions import notify_of_sanctions
from desk.actions import withdraw
from pages.account_data import account_export, delete_account
from tests.support import make

pytestmark = pytest.mark.django_db
Kind = Notification.Kind


def kinds(reader: User) -> list[str]:
    """What the reader sees, oldest first."""
    rows = notifications_on_screen(reader).order_by("pk")
    return list(rows.values_list("kind", flat=True))


@pytest.fixture
def asked(article: Article, chi: User) -> Comment:
    """A comment of chi, to be answered."""
    return post_comment(article, by=chi, text="로봇은 어느 문으로 나갔나요?")


def reply(asked: Comment, *, by: User, text: str = "뒷문이었습니다.") -> Comment:
    return post_comment(asked.article, by=by, text=text, parent=asked.pk)


def test_reply_notifies_who_is_answered_once(asked: Comment, chi: User, mal: User) -> None:
    """community B70."""
    answer = reply(asked, by=mal)
    reply(asked, by=mal)  # a double click
    assert kinds(chi) == [Kind.REPLY]
    assert kinds(mal) == []
    edit_comment(answer, by=mal, text="뒷문이었습니다. 아마도요.")
    answer.refresh_from_db()
    notify.notify_of_comment(answer)  # a worker that tries again
    assert kinds(chi) == [Kind.REPLY]


def test_reply_to_oneself_notifies_nobody(asked: Comment, chi: User) -> None:
    """community B70."""
    reply(asked, by=chi, text=f"@{chi.nickname} 나에게 답합니다.")
    assert not Notification.objects.exists()


def test_same_words_to_the_same_reader_are_notified_once(
    asked: Comment, chi: User, mal: User
) -> None:
    """community B70."""
    reply(asked, by=mal)
    Comment.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    assert not reply(asked, by=mal).already_existed
    assert kinds(chi) == [Kind.REPLY]


def test_held_reply_notifies_when_it_is_shown_and_never_if_it_is_rejected(
    asked: Comment, chi: User, mal: User, mo: User
) -> None:
    """community B70."""
    shown, rejected = (reply(asked, by=mal, text=t) for t in ("너 바보 맞지", "바보 같은 소리"))
    assert {shown.state, rejected.state} == {Comment.State.HELD}
    assert kinds(chi) == []
    hide_comment(rejected, by=mo, reason="욕설")
    show_comment(shown, by=mo)
    assert kinds(chi) == [Kind.REPLY]
    assert kinds(mal) == [Kind.COMMENT_HIDDEN, Kind.COMMENT_SHOWN]


@pytest.mark.parametrize("who_ignores", ["reader", "author"])
def test_readers_of_whom_one_ignores_the_other_do_not_notify_each_other(
    asked: Comment, chi: User, mal: User, who_ignores: str
) -> None:
    """community B51, B70."""
    ignoring, ignored = (chi, mal) if who_ignores == "reader" else (mal, chi)
    ignore_reader(ignored.nickname, by=ignoring)
    reply(asked, by=mal, text=f"@{chi.nickname} 뒷문이었습니다.")
    assert kinds(chi) == []
    end_ignoring(ignored.nickname, by=ignoring)
    reply(asked, by=mal, text="그러니까 뒷문이었습니다.")
    assert kinds(chi) == [Kind.REPLY]


def test_notifications_of_a_reader_ignored_later_are_not_shown(
    asked: Comment, chi: User, mal: User
) -> None:
    """community B51."""
    reply(asked, by=mal)
    ignore_reader(mal.nickname, by=chi)
    assert kinds(chi) == []
    assert count_unread(chi) == 0


# -- Mentions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "is_mentioned"),
    [
        ("@배부르니 동의합니다", True),
        ("@배부르니님 동의합니다", True),
        ("@배부르니님께서는 어떻게 보시나요", True),
        ("@배부르니가 말했듯이", True),
        ("(@배부르니)", True),
        ("＠배부르니, 그렇죠", True),  # typed by Korean keyboards
        ("@배부르니까 좋네요", False),
        ("@배부르 동의합니다", False),
        ("@모르는사람 누구세요", False),
        ("mail@배부르니 로 보내세요", False),
    ],
)
def test_mention_ends_with_the_nickname_or_a_korean_particle(
    article: Article, mal: User, text: str, is_mentioned: bool
) -> None:
    mentioned = make.person("baebu", nickname="배부르니")
    post_comment(article, by=mentioned, text="먼저 쓴 글")
    post_comment(article, by=mal, text=text)
    assert kinds(mentioned) == [Kind.MENTION] * is_mentioned


def test_longest_nickname_is_mentioned_also_with_a_space(article: Article, mal: User) -> None:
    short, long = make.person("s", nickname="새벽"), make.person("l", nickname="새벽 산책")
    for writer in (short, long):
        post_comment(article, by=writer, text=f"{writer.name}의 글")
    post_comment(article, by=mal, text="@새벽 산책님은 어떠세요?")
    assert (kinds(short), kinds(long)) == ([], [Kind.MENTION])


def test_mention_reaches_only_who_comments_under_the_story(chi: User, mal: User) -> None:
    elsewhere, here = make.live(), make.live()
    post_comment(elsewhere, by=chi, text="다른 기사에 쓴 글")
    post_comment(here, by=mal, text=f"@{chi.nickname} 여기도 보세요")
    assert kinds(chi) == []


def test_comment_mentions_five_readers_at_most_edits_included(article: Article, mal: User) -> None:
    readers = [make.reader(f"reader{n}") for n in range(8)]
    for reader in readers:
        post_comment(article, by=reader, text=f"{reader.name}의 글")
    comment = post_comment(article, by=mal, text="@reader0 @reader1 @reader2")
    edit_comment(comment, by=mal, text=" ".join(f"@{r.nickname}" for r in reversed(readers)))
    assert [kinds(reader) for reader in readers].count([Kind.MENTION]) == 5


def test_reply_that_mentions_who_is_answered_is_one_notification(
    asked: Comment, chi: User, mal: User
) -> None:
    reply(asked, by=mal, text=f"@{chi.nickname} 뒷문이었습니다.")
    assert kinds(chi) == [Kind.REPLY]


def test_candidates_of_a_mention_are_bounded() -> None:
    assert len(candidate_names("가" * 40)) == 0
    assert len(candidate_names("a b " * 10)) <= 20


# -- What disappears ----------------------------------------------------------------------------------


def test_notification_disappears_with_its_comment_and_comes_back(
    asked: Comment, chi: User, mal: User, mo: User
) -> None:
    """community B36, B71."""
    answer = reply(asked, by=mal)
    for act in (hide_comment, hold_comment):
        act(answer, by=mo, reason="살펴봅니다")
        assert kinds(chi) == []
        assert count_unread(chi) == 0
        assert Notification.objects.get(reader=chi).mail_at is None
    show_comment(answer, by=mo)
    assert kinds(chi) == [Kind.REPLY]
    assert Notification.objects.get(reader=chi).mail_at is not None
    delete_comment(answer, by=mal)
    assert not Notification.objects.filter(comment=answer).exists()


def test_notifications_of_a_withdrawn_story_are_not_shown(
    asked: Comment, chi: User, mal: User, ben: User
) -> None:
    """community B17."""
    reply(asked, by=mal)
    withdraw(asked.article, notice="내렸습니다.", by=ben)
    assert kinds(chi) == []
    erase_comments_of_article(asked.article)
    assert not Notification.objects.exists()


# -- Decisions and sanctions --------------------------------------------------------------------------


def test_author_is_notified_of_the_newest_decision_with_the_message_of_a_moderator(
    asked: Comment, chi: User, mo: User
) -> None:
    hide_comment(asked, by=mo, reason="모욕")
    asked.refresh_from_db()
    notify_decision(asked, message="서로 존중해 주세요.\r\n고맙습니다.")
    (row,) = Notification.objects.of(chi.pk)
    assert (row.kind, row.message) == (Kind.COMMENT_HIDDEN, "서로 존중해 주세요.\n고맙습니다.")
    show_comment(asked, by=mo)
    assert kinds(chi) == [Kind.COMMENT_SHOWN]
    assert "모욕" not in str(Notification.objects.values())


def test_own_changes_are_no_decisions(article: Article, mo: User) -> None:
    own = post_comment(article, by=mo, text="운영자의 글")
    edit_comment(own, by=mo, text="운영자의 고친 글")
    with pytest.raises(OwnCommentDecision):
        hide_comment(own, by=mo, reason="")
    assert not Notification.objects.exists()


def test_begin_and_end_of_a_sanction_are_notified_once(chi: User, mo: User) -> None:
    now = timezone.now()
    until = now + timedelta(days=3)
    suspend(chi, until=until, reason="도배", by=mo)
    RetainedSanction.objects.get_or_create(user=chi, until=until, digest="d", sanction="s")
    assert [notify_of_sanctions(now) for _ in range(2)] == [1, 0]
    assert [notify_of_sanctions(until) for _ in range(2)] == [1, 0]
    assert kinds(chi) == [Kind.SANCTION_BEGUN, Kind.SANCTION_ENDED]
    suspend(chi, until=until + timedelta(days=9), reason="또 도배", by=mo)
    RetainedSanction.objects.update(user=chi, until=until + timedelta(days=9))
    notify_of_sanctions(now)
    lift_suspension(chi, by=mo)
    notify_of_sanctions(now)
    assert kinds(chi) == [Kind.SANCTION_BEGUN, Kind.SANCTION_ENDED] * 2


# -- Preferences, cost, retention ---------------------------------------------------------------------


def test_topic_that_a_reader_wants_nowhere_is_not_stored(
    asked: Comment, chi: User, mal: User
) -> None:
    change_preferences(chi, choices={"replies": {"screen": False}})
    reply(asked, by=mal, text="메일로만 갑니다.")
    assert kinds(chi) == []
    assert Notification.objects.get().mail_at is not None
    change_preferences(chi, choices={"replies": {"mail": False}})
    assert Notification.objects.get().mail_at is None
    reply(asked, by=mal, text="아무 데도 가지 않습니다.")
    assert Notification.objects.count() == 1


def test_reply_costs_the_same_whoever_was_answered_how_often(asked: Comment, mal: User) -> None:
    """One insert and no fan-out, also where the reader has many notifications and a story many replies."""

    def queries(text: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            reply(asked, by=mal, text=text)
        return len(captured)

    first = queries("첫째 답")
    for n in range(20):
        reply(asked, by=make.reader(f"other{n}"), text=f"{n}번째 답")
    assert queries("마지막 답") == first


def test_five_mentions_cost_as_many_statements_as_one(article: Article, mal: User) -> None:
    readers = [make.reader(f"reader{n}") for n in range(5)]
    for reader in readers:
        post_comment(article, by=reader, text=f"{reader.name}의 글")
    ignore_reader(mal.nickname, by=readers[4])

    def queries(text: str) -> int:
        comment = post_comment(article, by=mal, text=text)
        Notification.objects.filter(comment=comment).delete()
        with CaptureQueriesContext(connection) as captured:
            notify.notify_of_comment(comment)
        return len(captured)

    one = queries("@reader0 로봇은 어디로 갔을까요?")
    assert queries(" ".join(f"@{reader.nickname}" for reader in readers)) == one
    assert [len(kinds(reader)) for reader in readers] == [2, 1, 1, 1, 0]


def test_old_notifications_are_deleted_read_ones_earlier(
    asked: Comment, chi: User, mal: User
) -> None:
    now = timezone.now()
    for n in range(3):
        reply(asked, by=mal, text=f"{n}번째 답")
    first, second, third = Notification.objects.of(chi.pk).order_by("pk")
    age = READ_RETENTION + timedelta(days=1)
    Notification.objects.filter(pk=first.pk).update(created_at=now - age, read_at=now)
    Notification.objects.filter(pk=second.pk).update(created_at=now - age)
    assert delete_old_notifications(now, batch_size=1) == 1
    with time_machine.travel(now + RETENTION - timedelta(days=90), tick=False):
        assert delete_old_notifications(timezone.now()) == 1
    assert list(Notification.objects.all()) == [third]


def test_closed_account_leaves_no_notification(asked: Comment, chi: User, mal: User) -> None:
    reply(asked, by=mal)
    change_preferences(mal, choices={"replies": {"mail": False}})
    export: dict[str, Any] = account_export(chi)
    assert [row.kind for row in export["notifications"]] == [Kind.REPLY]
    assert export["notification_preferences"]["replies"]["mail"]
    delete_account(mal)
    assert not Notification.objects.exists()
    assert not NotificationPreferences.objects.exists()
