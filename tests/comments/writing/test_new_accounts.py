"""New accounts: they wait before they comment, and moderators see their first comments."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.actions import change_nickname
from accounts.models import User
from comments.actions import delete_comment, edit_comment, hide_comment, post_comment, show_comment
from comments.errors import AccountTooNew
from comments.models import Comment, Commenter
from pages.account_data import delete_account
from tests.support import make

pytestmark = pytest.mark.django_db


def test_a_new_account_waits(chi: User, ben: User, settings: Any, as_user: Any) -> None:
    """community B26."""
    settings.NEW_ACCOUNT_WAIT_MINUTES = 10
    article = make.live()
    refused = as_user(chi).post(
        f"/api/v1/articles/{article.slug}/comments/", {"text": "첫 글"}, format="json"
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "account_too_new")
    assert refused.json()["until"]
    change_nickname(chi, nickname="새벽산책")
    with pytest.raises(AccountTooNew):
        post_comment(article, by=chi, text="첫 글")
    assert post_comment(article, by=ben, text="편집국의 답").is_visible()
    User.objects.filter(pk=chi.pk).update(date_joined=timezone.now() - timedelta(minutes=10))
    assert post_comment(article, by=chi, text="첫 글").is_visible()


def test_first_comments_are_held_until_a_moderator_has_shown_as_many(
    chi: User, mo: User, settings: Any
) -> None:
    """community B26."""
    settings.HELD_FIRST_COMMENTS = 2
    article = make.live()
    first, second = (post_comment(article, by=chi, text=f"글 {n}번") for n in (1, 2))
    assert {first.state, second.state} == {Comment.State.HELD}
    assert "첫 댓글" in first.reason
    show_comment(first, by=mo)
    third = post_comment(article, by=chi, text="글 3번")
    assert third.state == Comment.State.HELD
    show_comment(third, by=mo)
    assert post_comment(article, by=chi, text="글 4번").is_visible()


def test_neither_deleting_nor_renaming_nor_hiding_ends_the_first_comments(
    chi: User, mo: User, settings: Any
) -> None:
    """community B26."""
    settings.HELD_FIRST_COMMENTS = 1
    article = make.live()
    delete_comment(post_comment(article, by=chi, text="글 1번"), by=chi)
    change_nickname(chi, nickname="새벽산책")
    second = post_comment(article, by=chi, text="글 2번")
    hide_comment(second, by=mo, reason="욕설")
    assert post_comment(article, by=chi, text="글 3번").state == Comment.State.HELD


def test_an_approved_writer_stays_known_after_deleting_everything(
    chi: User, mo: User, settings: Any
) -> None:
    """community B26."""
    settings.HELD_FIRST_COMMENTS = 1
    article = make.live()
    first = post_comment(article, by=chi, text="글 1번")
    show_comment(first, by=mo)
    delete_comment(Comment.objects.get(pk=first.pk), by=chi)
    assert post_comment(article, by=chi, text="글 2번").is_visible()


def test_a_reply_or_an_edit_is_no_way_around_it(
    chi: User, mal: User, mo: User, settings: Any
) -> None:
    """community B62."""
    article = make.live()
    answered = post_comment(article, by=mal, text="남의 글")
    shown = post_comment(article, by=chi, text="글 1번")
    settings.HELD_FIRST_COMMENTS = 1
    reply = post_comment(article, by=chi, text="답글", parent=answered.pk)
    assert reply.state == Comment.State.HELD
    assert edit_comment(shown, by=chi, text="다른 글").state == Comment.State.HELD


def test_the_count_goes_with_the_account(chi: User, mo: User, settings: Any) -> None:
    settings.HELD_FIRST_COMMENTS = 1
    show_comment(post_comment(make.live(), by=chi, text="글 1번"), by=mo)
    assert Commenter.objects.get().approved == 1
    delete_account(chi)
    assert not Commenter.objects.exists()
