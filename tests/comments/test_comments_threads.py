"""Comment threads: articles, replies, placeholders, editing and deleting own comments."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article
from comments.actions import (
    delete_comment,
    edit_comment,
    hide_comment,
    hold_comment,
    post_comment,
    show_comment,
    writing,
)
from comments.actions.writing import lock_own_comment
from comments.errors import TooLateToEdit
from comments.models import Comment
from desk.actions import edit, freeze, publish_now, restore, withdraw
from outbox.models import Event
from pages.account_data import delete_account
from tests.support import make
from tests.support.clients.comment_client import (
    SignIn,
    backdate_comment,
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


def test_comment_of_another_reader_cannot_be_changed(
    article: Article, chi: User, mal: User, as_user: SignIn
) -> None:
    """community B27."""
    comment = post_comment_by_api(as_user(chi), article).json()["id"]
    client = as_user(mal)
    for number in (comment, 999_999_999, 2**70):
        url = f"/api/v1/comments/{number}/"
        assert client.patch(url, {"text": "바꿈"}, format="json").status_code == 404
        assert client.delete(url).status_code == 404
        assert client.post(f"{url}appeal/", {"text": "왜요?"}, format="json").status_code == 404
    assert Comment.objects.get().text == "잘 읽었습니다."


def test_hidden_comment_cannot_be_told_from_a_missing_one(
    article: Article, chi: User, mal: User, mo: User, as_user: SignIn
) -> None:
    """community B27."""
    hidden, held, deleted = (post_comment(article, by=chi, text=f"{n}번째 글") for n in range(3))
    hide_comment(hidden, by=mo, reason="")
    hold_comment(held, by=mo, reason="")
    delete_comment(deleted, by=chi)
    client = as_user(mal)
    for path, method, body in (
        ("", client.get, {}),
        ("", client.patch, {"text": "바꿈"}),
        ("", client.delete, {}),
        ("reaction/", client.put, {"value": "like"}),
        ("reports/", client.post, {"reason": "abuse"}),
        ("appeal/", client.post, {"text": "왜요?"}),
    ):
        answers = {
            (response.status_code, response.content)
            for pk in (hidden.pk, held.pk, deleted.pk, 999_999_999)
            for response in [method(f"/api/v1/comments/{pk}/{path}", body, format="json")]
        }
        assert [status for status, _content in answers] == [404], (path, answers)
    elsewhere = f"/api/v1/articles/{make.live().slug}/comments/?parent={hidden.pk}"
    assert client.get(elsewhere).json()["results"] == []


def test_own_comment_can_be_edited_for_fifteen_minutes(
    article: Article, chi: User, as_user: SignIn, reading: Any
) -> None:
    client = as_user(chi)
    comment = post_comment_by_api(client, article).json()["id"]
    url = f"/api/v1/comments/{comment}/"
    backdate_comment(comment, minutes=14, seconds=50)
    response = client.patch(url, {"text": "고쳐 썼습니다."}, format="json")
    assert response.status_code == 200, response.content
    assert response.json()["edited_at"]
    assert reading()[0]["text"] == "고쳐 썼습니다."
    backdate_comment(comment, minutes=15, seconds=1)
    late = client.patch(url, {"text": "너무 늦게"}, format="json")
    assert (late.status_code, late.json()["code"]) == (409, "too_late_to_edit")
    assert reading()[0]["text"] == "고쳐 썼습니다."
    assert comment_count_of(article) == 1


def test_edit_that_waited_beyond_its_time_is_refused(
    article: Article, chi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """community B28: the time is compared once the row is locked, not when the request came."""
    comment = post_comment(article, by=chi, text="처음 글")

    def lock_after_waiting(comment_id: int, author: User) -> Comment:
        backdate_comment(comment_id, minutes=15, seconds=1)
        return lock_own_comment(comment_id, author)

    monkeypatch.setattr(writing, "lock_own_comment", lock_after_waiting)
    with pytest.raises(TooLateToEdit):
        edit_comment(comment, by=chi, text="늦은 글")
    comment.refresh_from_db()
    assert (comment.text, comment.edited_at) == ("처음 글", None)


@pytest.mark.parametrize(
    "body",
    [
        *({}, {"parent": 1}, {"text": ""}),
        *({"text": "글", name: 1} for name in ("id", "state", "status", "author", "article")),
        *({"text": "글", name: 1} for name in ("is_pinned", "is_staff", "like_count", "ip")),
        *({"text": "글", name: "2020-01-01T00:00:00Z"} for name in ("created_at", "edited_at")),
    ],
)
def test_edit_of_a_comment_accepts_only_text(
    article: Article, chi: User, as_user: SignIn, body: Any
) -> None:
    """community B12."""
    comment = post_comment_by_api(as_user(chi), article).json()["id"]
    refused = as_user(chi).patch(f"/api/v1/comments/{comment}/", body, format="json")
    assert refused.status_code == 400
    assert Comment.objects.get().text == "잘 읽었습니다."


def test_edit_that_is_held_hides_the_comment_at_once(
    article: Article, chi: User, as_user: SignIn, reading: Any
) -> None:
    """community B29."""
    client = as_user(chi)
    comment = post_comment_by_api(client, article).json()["id"]
    edited = client.patch(f"/api/v1/comments/{comment}/", {"text": "이 바.보야"}, format="json")
    assert edited.json()["state"] == "held"
    assert reading() == []
    assert comment_count_of(article) == 0
    edited_again = client.patch(
        f"/api/v1/comments/{comment}/", {"text": "이 친구야"}, format="json"
    )
    assert edited_again.json()["state"] == "held"  # a held comment stays held
