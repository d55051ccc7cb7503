"""Reader state endpoint: saves, votes, comments and reactions of a reader."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article
from comments.actions import post_comment
from desk.actions import withdraw
from polls.api.voter_cookie import VOTER_COOKIE
from polls.models import Poll
from saves.actions import save_article
from tests.support import make

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], APIClient]
NOTHING: dict[str, Any] = {
    "is_saved": False,
    "my_vote": None,
    "poll": None,
    "my_comments": [],
    "my_reaction": {},
}


@pytest.fixture
def article() -> Article:
    return make.live(poll=make.poll_data())


def vote(client: APIClient, article: Article, side: str = "pro") -> None:
    client.get("/api/v1/me/state/", {"articles": article.slug})
    address = f"/api/v1/polls/{article.poll_id}/vote/"
    assert client.put(address, {"side": side}, format="json").status_code == 200


def test_anonymous_reader_has_no_state_and_gets_no_cookie_without_an_open_poll(
    api: APIClient, article: Article
) -> None:
    """community B79: the cookie by which a browser votes is given where there is a poll to vote in."""
    assert VOTER_COOKIE in APIClient().get(f"/api/v1/me/state/?articles={article.slug}").cookies
    Poll.objects.update(closes_at=timezone.now())
    response = api.get(f"/api/v1/me/state/?articles={article.slug}")
    assert response.status_code == 200
    assert response.json() == {
        "signed_in": False,
        "ignored": [],
        "articles": {article.slug: NOTHING},
    }
    assert response["Cache-Control"] == "no-store"
    assert VOTER_COOKIE not in response.cookies


def test_reader_state_has_the_vote_of_the_browser_without_an_account(
    api: APIClient, article: Article
) -> None:
    vote(api, article)
    state = api.get(f"/api/v1/me/state/?articles={article.slug}").json()
    assert state["articles"][article.slug]["my_vote"] == "pro"
    other_browser = APIClient().get(f"/api/v1/me/state/?articles={article.slug}").json()
    assert other_browser["articles"][article.slug]["my_vote"] is None


def test_reader_state_has_saves_comments_and_vote(
    article: Article, chi: User, mal: User, as_user: SignIn
) -> None:
    other, client = make.live(), as_user(chi)
    save_article(article, by=chi)
    save_article(other, by=mal)
    mine = post_comment(article, by=chi, text="내 글")
    post_comment(article, by=mal, text="남의 글")
    vote(client, article, "con")
    state = client.get(f"/api/v1/me/state/?articles={article.slug},{other.slug}").json()
    assert state["signed_in"] is True
    own = state["articles"][article.slug]
    assert (own["is_saved"], own["my_vote"], own["my_comments"]) == (True, "con", [mine.pk])
    assert own["poll"]["total_votes"] == 1
    assert state["articles"][other.slug] == NOTHING


def test_reader_state_has_poll_results_after_voting(api: APIClient, article: Article) -> None:
    Poll.objects.update(results="after_vote")
    vote(api, article)
    where = f"/api/v1/me/state/?articles={article.slug}"
    assert api.get(where).json()["articles"][article.slug]["poll"]["total_votes"] == 1
    assert APIClient().get(where).json()["articles"][article.slug]["poll"] is None


def test_reader_state_leaves_out_articles_that_are_not_live(
    api: APIClient, article: Article, ben: User
) -> None:
    planned = make.planned().article
    withdraw(article, notice="내렸습니다.", by=ben)
    where = f"/api/v1/me/state/?articles={article.slug},{planned.slug},none-such"
    assert api.get(where).json()["articles"] == {}


@pytest.mark.parametrize(
    "query",
    [
        *("", "?articles=", "?articles=,,", "?articles=%00", "?articles=a&articles=b"),
        *(
            "?articles=" + ",".join(f"a{n}" for n in range(51)),
            "?nosuch=1",
            "?articles=a&page_size=1",
        ),
    ],
)
def test_reader_state_with_invalid_parameter_is_400(api: APIClient, query: str) -> None:
    refused = api.get(f"/api/v1/me/state/{query}")
    assert refused.status_code == 400
    assert refused["Content-Type"] == "application/problem+json"


def test_reader_state_with_expired_session_is_401(api: APIClient, article: Article) -> None:
    where = f"/api/v1/me/state/?articles={article.slug}"
    assert api.get(where, HTTP_X_SESSION_TOKEN="x" * 32).status_code == 401


def test_reader_state_has_constant_number_of_queries(chi: User, as_user: SignIn) -> None:
    articles = [make.live(poll=make.poll_data()) for _ in range(20)]
    client = as_user(chi)
    for article in articles:
        save_article(article, by=chi)
        vote(client, article)

    def cost(some: list[Article]) -> int:
        slugs = ",".join(article.slug for article in some)
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(f"/api/v1/me/state/?articles={slugs}").json()["articles"])
        return len(queries)

    assert cost(articles) == cost(articles[:1])
