"""Decisions in the moderation queue: truthfulness, leases, undoing, many, branches, messages to writers."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from audit.models import Entry
from comments.actions import (
    BulkOutcome,
    Choice,
    decide_branch,
    decide_comment,
    decide_many,
    edit_comment,
    lease_item,
    post_comment,
    release_item,
    save_reason,
    show_comment,
    take_over_lease,
    undo_decision,
)
from comments.errors import (
    AlreadyDecided,
    CommentChanged,
    Leased,
    NotInQueue,
    NotYourDecision,
    OutcomeMissing,
    OwnCommentDecision,
    TooLateToUndo,
    UnknownReason,
)
from comments.models import Comment, Commenter, Decision, DecisionReason, ModerationItem, Report
from newsroom.errors import NotAllowed
from tests.support import make
from tests.support.clients.comment_client import SignIn, comment_count_of
from tests.support.moderation import held_comment, reported_comment

pytestmark = pytest.mark.django_db
Kind = Decision.Kind
SHOW, KEEP, HOLD = Choice(Kind.SHOW), Choice(Kind.KEEP), Choice(Kind.HOLD)
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


def now(comment: Comment) -> Comment:
    return Comment.objects.get(pk=comment.pk)


def entries(comment: Comment) -> list[Entry]:
    about = Entry.objects.filter(kind="comments.comment", subject=str(comment.pk))
    return list(about.order_by("pk"))


def test_second_moderator_is_told_of_the_first_decision(
    waiting: Comment, mo: User, chief: User
) -> None:
    """community B91: who, when and what; no second entry, no second decision."""
    decide_comment(waiting, choice=HIDE, by=mo, version=waiting.version)
    before = len(entries(waiting))
    for choice in (SHOW, HIDE, HOLD):
        with pytest.raises(AlreadyDecided) as refusal:
            decide_comment(waiting, choice=choice, by=chief, version=waiting.version)
        assert refusal.value.more["by"] == "mo"
        assert refusal.value.more["decision"] == "hide"
        assert str(refusal.value).startswith("mo 님이 ")
        assert str(refusal.value).endswith("이미 결정했습니다: 가림.")
    assert (len(entries(waiting)), Decision.objects.count()) == (before, 1)


def test_two_moderators_leave_a_reported_comment_once(
    reported: Comment, mo: User, chief: User
) -> None:
    """community B91: a decision that changes no state is known to the second moderator, too."""
    decide_comment(reported, choice=KEEP, by=mo, version=reported.version)
    for choice in (KEEP, HIDE):
        with pytest.raises(AlreadyDecided):
            decide_comment(reported, choice=choice, by=chief, version=reported.version)
    assert now(reported).is_visible()


def test_decision_on_former_words_shows_the_new_ones(waiting: Comment, mo: User) -> None:
    """community B31."""
    edited = edit_comment(
        waiting, by=User.objects.get(comments=waiting), text="고친 바보 글입니다."
    )
    with pytest.raises(CommentChanged) as refusal:
        decide_comment(waiting, choice=SHOW, by=mo, version=waiting.version)
    assert refusal.value.more == {"text": edited.text, "version": edited.version}
    decide_comment(waiting, choice=SHOW, by=mo, version=edited.version)
    assert now(waiting).is_visible()


def test_audit_entry_says_who_from_to_and_why(waiting: Comment, mo: User) -> None:
    """community B94."""
    decide_comment(waiting, choice=HIDE, by=mo, version=waiting.version)
    entry = entries(waiting)[-1]
    assert (entry.verb, entry.by, entry.details["before"], entry.details["state"]) == (
        "hid",
        mo.pk,
        "held",
        "hidden",
    )
    assert (entry.details["code"], entry.details["reason"]) == ("abuse", "욕설·비방")


def test_nobody_decides_on_an_own_comment(article: Article, mo: User, chief: User) -> None:
    """community B95: neither on its state nor on what is reported about it, nor undoes a colleague."""
    own = reported_comment(article, by=mo)
    for choice in (SHOW, KEEP, HIDE, HOLD):
        with pytest.raises(OwnCommentDecision):
            decide_comment(own, choice=choice, by=mo)
    with pytest.raises(OwnCommentDecision):
        lease_item(own, by=mo)
    lease_item(own, by=chief)
    decide_comment(own, choice=HIDE, by=chief)
    with pytest.raises(OwnCommentDecision):
        undo_decision(own, by=mo)
    leading_own = reported_comment(article, by=chief, reports=0)
    with pytest.raises(OwnCommentDecision):
        take_over_lease(leading_own, by=chief)
    with pytest.raises(NotAllowed):
        decide_comment(own, choice=SHOW, by=make.reader("stranger"))


def test_hiding_a_reported_comment_asks_for_the_outcome(
    reported: Comment, mo: User, ben: User
) -> None:
    """community B97: and a moderator's own report counts for nobody's record."""
    Report.objects.create(comment=reported, reader=mo, reason="spam")
    with pytest.raises(OutcomeMissing):
        decide_comment(reported, choice=Choice(Kind.HIDE, reason_code="spam"), by=mo)
    dismissed = Choice(Kind.HIDE, reason_code="spam", reports="dismissed")
    decide_comment(reported, choice=dismissed, by=mo)
    outcomes = Report.objects.filter(comment=reported).order_by("pk")
    assert list(outcomes.values_list("outcome", flat=True)) == ["dismissed", "dismissed", ""]
    with pytest.raises(UnknownReason):
        decide_comment(reported, choice=Choice(Kind.HIDE, reason_code="none"), by=mo)


def test_lease_is_seen_expires_and_is_taken_over(waiting: Comment, mo: User, chief: User) -> None:
    """community B92."""
    lease_item(waiting, by=mo)
    lease_item(waiting, by=mo)
    for refused in (
        lambda: lease_item(waiting, by=chief),
        lambda: decide_comment(waiting, choice=SHOW, by=chief),
    ):
        with pytest.raises(Leased) as refusal:
            refused()
        assert refusal.value.more["holder"] == "mo"
    with pytest.raises(NotAllowed):
        take_over_lease(waiting, by=mo)
    take_over_lease(waiting, by=chief)
    assert entries(waiting)[-1].verb == "lease_taken_over"
    with pytest.raises(Leased):
        decide_comment(waiting, choice=SHOW, by=mo)
    release_item(waiting, by=chief)
    lease_item(waiting, by=chief)
    ModerationItem.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    lease_item(waiting, by=mo)
    decide_comment(waiting, choice=SHOW, by=mo)
    with pytest.raises(AlreadyDecided):
        lease_item(waiting, by=chief)


def test_lease_of_what_does_not_wait(article: Article, chi: User, mo: User) -> None:
    with pytest.raises(NotInQueue):
        lease_item(post_comment(article, by=chi, text="좋은 기사입니다."), by=mo)


def test_sign_out_gives_leases_back(waiting: Comment, mo: User, client: Any) -> None:
    """community B92."""
    client.force_login(mo)
    lease_item(waiting, by=mo)
    assert client.post("/admin/logout/").status_code in {200, 302}
    assert not ModerationItem.objects.leased().exists()


@pytest.mark.parametrize("choice", [SHOW, HIDE, HOLD])
def test_undoing_restores_everything(
    article: Article, reported: Comment, mo: User, choice: Choice
) -> None:
    """community B99: state, count, reports, the place in the queue; the audit log has both."""
    item = ModerationItem.objects.get(pk=reported.pk)
    before = (now(reported).state, now(reported).reason, comment_count_of(article))
    decide_comment(reported, choice=choice, by=mo, version=reported.version)
    undo_decision(reported, by=mo)
    assert (now(reported).state, now(reported).reason, comment_count_of(article)) == before
    again = ModerationItem.objects.get(pk=reported.pk)
    assert (again.urgency, again.opened_at) == (item.urgency, item.opened_at)
    assert Report.objects.unsettled().filter(comment=reported, outcome="").count() == 2
    assert entries(reported)[-1].verb == "moderation_undone"
    assert not Decision.objects.in_force().exists()
    with pytest.raises(TooLateToUndo):
        undo_decision(reported, by=mo)


def test_undoing_has_its_limits(waiting: Comment, mo: User, chief: User) -> None:
    """community B99: ten seconds, one's own, while nothing else has happened; the writer is not known."""
    decide_comment(waiting, choice=SHOW, by=mo)
    with pytest.raises(NotYourDecision):
        undo_decision(waiting, by=chief)
    undo_decision(waiting, by=mo)
    assert Commenter.objects.get(reader=waiting.author_id).approved == 0
    decide_comment(waiting, choice=SHOW, by=mo)
    Decision.objects.update(decided_at=F("decided_at") - timedelta(seconds=16))
    with pytest.raises(TooLateToUndo):
        undo_decision(waiting, by=mo)
    assert now(waiting).is_visible()


def test_many_decisions_each_have_a_result(
    article: Article, mal: User, mo: User, chief: User
) -> None:
    """community B92, B93: a colleague's lease is left out and named; what time ran out for is told."""
    waiting = [held_comment(article, by=mal, text=f"바보 {n}번째 글") for n in range(4)]
    lease_item(waiting[1], by=chief)
    show_comment(waiting[2], by=chief)
    versions: dict[int, int | None] = {comment.pk: comment.version for comment in waiting}
    results = decide_many(versions | {987_654: 1}, choice=HIDE, by=mo)
    assert [result.outcome for result in results] == [
        BulkOutcome.DECIDED,
        BulkOutcome.REFUSED,
        BulkOutcome.REFUSED,
        BulkOutcome.DECIDED,
        BulkOutcome.REFUSED,
    ]
    codes = [result.refusal.code for result in results if result.refusal]
    assert codes == ["leased", "already_decided", "not_found"]
    rest = decide_many(versions, choice=HIDE, by=mo, seconds=0)
    assert {result.outcome for result in rest} == {BulkOutcome.NOT_REACHED}
    again = decide_many(versions, choice=HIDE, by=mo)
    assert {result.outcome for result in again} == {BulkOutcome.REFUSED}
    assert Decision.objects.filter(by=mo).count() == 2


def test_a_branch_is_hidden_with_its_comment(
    article: Article, chi: User, mal: User, mo: User
) -> None:
    top = post_comment(article, by=mal, text="시작하는 글")
    first = post_comment(article, by=chi, text="첫 답글", parent=top.pk)
    own = post_comment(article, by=mo, text="관리자의 답글", parent=top.pk)
    below = post_comment(article, by=mal, text="답글의 답글", parent=first.pk)
    decide_comment(first, choice=HIDE, by=mo)
    results = decide_branch(first, choice=HIDE, by=mo)
    assert [(r.comment_id, r.outcome) for r in results] == [(below.pk, BulkOutcome.DECIDED)]
    decide_comment(top, choice=HIDE, by=mo)
    results = decide_branch(top, choice=HIDE, by=mo)
    assert [(r.comment_id, r.outcome) for r in results] == [(own.pk, BulkOutcome.REFUSED)]
    assert comment_count_of(article) == 1


def test_writer_reads_the_message_of_the_reason(
    waiting: Comment, mal: User, mo: User, chief: User, as_user: SignIn
) -> None:
    """community B52, B61: the message of then, in no shared cache; never the moderators' own reason."""
    choice = Choice(Kind.HIDE, reason_code="abuse", reason="비밀 메모")
    decide_comment(waiting, choice=choice, by=mo)
    reason = DecisionReason.objects.get(code="abuse")
    former = reason.message_ko
    reason.message_ko = "새 안내문입니다."
    with pytest.raises(NotAllowed):
        save_reason(reason, by=mo)
    save_reason(reason, by=chief)
    writer = as_user(mal)
    response = writer.get("/api/v1/me/comments/")
    assert response["Cache-Control"] == "no-store"
    [row] = response.json()["results"]
    assert (row["moderation"]["message"], row["moderation"]["reason_code"]) == (former, "abuse")
    assert "비밀" not in response.content.decode()
    english = writer.get("/api/v1/me/comments/", headers={"Accept-Language": "en"}).json()
    assert english["results"][0]["moderation"]["message"] == reason.message_en
    undo_decision(waiting, by=mo)
    assert writer.get("/api/v1/me/comments/").json()["results"][0]["moderation"] is None
