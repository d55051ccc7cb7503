"""One's own comments: editing them, and that other readers' are out of reach."""

from typing import Any

import pytest

from accounts.models import User
from articles.models import Article
from comments.actions import (
    delete_comment,
    edit_comment,
    hide_comment,
    hold_comment,
    post_comment,
    writing,
)
from comments.actions.writing import lock_own_comment
from comments.errors import TooLateToEdit
from comments.models import Comment
from tests.support import make
from tests.support.clients.comment_client import (
    SignIn,
    backdate_comment,
    comment_count_of,
    post_comment_by_api,
)

pytestmark = pytest.mark.django_db


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
    hidden, waiting, deleted = (post_comment(article, by=chi, text=f"{n}번째 글") for n in range(3))
    hide_comment(hidden, by=mo, reason="")
    hold_comment(waiting, by=mo, reason="")
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
            for pk in (hidden.pk, waiting.pk, deleted.pk, 999_999_999)
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
