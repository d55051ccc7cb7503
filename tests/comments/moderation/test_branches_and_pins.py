"""Decisions in the moderation queue: branches that break off, pins, leases, what does not apply."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from articles.models import Article
from audit.models import Entry
from comments.actions import (
    BulkOutcome,
    Choice,
    decide_branch,
    decide_comment,
    decide_many,
    decide_with_branch,
    deciding,
    dismiss_reports,
    hide_comment,
    lease_item,
    pin_comment,
    post_comment,
    report_comment,
    show_comment,
    undo_decision,
)
from comments.errors import AlreadyDecided, Leased, OnlyForHiding
from comments.models import Comment, Decision, Report
from tests.support import make
from tests.support.moderation import established, held_comment, reported_comment

pytestmark = pytest.mark.django_db
Kind = Decision.Kind
SHOW, HOLD = Choice(Kind.SHOW), Choice(Kind.HOLD)
HIDE = Choice(Kind.HIDE, reason_code="abuse", reports="confirmed")


@pytest.fixture
def waiting(article: Article, mal: User) -> Comment:
    return held_comment(article, by=mal)


@pytest.fixture
def reported(article: Article, mal: User) -> Comment:
    return reported_comment(article, by=mal, reports=2)


@pytest.fixture
def chief(db: None) -> User:
    return make.chief()


def report_until_held(comment: Comment) -> None:
    """Reports of seven established readers, who together hide a comment."""
    for number in range(7):
        reporter = established(f"reporter{number}")
        Report.objects.filter(reader=reporter).delete()
        report_comment(comment.pk, reason="abuse", by=reporter)


def now(comment: Comment) -> Comment:
    return Comment.objects.get(pk=comment.pk)


def test_a_branch_that_broke_off_is_finished_by_repeating_it(
    article: Article, mal: User, mo: User, chief: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """community B93: nothing is dropped in silence, and the rest is decided when it is sent again."""
    top = post_comment(article, by=mal, text="시작하는 글")
    replies = [post_comment(article, by=mal, text=f"답글 {n}", parent=top.pk) for n in range(3)]
    monkeypatch.setattr(deciding, "MAX_BULK_DECISIONS", 2)
    decision, results = decide_with_branch(top, choice=HIDE, by=mo, version=top.version)
    assert [(result.comment_id, result.outcome) for result in results] == [
        (replies[0].pk, BulkOutcome.DECIDED),
        (replies[1].pk, BulkOutcome.DECIDED),
        (replies[2].pk, BulkOutcome.NOT_REACHED),
    ]
    with pytest.raises(AlreadyDecided):
        decide_with_branch(top, choice=HIDE, by=chief)
    with pytest.raises(AlreadyDecided):
        decide_with_branch(top, choice=SHOW, by=mo, version=top.version)
    again, results = decide_with_branch(top, choice=HIDE, by=mo, version=top.version)
    assert again == decision
    assert [result.comment_id for result in results] == [replies[2].pk]
    assert {now(reply).state for reply in replies} == {"hidden"}
    assert decide_branch(top, choice=HIDE, by=mo) == []


def test_a_comment_can_be_undone_after_a_long_branch() -> None:
    """community B99: ten seconds of the screen, and the time that the branch may take."""
    assert timedelta(seconds=10 + deciding.BRANCH_SECONDS) < deciding.UNDO_WINDOW


def test_undoing_restores_the_pin(article: Article, mal: User, mo: User, settings: Any) -> None:
    """community B99: but not where another comment has been pinned in its place."""
    settings.COMMENT_PINS_PER_ARTICLE = 1
    comment = pin_comment(post_comment(article, by=mal, text="시작하는 글"), by=mo)
    decide_comment(comment, choice=HIDE, by=mo)
    assert now(comment).pinned_at is None
    undo_decision(comment, by=mo)
    assert now(comment).pinned_at == comment.pinned_at
    decide_comment(comment, choice=HOLD, by=mo)
    pin_comment(post_comment(article, by=mal, text="다른 글"), by=mo)
    undo_decision(comment, by=mo)
    assert (now(comment).state, now(comment).pinned_at) == ("visible", None)


def test_pin_that_reports_have_taken_comes_back_when_a_moderator_shows_the_comment(
    article: Article, mal: User, mo: User
) -> None:
    """community B47, B57: a brigade takes no pin for good; undoing and other decisions lose none."""
    comment = pin_comment(post_comment(article, by=mal, text="시작하는 글"), by=mo)
    report_until_held(comment)
    assert (now(comment).state, now(comment).pinned_at) == ("held", None)
    decide_comment(comment, choice=HIDE, by=mo)
    undo_decision(comment, by=mo)
    decide_comment(comment, choice=SHOW, by=mo)
    assert now(comment).pinned_at == comment.pinned_at
    undo_decision(comment, by=mo)
    assert (now(comment).state, now(comment).pinned_at) == ("held", None)
    decide_comment(comment, choice=SHOW, by=mo)
    assert now(comment).pinned_at == comment.pinned_at
    assert Comment.objects.pinned().count() == 1


def test_pin_that_reports_have_taken_does_not_come_back_where_another_is(
    article: Article, mal: User, mo: User, settings: Any
) -> None:
    """Nor after a moderator has held the comment, who has read it."""
    settings.COMMENT_PINS_PER_ARTICLE = 1
    comment = pin_comment(post_comment(article, by=mal, text="시작하는 글"), by=mo)
    decide_comment(comment, choice=HOLD, by=mo)
    decide_comment(comment, choice=SHOW, by=mo)
    assert now(comment).pinned_at is None
    Decision.objects.all().delete()
    pin_comment(comment, by=mo)
    report_until_held(comment)
    other = pin_comment(post_comment(article, by=mal, text="다른 글"), by=mo)
    decide_comment(comment, choice=SHOW, by=mo)
    assert list(Comment.objects.pinned()) == [other]


def test_buttons_of_the_admin_respect_a_lease(waiting: Comment, mo: User, chief: User) -> None:
    """community B92: on the pages of comments as in the queue."""
    lease_item(waiting, by=mo)
    for press in (show_comment, hide_comment, dismiss_reports):
        with pytest.raises(Leased):
            press(waiting, by=chief)
    show_comment(waiting, by=mo)


@pytest.mark.parametrize("kind", [Kind.SHOW, Kind.KEEP, Kind.HOLD])
def test_what_does_not_apply_to_a_decision_is_refused(
    reported: Comment, mo: User, kind: Kind
) -> None:
    """community B94: a decision has the moderators' reason, and no part of it is dropped in silence."""
    for choice in (Choice(kind, reason_code="abuse"), Choice(kind, reports="confirmed")):
        with pytest.raises(OnlyForHiding):
            decide_comment(reported, choice=choice, by=mo)
        with pytest.raises(OnlyForHiding):
            decide_many({reported.pk: None}, choice=choice, by=mo)
    decision = decide_comment(reported, choice=Choice(kind, reason="두 번 읽음"), by=mo)
    assert decision.reason == "두 번 읽음"
    entries = Entry.objects.filter(kind="comments.comment", subject=str(reported.pk))
    assert "두 번 읽음" in {entry.details.get("reason") for entry in entries}


def test_hiding_on_the_page_of_a_comment_gives_the_writer_a_message(
    waiting: Comment, mo: User, client: Client
) -> None:
    """community B61: the form offers the reasons of the queue, with their messages."""
    client.force_login(mo)
    press = reverse("admin:comments_comment_press", args=[waiting.pk, "hide-for"])
    client.post(press, {"reason_code": "none", "reason": "메모"})
    assert now(waiting).state == "held"
    client.post(press, {"reason_code": "abuse", "reason": ""})
    decision = Decision.objects.get(comment=waiting)
    assert (decision.reason_code, decision.reason) == ("abuse", "욕설·비방")
    assert decision.message_ko
