"""Pins of comments through the desk API."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article
from audit.models import Entry
from comments.actions import edit_comment, hide_comment, pin_comment, post_comment
from comments.models import Comment
from tests.support import make
from tests.support.make import DeskClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(mo: User) -> DeskClient:
    return DeskClient(mo)


@pytest.fixture
def comment(article: Article, chi: User) -> Comment:
    return post_comment(article, by=chi, text="고정할 만한 글")


def etag_of(desk: DeskClient, comment: Comment) -> str:
    return str(desk.call("GET", f"moderation/{comment.pk}/")["ETag"])


def pinned(desk: DeskClient, article: Article) -> Any:
    return desk.call("GET", f"articles/{article.slug}/pins/").json()["results"]


def test_comment_is_pinned_listed_and_unpinned(
    article: Article, comment: Comment, desk: DeskClient, api: APIClient
) -> None:
    """community B47: twice changes nothing, and readers see it at once."""
    path, etag = f"comments/{comment.pk}/pin/", etag_of(desk, comment)
    assert pinned(desk, article) == []
    answer = desk.call("PUT", path, etag=etag)
    assert (answer.status_code, answer.json()["id"]) == (200, comment.pk)
    assert answer.json()["pinned_at"]
    assert answer["ETag"] == etag_of(desk, comment) != etag
    assert desk.call("PUT", path, etag=answer["ETag"]).json() == answer.json()
    assert pinned(desk, article) == [answer.json()]
    thread = api.get(f"/api/v1/articles/{article.slug}/comments/").json()["results"]
    assert [row["is_pinned"] for row in thread] == [True]
    for _time in range(2):
        answer = desk.call("DELETE", path, etag="*")
        assert (answer.status_code, answer.json()["pinned_at"]) == (200, None)
    assert pinned(desk, article) == []
    assert [entry.verb for entry in Entry.objects.filter(verb__contains="pinned")] == [
        "unpinned",
        "pinned",
    ]


def test_pin_of_what_has_changed_meanwhile_is_refused_by_what_changed(
    comment: Comment, chi: User, desk: DeskClient
) -> None:
    path, etag = f"comments/{comment.pk}/pin/", etag_of(desk, comment)
    for method in ("PUT", "DELETE"):
        assert desk.call(method, path).status_code == 428
    edit_comment(comment, by=chi, text="고친 글")
    refusal = desk.call("PUT", path, etag=etag)
    assert (refusal.status_code, refusal.json()["text"]) == (412, "고친 글")
    etag = etag_of(desk, comment)
    hide_comment(comment, by=make.chief(), reason="시험")
    refusal = desk.call("PUT", path, etag=etag)
    assert (refusal.status_code, refusal.json()["code"]) == (409, "already_decided")
    refusal = desk.call("PUT", path, etag="*")
    assert (refusal.status_code, refusal.json()["code"]) == (409, "not_pinnable")


def test_as_many_are_pinned_as_may_be_and_by_moderators_alone(
    article: Article, comment: Comment, chi: User, desk: DeskClient, settings: Any
) -> None:
    settings.COMMENT_PINS_PER_ARTICLE = 1
    other = post_comment(article, by=chi, text="다른 글")
    assert desk.call("PUT", f"comments/{other.pk}/pin/", etag="*").status_code == 200
    refusal = desk.call("PUT", f"comments/{comment.pk}/pin/", etag="*")
    assert (refusal.status_code, refusal.json()["code"]) == (409, "too_many_pins")
    assert desk.call("PUT", "comments/999999/pin/", etag="*").status_code == 404
    assert desk.call("GET", "articles/no-such/pins/").status_code == 404
    reporter = DeskClient(make.staff("ada", role="reporter"))
    for method, path in (
        ("PUT", f"comments/{comment.pk}/pin/"),
        ("DELETE", f"comments/{other.pk}/pin/"),
        ("GET", f"articles/{article.slug}/pins/"),
    ):
        assert reporter.call(method, path, etag="*").status_code == 403
    assert [row["id"] for row in pinned(desk, article)] == [other.pk]


def test_list_of_pins_takes_the_same_queries_for_one_and_for_twenty(
    article: Article, mo: User, chi: User, desk: DeskClient, settings: Any
) -> None:
    settings.COMMENT_PINS_PER_ARTICLE = 20
    counts, comments = [], [post_comment(article, by=chi, text=f"{n}번째 글") for n in range(20)]
    for number in (1, 20):
        for row in comments[:number]:
            pin_comment(row, by=mo)
        with CaptureQueriesContext(connection) as queries:
            assert len(pinned(desk, article)) == number
        counts.append(len(queries))
    assert counts[0] == counts[1]
