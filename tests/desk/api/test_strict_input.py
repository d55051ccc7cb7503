"""Desk API: JSON types are not converted, and an If-Match that is no ETag of ours is named as such."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.actions import post_comment
from comments.models import ThreadPolicy
from tests.support import make
from tests.support.clients.comment_client import SignIn

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("value", ["5", "5.0", 5.5, True, [5], {}, float("1e30")])
def test_integers_of_the_rules_of_comments_are_integers_of_json(value: Any) -> None:
    article = make.live()
    desk, path = make.DeskClient(make.chief()), f"articles/{article.slug}/comments-policy/"
    for name in ("slow_mode_seconds", "closes_after_days"):
        refused = desk.call("PATCH", path, {name: value}, etag="*")
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, f"/{name}")
    assert not ThreadPolicy.objects.exists()


def test_a_number_without_a_fraction_is_an_integer_of_json_schema() -> None:
    article = make.live()
    desk, path = make.DeskClient(make.chief()), f"articles/{article.slug}/comments-policy/"
    answer = desk.call("PATCH", path, {"slow_mode_seconds": 5.0}, etag="*")
    assert (answer.status_code, answer.json()["slow_mode_seconds"]) == (200, 5)


def test_integers_of_other_bodies_are_strict_too(chi: User, as_user: SignIn) -> None:
    article = make.live()
    chief, reader = make.DeskClient(make.chief()), as_user(chi)
    draft = chief.call("POST", "drafts/", {"headline": "제목", "lead_photo": "1"})
    parent = reader.post(
        f"/api/v1/articles/{article.slug}/comments/", {"text": "글", "parent": "1"}, format="json"
    )
    read = reader.post("/api/v1/me/notifications/read/", {"until": "1"}, format="json")
    assert [answer.status_code for answer in (draft, parent, read)] == [400, 400, 400]


@pytest.mark.parametrize(
    "etag",
    ['"x"', "nonsense", "\xbf", 'W/"sanctions-1-v0-000000000000"', '"draft-1-v1-000000000000"'],
)
def test_an_if_match_that_is_no_etag_of_the_resource_is_named_as_such(
    etag: str, article: Article, chi: User, mo: User
) -> None:
    desk, chief = make.DeskClient(mo), make.DeskClient(make.chief())
    comment = post_comment(article, by=chi, text="글")
    until = (timezone.now() + timedelta(days=1)).isoformat()
    mute = {"kind": "mute", "until": until, "reason": "욕설"}
    answers = [
        desk.call("POST", f"readers/{chi.pk}/sanctions/", mute, etag=etag),
        desk.call("POST", f"comments/{comment.pk}/decision/", {"decision": "hide"}, etag=etag),
        chief.call(
            "PATCH", f"articles/{article.slug}/comments-policy/", {"mode": "hold"}, etag=etag
        ),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (412, "unknown_etag")
        assert "ETag" in answer.json()["detail"]
