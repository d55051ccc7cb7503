"""Reports: their weight by the record of the reader, the threshold that hides, immunity, urgency."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from audit.models import Entry
from comments.actions import (
    Choice,
    decide_comment,
    delete_comment,
    delete_old_revisions,
    dismiss_reports,
    edit_comment,
    erase_comments,
    post_comment,
    report_comment,
    show_comment,
)
from comments.errors import NoSuchComment
from comments.models import (
    REPORTS_REASON,
    Comment,
    CommentRevision,
    Decision,
    ModerationItem,
    Report,
)
from comments.moderation_rules import OpenReports, report_weight, urgency, urgency_points
from tests.support import make
from tests.support.clients.comment_client import SignIn, comment_count_of
from tests.support.moderation import PLAIN_TEXT, established, held_comment, reported_comment

pytestmark = pytest.mark.django_db
NOTHING = OpenReports(0, 0, 0, 0)


@pytest.fixture
def comment(article: Article, mal: User) -> Comment:
    return post_comment(article, by=mal, text=PLAIN_TEXT)


def now(comment: Comment) -> Comment:
    return Comment.objects.get(pk=comment.pk)


def report_by(comment: Comment, *readers: User) -> None:
    for reader in readers:
        report_comment(comment.pk, reason="abuse", by=reader)


def test_seven_ordinary_accounts_hide_a_comment(
    article: Article, comment: Comment, as_user: SignIn
) -> None:
    """community B56: six do not; the writer is told nothing of who, and the count follows."""
    readers = [established(f"reader{n}") for n in range(8)]
    report_by(comment, *readers[:6])
    assert now(comment).is_visible()
    report_by(comment, readers[6])
    after = now(comment)
    assert (after.state, after.reason) == (Comment.State.HELD, REPORTS_REASON)
    assert comment_count_of(article) == 0
    entry = Entry.objects.get(verb="held_by_reports")
    assert (entry.by, entry.details["before"], entry.details["state"]) == (None, "visible", "held")
    item = ModerationItem.objects.get(pk=comment.pk)
    assert (item.is_held, item.is_reported, item.reports, item.weight) == (True, True, 7, 70)
    with pytest.raises(NoSuchComment):
        report_by(comment, readers[7])


def test_a_brigade_of_new_accounts_hides_nothing(comment: Comment, settings: Any) -> None:
    """community B56: nor do suspended or unconfirmed ones; their reports are listed all the same."""
    for number in range(12):
        report_by(comment, make.reader(f"new{number}"))
    unconfirmed = established("unconfirmed")
    EmailAddress.objects.create(user=unconfirmed, email=unconfirmed.email, verified=False)
    settings.COMMENTS_NEED_CONFIRMED_EMAIL = False
    report_by(comment, unconfirmed)
    sanctioned = [established(f"suspended{number}") for number in range(6)]
    report_by(comment, *sanctioned)
    until = timezone.now() + timedelta(days=3)
    User.objects.filter(pk__in=[one.pk for one in sanctioned]).update(suspended_until=until)
    report_by(comment, established("one"))
    assert now(comment).is_visible()
    item = ModerationItem.objects.get(pk=comment.pk)
    assert (item.reports, item.weight) == (20, 10)


@pytest.mark.parametrize(
    ("confirmed", "dismissed", "weight"),
    [(0, 0, 10), (1, 0, 13), (10, 0, 18), (0, 1, 7), (0, 2, 5), (5, 5, 10), (0, 50, 0)],
)
def test_a_report_weighs_by_the_record(confirmed: int, dismissed: int, weight: int) -> None:
    """community B56: twenty times the chance that the next report is confirmed."""
    assert report_weight(confirmed=confirmed, dismissed=dismissed) == weight


def test_the_record_is_what_moderators_found(article: Article, mal: User, mo: User) -> None:
    """community B56."""
    reporter = established("reporter0")
    hide = Choice(Decision.Kind.HIDE, reason_code="abuse", reports="confirmed")
    for number in range(2):
        bad = reported_comment(article, by=mal, text=f"{number}번째 나쁜 글입니다.")
        decide_comment(bad, choice=hide, by=mo)
    later = reported_comment(article, by=mal, text="세 번째 글입니다.")
    assert Report.objects.get(comment=later, reader=reporter).weight == 15


def test_what_a_moderator_keeps_is_immune_until_edited(comment: Comment, mo: User) -> None:
    """community B56: and an edit after it brings the comment before moderators again."""
    report_by(comment, established("first"))
    dismiss_reports(comment, by=mo)
    report_by(comment, *[established(f"reader{n}") for n in range(9)])
    assert now(comment).is_visible()
    author = User.objects.get(comments=comment)
    dismiss_reports(comment, by=mo)
    assert not ModerationItem.objects.exists()
    edit_comment(now(comment), by=author, text="전혀 다른 말로 바꿨습니다.")
    assert ModerationItem.objects.get(pk=comment.pk).is_flagged
    report_by(comment, *[established(f"again{n}") for n in range(7)])
    assert now(comment).state == Comment.State.HELD


def test_immunity_ends_with_the_edit_for_good(comment: Comment, mal: User, mo: User) -> None:
    """community B56: also once the former text is deleted after its retention."""
    report_by(comment, established("first"))
    dismiss_reports(comment, by=mo)
    edit_comment(now(comment), by=mal, text="전혀 다른 말로 바꿨습니다.")
    assert delete_old_revisions(timezone.now() + timedelta(days=4000)) == 1
    report_by(comment, *[established(f"again{n}") for n in range(7)])
    assert now(comment).state == Comment.State.HELD


def test_a_report_that_weighs_nothing_is_not_grave(article: Article, mal: User) -> None:
    """One new account that names hate stands behind an established reader's report."""
    weighty = reported_comment(article, by=mal)
    light = post_comment(article, by=mal, text="계단도 문도 다 좋습니다.")
    report_comment(light.pk, reason="hate", by=make.reader("newcomer"))
    queue = ModerationItem.objects.most_urgent_first().values_list("pk", flat=True)
    assert list(queue) == [weighty.pk, light.pk]


def test_shown_after_reports_is_immune_too(comment: Comment, mo: User) -> None:
    """community B56."""
    report_by(comment, *[established(f"reader{n}") for n in range(7)])
    show_comment(comment, by=mo)
    report_by(comment, *[established(f"again{n}") for n in range(7)])
    assert now(comment).is_visible()


def test_former_words_are_stored_for_staff_and_erased(
    article: Article, comment: Comment, mal: User, as_user: SignIn, api: Any
) -> None:
    """community B30: no reader gets them, not their writer either; they go with the text."""
    edit_comment(comment, by=mal, text="두 번째 말입니다.")
    edit_comment(comment, by=mal, text="세 번째 말입니다.")
    texts = CommentRevision.objects.filter(comment=comment).order_by("version")
    assert list(texts.values_list("text", flat=True)) == [PLAIN_TEXT, "두 번째 말입니다."]
    for where in (f"/api/v1/comments/{comment.pk}/", f"/api/v1/articles/{article.slug}/comments/"):
        assert "두 번째" not in api.get(where).content.decode()
    assert "두 번째" not in as_user(mal).get("/api/v1/me/comments/").content.decode()
    delete_comment(comment, by=mal)
    assert not CommentRevision.objects.exists()


def test_closing_an_account_erases_what_moderation_has(
    article: Article, mal: User, mo: User
) -> None:
    """community B30, B67."""
    waiting = held_comment(article, by=mal)
    edit_comment(waiting, by=mal, text="고친 바보 글")
    reported_comment(article, by=mal)
    show_comment(waiting, by=mo)
    erase_comments(mal)
    counts = [rows.objects.count() for rows in (ModerationItem, CommentRevision, Decision)]
    assert counts == [0, 0, 0]


def test_urgency_orders_by_points_and_by_waiting() -> None:
    """Ten points are an hour; a reported comment that readers read comes before a held one."""
    at = datetime(2026, 11, 30, 9, tzinfo=UTC)
    read = urgency_points(
        is_held=False,
        is_flagged=False,
        is_hidden_by_reports=False,
        has_passage=False,
        reports=OpenReports(1, 10, 1, 0),
    )
    waiting = urgency_points(
        is_held=True,
        is_flagged=False,
        is_hidden_by_reports=False,
        has_passage=False,
        reports=NOTHING,
    )
    assert (read, waiting) == (30, 10)
    assert urgency(read, opened_at=at) > urgency(waiting, opened_at=at)
    assert urgency(waiting, opened_at=at - timedelta(hours=3)) > urgency(read, opened_at=at)
