"""Blocks on request (임시조치): request, block, notices, objection, end; each tombstone has its code."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article
from audit.models import Entry
from comments.actions import (
    blocking,
    delete_comment,
    hide_comment,
    hold_comment,
    post_comment,
    show_comment,
)
from comments.actions.blocking import (
    block_comment,
    decline_block,
    end_block,
    end_due_blocks,
    erase_block_contacts,
    request_block,
)
from comments.block_notices import send_block_notices
from comments.errors import OwnCommentDecision
from comments.errors.procedures import BlockDecided, CommentBlocked, CommentNotBlockable
from comments.models import BlockRequest, Comment
from comments.reconciliation import drift
from pages.account_data import delete_account
from tests.support import make
from tests.support.clients.comment_client import SignIn, comment_count_of

pytestmark = pytest.mark.django_db
BODY = {
    "name": "한빛",
    "email": "hanbit@example.com",
    "basis": "privacy",
    "statement": "제 전화번호가 적혀 있습니다.",
}
DAY_31 = timedelta(days=30, seconds=1)


def requested(comment: Comment, **changes: str) -> BlockRequest:
    return request_block(comment.pk, **(BODY | changes))


def blocked(comment: Comment, *, by: User) -> BlockRequest:
    return block_comment(requested(comment), by=by)


def test_a_block_from_request_to_the_thirty_first_day(
    article: Article, chi: User, mo: User, as_user: SignIn, reading: Any
) -> None:
    """community B98."""
    comment = post_comment(article, by=chi, text="010-0000-0000")
    path = f"/api/v1/comments/{comment.pk}/block-requests/"
    made = APIClient().post(path, BODY, format="json")
    assert made.status_code == 201
    assert "한빛" not in made.content.decode()
    assert comment_count_of(article) == 1
    block_comment(BlockRequest.objects.get(), by=mo, note="확인했습니다.")
    [shown] = reading()
    assert (shown["state"], shown["text"], shown["author"]) == ("blocked", None, None)
    assert comment_count_of(article) == 0
    assert drift() == []
    assert send_block_notices() == (2, 0)
    assert {message.to[0] for message in mail.outbox} == {"hanbit@example.com", chi.email}
    assert send_block_notices() == (0, 0)
    mine = as_user(chi)
    assert mine.get("/api/v1/me/comments/").json()["results"][0]["state"] == "blocked"
    objection = f"/api/v1/comments/{comment.pk}/block-objection/"
    assert mine.post(objection, {"text": "제 번호입니다."}, format="json").status_code == 201
    assert mine.post(objection, {"text": "또"}, format="json").status_code == 409
    assert end_due_blocks(timezone.now() + timedelta(days=29)) == 0
    assert end_due_blocks(timezone.now() + DAY_31) == 1
    assert end_due_blocks(timezone.now() + DAY_31) == 0
    assert reading()[0]["text"] == "010-0000-0000"
    assert comment_count_of(article) == 1
    entries = Entry.objects.filter(kind="comments.comment").order_by("pk")
    assert list(entries.values_list("verb", flat=True)) == [
        *("posted", "block_requested", "blocked", "block_objected", "block_ended")
    ]
    assert "hanbit" not in str(list(entries.values()))


def test_after_thirty_days_the_policy_may_keep_it_hidden(
    article: Article, chi: User, mo: User, settings: Any
) -> None:
    """community B98."""
    settings.BLOCK_END_POLICY = "keep"
    blocked(post_comment(article, by=chi, text="글"), by=mo)
    assert end_due_blocks(timezone.now() + DAY_31) == 1
    assert Comment.objects.get().state == "hidden"
    assert Entry.objects.filter(verb="block_made_final", by=None).count() == 1
    assert BlockRequest.objects.get().outcome == "removed"


@pytest.mark.parametrize(("outcome", "state"), [("restored", "held"), ("removed", "hidden")])
def test_a_moderator_ends_a_block_early(
    article: Article, chi: User, mo: User, outcome: str, state: str
) -> None:
    """community B98: the comment returns to the state that it had."""
    comment = post_comment(article, by=chi, text="글")
    request = requested(comment)
    Comment.objects.filter(pk=comment.pk).update(state="held")
    article.counts.__class__.objects.filter(article=article).update(comments=0)
    block_comment(request, by=mo)
    end_block(request, by=mo, outcome=outcome)
    assert Comment.objects.get().state == state
    assert drift() == []


def test_other_decisions_wait_while_a_comment_is_blocked(
    article: Article, chi: User, mo: User
) -> None:
    comment = post_comment(article, by=chi, text="글")
    request, second = requested(comment), requested(comment, email="saem@example.com")
    block_comment(request, by=mo)
    for decide in (show_comment, lambda row, by: hide_comment(row, by=by, reason="")):
        with pytest.raises(CommentBlocked):
            decide(comment, by=mo)
    for one in (request, second):
        with pytest.raises(BlockDecided):
            block_comment(one, by=mo)
        with pytest.raises(BlockDecided):
            decline_block(one, by=mo, note="이미 조치했습니다.")


def test_a_comment_that_readers_do_not_see_is_not_blocked(
    article: Article, chi: User, mo: User
) -> None:
    comment = post_comment(article, by=chi, text="글")
    request = requested(comment)
    hide_comment(comment, by=mo, reason="")
    with pytest.raises(CommentNotBlockable):
        block_comment(request, by=mo)
    assert decline_block(request, by=mo, note="이미 조치했습니다.").state == "declined"


def test_open_requests_of_a_comment_are_one_block_of_thirty_days(
    article: Article, chi: User, mo: User
) -> None:
    """community B98: the second requester gets the same notices, and no second term of thirty days."""
    comment = post_comment(article, by=chi, text="글")
    first, second = requested(comment), requested(comment, email="saem@example.com")
    block_comment(first, by=mo)
    second.refresh_from_db()
    assert (second.state, second.outcome, second.joined_to) == ("ended", "joined", first)
    assert second.blocked_until == BlockRequest.objects.get(pk=first.pk).blocked_until
    assert end_due_blocks(timezone.now() + DAY_31) == 1
    assert Comment.objects.get().state == "visible"
    assert not BlockRequest.objects.filter(state__in=["open", "blocked"]).exists()
    send_block_notices()
    sent = Counter(message.to[0] for message in mail.outbox)
    assert sent == {"hanbit@example.com": 2, "saem@example.com": 2, chi.email: 2}


def test_one_address_has_one_open_request_and_limits_no_other(article: Article, chi: User) -> None:
    comment = post_comment(article, by=chi, text="글")
    assert {requested(comment).pk for _ in range(12)} == {requested(comment).pk}
    for number in range(12):
        requested(comment, email=f"saem{number}@example.com")
    assert BlockRequest.objects.filter(state="open").count() == 13


def test_a_comment_held_before_its_block_has_its_reason_after_it(
    article: Article, chi: User, mo: User
) -> None:
    comment = post_comment(article, by=chi, text="글")
    request = requested(comment)
    hold_comment(comment, by=mo, reason="다시 볼 것")
    block_comment(request, by=mo)
    assert end_due_blocks(timezone.now() + DAY_31) == 1
    comment.refresh_from_db()
    assert (comment.state, comment.reason) == ("held", "다시 볼 것")


def test_nobody_decides_on_blocks_of_an_own_comment(article: Article, mo: User, ben: User) -> None:
    """community B95."""
    comment = post_comment(article, by=mo, text="로봇은 어느 문으로 나갔나요?")
    request = requested(comment)
    with pytest.raises(OwnCommentDecision):
        decline_block(request, by=mo, note="내 댓글")
    with pytest.raises(OwnCommentDecision):
        block_comment(request, by=mo)
    block_comment(request, by=ben)
    with pytest.raises(OwnCommentDecision):
        end_block(request, by=mo, outcome="restored")
    assert Comment.objects.get().state == "blocked"
    client = Client()
    client.force_login(mo)
    client.post(reverse("admin:comments_blockrequest_press", args=[request.pk, "restore"]), {})
    assert Comment.objects.get().state == "blocked"


def author_of(comment: Comment) -> User:
    assert comment.author is not None
    return comment.author


def test_each_reason_of_removal_has_its_own_code(
    article: Article, chi: User, mal: User, mo: User, api: APIClient
) -> None:
    """community B34."""
    removed: dict[str, Callable[[Comment], Any]] = {
        "deleted": lambda row: delete_comment(row, by=author_of(row)),
        "hidden": lambda row: hide_comment(row, by=mo, reason="욕설"),
        "blocked": lambda row: blocked(row, by=mo),
        "account_closed": lambda row: delete_account(author_of(row)),
    }
    codes: dict[str, str] = {}
    for code, remove in removed.items():
        writer = make.reader(f"w-{code}")
        comment = post_comment(article, by=writer, text=f"글 {code}")
        post_comment(article, by=mal, text=f"답글 {code}", parent=comment.pk)
        remove(comment)
        codes[code] = api.get(f"/api/v1/comments/{comment.pk}/").json()["state"]
    assert codes == {code: code for code in removed}
    assert comment_count_of(article) == len(removed)
    assert drift() == []


def test_the_author_may_delete_a_blocked_comment(article: Article, chi: User, mo: User) -> None:
    comment = post_comment(article, by=chi, text="글")
    blocked(comment, by=mo)
    delete_comment(comment, by=chi)
    assert end_due_blocks(timezone.now() + DAY_31) == 1
    assert (Comment.objects.get().state, BlockRequest.objects.get().outcome) == (
        "deleted",
        "deleted",
    )
    assert drift() == []


def test_contacts_are_erased_after_their_term(article: Article, chi: User, mo: User) -> None:
    request = requested(post_comment(article, by=chi, text="글"))
    decline_block(request, by=mo, note="해당하지 않습니다.")
    assert erase_block_contacts(timezone.now() + timedelta(days=364)) == 0
    assert erase_block_contacts(timezone.now() + timedelta(days=366)) == 1
    row = BlockRequest.objects.get()
    assert (row.requester_name, row.requester_email, row.statement) == ("", "", "")


def test_requests_are_bounded_and_limited_by_address(
    article: Article, chi: User, api: APIClient, as_user: SignIn
) -> None:
    comment = post_comment(article, by=chi, text="글")
    path = f"/api/v1/comments/{comment.pk}/block-requests/"
    assert api.post(path, BODY | {"statement": "가" * 2001}, format="json").status_code == 400
    assert api.post(path, BODY | {"email": "없음"}, format="json").status_code == 400
    assert (
        api.post("/api/v1/comments/999999/block-requests/", BODY, format="json").status_code == 404
    )
    headers = {"Origin": "https://elsewhere.example"}
    assert api.post(path, BODY, format="json", headers=headers).status_code == 403
    answers = [api.post(path, BODY, format="json").status_code for _ in range(7)]
    assert answers == [201] * 5 + [429] * 2


def test_admin_shows_the_request_and_blocks(
    article: Article, chi: User, mo: User, ada: User
) -> None:
    request = requested(post_comment(article, by=chi, text="글"))
    client, page = Client(), reverse("admin:comments_blockrequest_changelist")
    client.force_login(ada)
    assert client.get(page).status_code == 403
    client.force_login(mo)
    assert "제 전화번호가" in client.get(page).content.decode()
    url = reverse("admin:comments_blockrequest_press", args=[request.pk, "block"])
    client.post(url, {"note": "확인"})
    assert Comment.objects.get().state == "blocked"
    one = client.get(reverse("admin:comments_blockrequest_change", args=[request.pk]))
    assert "hanbit@example.com" in one.content.decode()


def test_a_block_that_fails_to_end_delays_no_other(
    article: Article, chi: User, mal: User, mo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing, other = (
        blocked(post_comment(article, by=writer, text=f"글 {writer}"), by=mo)
        for writer in (chi, mal)
    )
    finish = blocking.finish_block

    def fail_for_one(locked: BlockRequest, *args: Any, **options: Any) -> None:
        if locked.pk == failing.pk:
            raise RuntimeError
        finish(locked, *args, **options)

    monkeypatch.setattr(blocking, "finish_block", fail_for_one)
    assert end_due_blocks(timezone.now() + DAY_31) == 1
    assert BlockRequest.objects.get(pk=other.pk).state == "ended"
    monkeypatch.undo()
    assert end_due_blocks(timezone.now() + DAY_31) == 1
