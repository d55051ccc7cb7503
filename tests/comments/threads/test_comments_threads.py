"""Comment threads: articles, replies, placeholders, deleting own comments."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article
from comments.actions import delete_comment, hide_comment, hold_comment, post_comment, show_comment
from comments.models import Comment
from desk.actions import edit, freeze, publish_now, restore, withdraw
from outbox.models import Event
from pages.account_data import delete_account
from tests.support import make
from tests.support.clients.comment_client import (
    SignIn,
    comment_count_of,
    post_comment_by_api,
)
from tests.support.editions import publish_edition

pytestmark = pytest.mark.django_db


def test_thread_of_an_article_that_is_not_live_is_a_404(
    api: APIClient, article: Article, chi: User, ben: User, as_user: SignIn
) -> None:
    """community B16, B17."""
    comment = post_comment_by_api(as_user(chi), article).json()
    planned = make.planned().article
    withdraw(article, notice="내렸습니다.", by=ben)
    client = as_user(chi)
    responses = [
        method
        for slug in (article.slug, planned.slug, "none-such", "%00", "a" * 300)
        for method in (
            api.get(f"/api/v1/articles/{slug}/comments/"),
            client.post(f"/api/v1/articles/{slug}/comments/", {"text": "글"}, format="json"),
        )
    ]
    assert {response.status_code for response in responses} == {404}
    assert all(response.json() == responses[0].json() for response in responses)
    assert api.get(f"/api/v1/comments/{comment['id']}/").status_code == 404
    patch = client.patch(f"/api/v1/comments/{comment['id']}/", {"text": "다른 글"}, format="json")
    assert patch.status_code == 404


def test_comments_are_visible_again_with_their_article(
    article: Article, chi: User, ben: User, chief: User, reading: Any
) -> None:
    """community B17."""
    posted = post_comment(article, by=chi, text="글")
    withdraw(article, notice="내렸습니다.", by=ben)
    restore(article, by=chief)
    publish_edition(freeze(make.draft_of(article), by=ben), by=ben)
    assert [comment["id"] for comment in reading()] == [posted.pk]
    assert comment_count_of(article) == 1


def test_comments_stay_when_the_article_is_moved_and_renamed(
    article: Article, chi: User, ben: User, api: APIClient
) -> None:
    """community B18."""
    posted = post_comment(article, by=chi, text="글")
    former = f"/api/v1/articles/{article.slug}/comments/"
    draft = edit(make.draft_of(article), by=ben, slug="새-주소", section=make.section("문화"))
    publish_now(draft, by=ben)
    moved = api.get(former)
    assert moved.status_code == 301
    assert [comment["id"] for comment in api.get(moved["Location"]).json()["results"]] == [
        posted.pk
    ]
    assert api.get(f"/api/v1/comments/{posted.pk}/").json()["text"] == "글"
    assert comment_count_of(article) == 1


def test_closed_comments_can_be_read_but_not_written(
    article: Article, chi: User, as_user: SignIn, reading: Any
) -> None:
    posted = post_comment_by_api(as_user(chi), article).json()
    Article.objects.filter(pk=article.pk).update(comments_mode="closed")
    assert (
        post_comment_by_api(as_user(chi), article, "더 할 말").json()["code"] == "comments_closed"
    )
    patch = as_user(chi).patch(f"/api/v1/comments/{posted['id']}/", {"text": "더"}, format="json")
    assert patch.status_code == 403
    assert [comment["id"] for comment in reading()] == [posted["id"]]
    assert as_user(chi).delete(f"/api/v1/comments/{posted['id']}/").status_code == 204


def test_comments_mode_hold_holds_comments_for_a_moderator(
    chi: User, mo: User, as_user: SignIn, api: APIClient
) -> None:
    article = make.live(comments_mode="hold")
    comment = post_comment_by_api(as_user(chi), article).json()
    assert comment["state"] == "held"
    assert comment["text"] == "잘 읽었습니다."
    assert api.get(f"/api/v1/comments/{comment['id']}/").status_code == 404
    assert comment_count_of(article) == 0
    edited = as_user(chi).patch(
        f"/api/v1/comments/{comment['id']}/", {"text": "다시 썼습니다."}, format="json"
    )
    assert edited.json()["state"] == "held"
    show_comment(Comment.objects.get(pk=comment["id"]), by=mo)
    assert api.get(f"/api/v1/comments/{comment['id']}/").json()["text"] == "다시 썼습니다."
    assert comment_count_of(article) == 1


def test_replies_have_one_level_and_name_the_comment_answered(
    article: Article, chi: User, mal: User, as_user: SignIn, reading: Any
) -> None:
    """community B15."""
    top = post_comment_by_api(as_user(chi), article).json()["id"]
    reply = post_comment_by_api(as_user(mal), article, "글쎄요", parent=top).json()["id"]
    deeper = post_comment_by_api(as_user(chi), article, "정말입니다", parent=reply).json()
    assert (deeper["parent"], deeper["in_reply_to"]) == (top, reply)
    (comment,) = reading()
    assert [r["id"] for r in comment["replies"]] == [reply, deeper["id"]]
    assert comment["reply_count"] == 2
    assert comment_count_of(article) == 3


def test_reply_to_an_invisible_or_missing_comment_is_refused_alike(
    article: Article, chi: User, mo: User, as_user: SignIn
) -> None:
    """community B13, B14."""
    client = as_user(chi)
    elsewhere = post_comment_by_api(client, make.live(), "다른 기사의 글").json()["id"]
    removed = {
        word: post_comment_by_api(client, article, word).json()["id"]
        for word in ("하나", "둘", "셋")
    }
    hide_comment(Comment.objects.get(pk=removed["하나"]), by=mo, reason="")
    hold_comment(Comment.objects.get(pk=removed["둘"]), by=mo, reason="")
    client.delete(f"/api/v1/comments/{removed['셋']}/")
    for parent in (elsewhere, *removed.values(), 999_999_999, 2**63 - 1):
        refused = post_comment_by_api(client, article, "답글", parent=parent)
        assert (refused.status_code, refused.json()["code"]) == (404, "parent_gone")
    assert Comment.objects.count() == 4


def test_reply_under_a_hidden_comment_is_refused(
    article: Article, chi: User, mal: User, mo: User, as_user: SignIn
) -> None:
    """community B14."""
    top = post_comment_by_api(as_user(chi), article).json()["id"]
    reply = post_comment_by_api(as_user(mal), article, "답글", parent=top).json()["id"]
    hide_comment(Comment.objects.get(pk=top), by=mo, reason="")
    assert (
        post_comment_by_api(as_user(chi), article, "더 깊은 답글", parent=reply).json()["code"]
        == "parent_gone"
    )


def test_thread_embeds_twenty_replies_and_paginates_the_others(
    article: Article, chi: User, reading: Any, api: APIClient
) -> None:
    top = post_comment(article, by=chi, text="첫 글")
    for n in range(25):
        post_comment(article, by=chi, text=f"{n}번째 답글", parent=top.pk)
    (comment,) = reading()
    assert comment["reply_count"] == 25
    assert [r["text"] for r in comment["replies"]] == [f"{n}번째 답글" for n in range(20)]
    rest = reading(f"?parent={top.pk}&sort=oldest&page_size=100")
    assert [r["text"] for r in rest] == [f"{n}번째 답글" for n in range(25)]


def test_deleting_a_comment_is_idempotent_and_counted_once(
    article: Article, chi: User, as_user: SignIn, reading: Any
) -> None:
    client = as_user(chi)
    post_comment_by_api(client, article, "남는 글")
    comment = post_comment_by_api(client, article).json()["id"]
    url = f"/api/v1/comments/{comment}/"
    assert [client.delete(url).status_code for _ in range(2)] == [204, 204]
    assert len(reading()) == 1
    assert comment_count_of(article) == 1
    assert client.get(url).status_code == 404
    assert Comment.objects.get(pk=comment).text == ""
    assert Event.objects.filter(name="comment.removed").count() == 1


def test_deleted_comment_is_a_placeholder_while_it_has_replies(
    article: Article, chi: User, mal: User, as_user: SignIn, reading: Any
) -> None:
    top = post_comment_by_api(as_user(chi), article).json()["id"]
    reply = post_comment_by_api(as_user(mal), article, "답글", parent=top).json()["id"]
    as_user(chi).delete(f"/api/v1/comments/{top}/")
    (place,) = reading()
    assert place["state"] == "deleted"
    assert (place["author"], place["text"], place["edited_at"]) == (None, None, None)
    assert [r["text"] for r in place["replies"]] == ["답글"]
    assert comment_count_of(article) == 1
    as_user(mal).delete(f"/api/v1/comments/{reply}/")
    assert reading() == []
    assert comment_count_of(article) == 0


def test_placeholder_has_the_state_of_its_comment(
    article: Article, chi: User, mal: User, mo: User, reading: Any
) -> None:
    """community B34."""
    for word in ("하나", "둘", "셋", "넷"):
        top = post_comment(article, by=mal if word == "넷" else chi, text=f"{word}째 글")
        post_comment(article, by=chi, text=f"{word}째 답글", parent=top.pk)
    one, two, three, _four = Comment.objects.filter(parent=None).order_by("pk")
    hide_comment(one, by=mo, reason="욕설")
    hold_comment(two, by=mo, reason="확인 중")
    delete_comment(three, by=chi)
    delete_account(mal)
    places = reading("?sort=oldest")
    assert [p["state"] for p in places] == ["hidden", "held", "deleted", "account_closed"]
    assert {(p["author"], p["text"]) for p in places} == {(None, None)}
    assert "욕설" not in str(places)
    assert comment_count_of(article) == 4
