"""Moderation of comments: held comments, decisions, suspension, audit log."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actions import suspend
from accounts.models import User
from articles.models import Article
from audit.models import Entry
from comments.actions import hide_comment, hold_comment, post_comment, show_comment
from comments.errors import AlreadyDecided, CommentChanged
from comments.models import Comment
from newsroom.errors import NotAllowed
from tests.support.clients.comment_client import SignIn, comment_count_of, post_comment_by_api

pytestmark = pytest.mark.django_db


def test_held_comment_shows_moderators_the_rule_and_the_span(
    article: Article, chi: User, as_user: SignIn, api: APIClient
) -> None:
    body = post_comment_by_api(as_user(chi), article, "너 바1보 맞지").json()
    assert body["state"] == "held"
    assert "reason" not in body
    comment = Comment.objects.get()
    assert "바보" in comment.reason
    assert Entry.objects.get(verb="posted").details["rule"] == "word"
    assert "바" not in str(Entry.objects.get(verb="posted").details)
    assert api.get(f"/api/v1/comments/{comment.pk}/").status_code == 404
    assert comment_count_of(article) == 0


def test_hold_words_can_be_set(article: Article, chi: User, as_user: SignIn, settings: Any) -> None:
    settings.COMMENT_MODERATED_WORDS = ["감자"]
    assert post_comment_by_api(as_user(chi), article, "바보 같은 일").json()["state"] == "visible"
    assert post_comment_by_api(as_user(chi), article, "감자!").json()["state"] == "held"


def test_hiding_and_showing_a_comment_keeps_position_and_count(
    article: Article, chi: User, mo: User, reading: Any
) -> None:
    first, second = (post_comment(article, by=chi, text=text) for text in ("첫 글", "둘째 글"))
    hide_comment(first, by=mo, reason="욕설")
    assert [c["id"] for c in reading()] == [second.pk]
    assert comment_count_of(article) == 1
    show_comment(first, by=mo)
    assert [c["id"] for c in reading()] == [second.pk, first.pk]
    assert comment_count_of(article) == 2
    assert [e.verb for e in Entry.objects.filter(by=mo.pk).order_by("pk")] == ["hid", "showed"]


def test_second_moderator_decision_is_refused(
    article: Article, chi: User, mo: User, ben: User
) -> None:
    comment = post_comment(article, by=chi, text="글")
    hide_comment(comment, by=mo, reason="")
    with pytest.raises(AlreadyDecided):
        hide_comment(comment, by=ben, reason="")
    assert comment_count_of(article) == 0


def test_decision_on_a_changed_comment_is_refused(
    article: Article, chi: User, mo: User, as_user: SignIn
) -> None:
    comment = post_comment(article, by=chi, text="글")
    as_user(chi).patch(f"/api/v1/comments/{comment.pk}/", {"text": "다른 글"}, format="json")
    with pytest.raises(CommentChanged):
        hide_comment(comment, by=mo, reason="", version=comment.version)


def test_readers_and_reporters_cannot_moderate(
    article: Article, chi: User, mal: User, ada: User
) -> None:
    comment = post_comment(article, by=chi, text="글")
    for person in (mal, ada):
        for decide in (hide_comment, hold_comment):
            with pytest.raises(NotAllowed):
                decide(comment, by=person, reason="")
        with pytest.raises(NotAllowed):
            show_comment(comment, by=person)


def test_suspended_reader_can_read_and_delete_but_not_write(
    article: Article, chi: User, mo: User, as_user: SignIn
) -> None:
    client = as_user(chi)
    comment_id = post_comment_by_api(client, article).json()["id"]
    suspend(chi, until=timezone.now() + timedelta(days=1), reason="도배", by=mo)
    refused = post_comment_by_api(client, article, "또 씁니다")
    assert (refused.status_code, refused.json()["code"]) == (403, "suspended")
    assert refused.json()["reason"] == "도배"
    assert refused.json()["until"]
    url = f"/api/v1/comments/{comment_id}/"
    assert client.patch(url, {"text": "고침"}, format="json").status_code == 403
    assert client.get("/api/v1/me/export/").status_code == 200
    assert client.delete(url).status_code == 204
    suspend(chi, until=timezone.now(), reason="도배", by=mo)
    assert post_comment_by_api(client, article, "이제 됩니다").status_code == 201


@pytest.mark.parametrize(
    "text", ["도배글 " * 60, "오늘만 특가 a.com b.com c.com", "이 바보 같은 글"]
)
def test_audit_log_has_no_text_of_comments(
    article: Article, chi: User, mo: User, as_user: SignIn, text: str
) -> None:
    comment = post_comment(article, by=chi, text="첫 글")
    response = as_user(chi).patch(f"/api/v1/comments/{comment.pk}/", {"text": text}, format="json")
    assert response.json()["state"] == "held"
    hide_comment(comment, by=mo, reason=Comment.objects.get(pk=comment.pk).reason)
    audit_text = "".join(
        f"{e.label} {e.details}" for e in Entry.objects.filter(kind="comments.comment")
    )
    for word in ("도배글", "특가", "같은 글", "첫 글"):
        assert word not in audit_text


def test_export_has_hidden_comments_with_the_message(
    article: Article, chi: User, mo: User, as_user: SignIn
) -> None:
    comment = post_comment(article, by=chi, text="숨겨질 글입니다.")
    hide_comment(comment, by=mo, reason="욕설", reason_code="abuse")
    answer = as_user(chi).get("/api/v1/me/export/")
    assert answer.status_code == 200
    assert answer.json()["comments"][0]["state"] == "hidden"
    assert answer.json()["comments"][0]["text"] == "숨겨질 글입니다."
