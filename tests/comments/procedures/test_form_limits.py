"""Small limits by the hour of forms of readers: accepted requests alone count there."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article
from comments.actions import hide_comment, post_comment
from tests.comments.procedures.test_blocking import BODY
from tests.support.clients.comment_client import SignIn

pytestmark = pytest.mark.django_db
MISTYPED = BODY | {"email": "hanbit@"}


def set_rates(settings: Any, **rates: str) -> None:
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {
        "DEFAULT_THROTTLE_RATES": settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] | rates
    }


def test_typing_errors_leave_the_limit_as_it_is(
    article: Article, chi: User, api: APIClient, settings: Any
) -> None:
    set_rates(settings, block_request="2/hour", form_attempt="9/hour")
    path = f"/api/v1/comments/{post_comment(article, by=chi, text='글').pk}/block-requests/"
    responses = [api.post(path, MISTYPED, format="json") for _ in range(4)]
    assert {response.status_code for response in responses} == {400}
    assert responses[-1]["RateLimit"].startswith('"block_request";r=2;')
    statuses = [api.post(path, BODY, format="json").status_code for _ in range(3)]
    assert statuses == [201, 201, 429]
    statuses = [api.post(path, MISTYPED, format="json").status_code for _ in range(2)]
    assert statuses == [429, 429]
    flooded = api.post(path, MISTYPED, format="json")
    assert (flooded.status_code, flooded["RateLimit-Policy"]) == (429, '"form_attempt";q=9;w=3600')


def test_refused_appeals_leave_the_limit_as_it_is(
    article: Article, chi: User, mo: User, as_user: SignIn, settings: Any
) -> None:
    set_rates(settings, appeal="1/hour")
    comment = hide_comment(post_comment(article, by=chi, text="글"), by=mo, reason="욕설")
    client, path = as_user(chi), f"/api/v1/comments/{comment.pk}/appeal/"
    statuses = [
        client.post(path, {"text": text}, format="json").status_code
        for text in ("", "가" * 1001, "오해입니다.", "또")
    ]
    assert statuses == [400, 400, 201, 429]
