"""Concurrent sanctions, appeals and blocks, on PostgreSQL and real threads."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actions import lift_suspension, sanction
from accounts.models import Sanction, User
from articles.models import Article
from audit.models import Entry
from comments.actions import delete_comment, hide_comment, post_comment
from comments.actions.appeals import appeal_against_hiding, grant_appeal, reject_appeal
from comments.actions.blocking import block_comment, end_block, end_due_blocks, request_block
from comments.models import Appeal, BlockNotice, BlockRequest, Comment
from comments.reconciliation import drift, store_sampled_drift
from newsroom.errors import Refused
from tests.support import make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def article() -> Article:
    return make.live()


def outcomes(results: Sequence[object]) -> Counter[str]:
    """How often each outcome came; anything but a result or a refusal is raised."""
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, Refused):
            raise result
    return Counter(type(result).__name__ for result in results)


def test_an_appeal_is_filed_and_decided_once(article: Article, chi: User, mo: User) -> None:
    """community B95: eight clicks of the reader, then eight moderators at once."""
    comment = hide_comment(post_comment(article, by=chi, text="글"), by=mo, reason="")
    filed = make.race(8, lambda _n: appeal_against_hiding(comment.pk, text="오해", by=chi))
    assert outcomes(filed) == {"Appeal": 1, "AppealedAlready": 7}
    appeal, moderators = (
        Appeal.objects.get(),
        [make.staff(f"mo{n}", role="moderator") for n in range(8)],
    )

    def decide(number: int) -> Appeal:
        verb = grant_appeal if number % 2 else reject_appeal
        return verb(appeal, answer="답", by=moderators[number])

    assert outcomes(make.race(8, decide)) == {"Appeal": 1, "AppealDecided": 7}
    appeal.refresh_from_db()
    is_shown = appeal.state == "granted"
    assert (Comment.objects.get().state == "visible") == is_shown
    assert Entry.objects.filter(verb__in=["appeal_granted", "appeal_rejected"]).count() == 1
    assert drift() == []


def test_concurrent_sanctions_leave_one_in_force(chi: User, mo: User) -> None:
    until = timezone.now() + timedelta(days=7)
    kinds = ["hold", "mute", "ban"]

    def act(number: int) -> object:
        if number % 4 == 3:
            return lift_suspension(chi, by=mo)
        return sanction(chi, kind=kinds[number % 4], until=until, reason="도배", by=mo)

    outcomes(make.race(12, act))
    account = User.objects.get(pk=chi.pk)
    kind = account.restriction(timezone.now())
    in_force = Sanction.objects.in_force(timezone.now()).values_list("kind", flat=True)
    assert list(in_force) == ([kind] if kind else [])


def test_blocks_and_deletions_keep_counts(article: Article, chi: User, mo: User) -> None:
    """community B98."""
    comments = [post_comment(article, by=chi, text=f"글 {n}") for n in range(4)]
    requests = [
        request_block(c.pk, name="한빛", email="a@example.com", basis="privacy", statement="제 일")
        for c in comments
        for _twice in range(2)
    ]

    def act(number: int) -> object:
        if number < 8:
            return block_comment(requests[number], by=mo)
        return delete_comment(comments[number - 8], by=chi) if number % 2 else None

    outcomes(make.race(12, act))
    assert drift() == []
    day_31 = timezone.now() + timedelta(days=31)
    running = list(BlockRequest.objects.filter(state="blocked"))
    notified = BlockNotice.objects.count()

    def end(number: int) -> object:
        if number < 4:
            return end_due_blocks(day_31)
        return [end_block(row, by=mo, outcome="removed") for row in running[:1]]

    outcomes(make.race(6, end))
    assert not BlockRequest.objects.filter(state="blocked").exists()
    deleted = BlockRequest.objects.filter(outcome="deleted").count()
    assert BlockNotice.objects.count() == notified + 2 * (len(running) - deleted)
    assert drift() == []
    assert store_sampled_drift(timezone.now()) == 0
