"""Concurrent decisions, edits and reports leave one truth, on PostgreSQL and real threads."""

from collections.abc import Sequence

import pytest

from accounts.models import User
from articles.models import Article, ArticleCounts
from audit.models import Entry
from comments.actions import (
    Choice,
    decide_comment,
    dismiss_reports,
    edit_comment,
    lease_item,
    post_comment,
    report_comment,
    undo_decision,
)
from comments.errors import AlreadyDecided, CommentChanged, Leased
from comments.models import Comment, Decision, ModerationItem, Report
from newsroom.errors import Refused
from tests.support import make
from tests.support.moderation import PLAIN_TEXT, established, held_comment

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
SHOW = Choice(Decision.Kind.SHOW)
HIDE = Choice(Decision.Kind.HIDE, reason_code="abuse", reports="confirmed")


@pytest.fixture
def article() -> Article:
    return make.live()


def refusals(out: Sequence[object]) -> list[object]:
    """What was refused; anything else that went wrong fails the test."""
    errors = [one for one in out if isinstance(one, Exception)]
    assert [one for one in errors if not isinstance(one, Refused)] == []
    return list(errors)


def test_of_moderators_deciding_at_once_one_decides(article: Article, mal: User) -> None:
    """community B91: the others are told who; one audit entry, one decision, a count that is right."""
    moderators = [make.staff(f"mo{number}", role="moderator") for number in range(6)]
    comment = held_comment(article, by=mal)

    def decide(number: int) -> object:
        choice = (SHOW, HIDE)[number % 2]
        return decide_comment(comment, choice=choice, by=moderators[number], version=1)

    out = refusals(make.race(6, decide))
    assert [type(one) for one in out] == [AlreadyDecided] * 5
    [decision] = Decision.objects.all()
    assert {one.more["by"] for one in out if isinstance(one, AlreadyDecided)} == {str(decision.by)}
    assert Entry.objects.filter(verb__in=["showed", "hid"]).count() == 1
    is_visible = decision.kind == "show"
    assert ArticleCounts.objects.get(article=article).comments == is_visible
    assert not ModerationItem.objects.exists()


def test_decision_and_edit_at_once(article: Article, mal: User, mo: User) -> None:
    """community B31: the edit comes first and the decision is refused, or after it and is screened anew."""
    for turn in range(4):
        comment = held_comment(article, by=mal, text=f"바보 {turn}번째 글")

        def act(number: int, comment: Comment = comment) -> object:
            if number:
                return edit_comment(comment, by=mal, text=f"{comment.text} 고침")
            return decide_comment(comment, choice=SHOW, by=mo, version=1)

        out = refusals(make.race(2, act))
        stored = Comment.objects.get(pk=comment.pk)
        assert stored.text.endswith("고침")
        assert stored.state == Comment.State.HELD
        assert ModerationItem.objects.filter(pk=comment.pk, is_held=True).exists()
        assert [type(one) for one in out] in ([], [CommentChanged])


def test_reports_at_the_threshold_hide_once(article: Article, mal: User) -> None:
    """community B56: ten reports at once are counted exactly; one change of state, the count follows."""
    comment = post_comment(article, by=mal, text=PLAIN_TEXT)
    readers = [established(f"reader{number}") for number in range(10)]
    out = make.race(10, lambda n: report_comment(comment.pk, reason="abuse", by=readers[n]))
    refused = refusals(out)
    assert (len(refused), Report.objects.count()) == (3, 7)
    assert Entry.objects.filter(verb="held_by_reports").count() == 1
    item = ModerationItem.objects.get()
    assert (item.reports, item.weight, item.is_held) == (7, 70, True)
    assert ArticleCounts.objects.get(article=article).comments == 0


def test_keeping_and_the_last_report_at_once(article: Article, mal: User, mo: User) -> None:
    """community B56: what a moderator keeps is visible in the end, or was hidden before and is told."""
    comment = post_comment(article, by=mal, text=PLAIN_TEXT)
    readers = [established(f"reader{number}") for number in range(7)]
    for reader in readers[:6]:
        report_comment(comment.pk, reason="abuse", by=reader)

    def act(number: int) -> object:
        if number:
            return report_comment(comment.pk, reason="abuse", by=readers[6])
        return dismiss_reports(comment, by=mo, version=1)

    refused = refusals(make.race(2, act))
    stored = Comment.objects.get(pk=comment.pk)
    is_left = Decision.objects.filter(kind="keep").exists()
    assert is_left == stored.is_visible()
    assert [type(one) for one in refused] == ([] if is_left else [CommentChanged])


def test_leases_and_undoing_at_once(article: Article, mal: User) -> None:
    """community B92, B99: one has the lease; a decision is undone once."""
    moderators = [make.staff(f"mo{number}", role="moderator") for number in range(5)]
    comment = held_comment(article, by=mal)
    out = refusals(make.race(5, lambda n: lease_item(comment, by=moderators[n])))
    assert [type(one) for one in out] == [Leased] * 4
    holder = ModerationItem.objects.select_related("leased_by").get().leased_by
    assert isinstance(holder, User)
    decide_comment(comment, choice=SHOW, by=holder)
    refusals(make.race(4, lambda _n: undo_decision(comment, by=holder)))
    assert Entry.objects.filter(verb="moderation_undone").count() == 1
    assert ArticleCounts.objects.get(article=article).comments == 0
