"""API of saved articles."""

import unicodedata
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article, ArticleCounts
from desk.actions import withdraw
from saves.actions import save_article
from saves.models import Save
from tests.support import make

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], APIClient]


@pytest.fixture
def article() -> Article:
    return make.live()


def save_count(article: Article) -> int:
    return ArticleCounts.objects.get(article=article).saves


def test_saving_and_removing_an_article_are_idempotent(
    article: Article, chi: User, as_user: SignIn
) -> None:
    """community B88."""
    client, where = as_user(chi), f"/api/v1/articles/{article.slug}/save/"
    assert [client.put(where).status_code for _ in range(2)] == [204, 204]
    assert (Save.objects.count(), save_count(article)) == (1, 1)
    assert [client.delete(where).status_code for _ in range(2)] == [204, 204]
    assert (Save.objects.count(), save_count(article)) == (0, 0)


def test_saving_needs_an_account(api: APIClient, article: Article) -> None:
    for method in (api.put, api.delete):
        refused = method(f"/api/v1/articles/{article.slug}/save/")
        assert refused.status_code == 401
        assert refused["Content-Type"] == "application/problem+json"
    assert api.get("/api/v1/me/saves/").status_code == 401


def test_saving_with_a_session_needs_the_csrf_token(article: Article, chi: User) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(chi)
    assert client.put(f"/api/v1/articles/{article.slug}/save/").json()["code"] == "csrf"
    assert not Save.objects.exists()


def test_saving_an_article_that_is_not_live_is_a_404(
    article: Article, chi: User, ben: User, as_user: SignIn
) -> None:
    planned = make.planned().article
    withdraw(article, notice="내렸습니다.", by=ben)
    client = as_user(chi)
    responses = [
        method(f"/api/v1/articles/{slug}/save/")
        for slug in (article.slug, planned.slug, "none-such", "%00")
        for method in (client.put, client.delete)
    ]
    assert {response.status_code for response in responses} == {404}
    assert len({response.content for response in responses}) == 1


def test_saved_list_is_private_and_newest_first(chi: User, mal: User, as_user: SignIn) -> None:
    """community B88."""
    articles = [make.live() for _ in range(3)]
    for article in articles:
        save_article(article, by=chi)
    save_article(make.live(), by=mal)
    response = as_user(chi).get("/api/v1/me/saves/")
    rows = response.json()["results"]
    assert [row["slug"] for row in rows] == [article.slug for article in reversed(articles)]
    assert rows[0]["saved_at"]
    assert len(rows[0]["summary"]) == 3
    for other in (f"/api/v1/users/{mal.pk}/saves/", f"/api/v1/me/saves/{mal.pk}/"):
        assert as_user(chi).get(other).status_code == 404
    assert response["Cache-Control"] == "no-store"


def test_withdrawn_article_leaves_the_saved_list_and_can_be_removed(
    article: Article, chi: User, ben: User, as_user: SignIn
) -> None:
    """community B89."""
    client = as_user(chi)
    save_article(article, by=chi)
    withdraw(article, notice="내렸습니다.", by=ben)
    listed = client.get("/api/v1/me/saves/")
    assert (listed.status_code, listed.json()["results"]) == (200, [])
    assert client.delete(f"/api/v1/articles/{article.slug}/save/").status_code == 204
    assert save_count(article) == 0


def test_saved_list_pagination_is_stable_under_changes(chi: User, as_user: SignIn) -> None:
    """community B90."""
    articles = [make.live() for _ in range(7)]
    for article in articles:
        save_article(article, by=chi)
    client, slugs, url = as_user(chi), list[str](), "/api/v1/me/saves/?page_size=2"
    while url:
        page = client.get(url).json()
        slugs += [row["slug"] for row in page["results"]]
        client.delete(f"/api/v1/articles/{slugs[-1]}/save/")
        if len(slugs) < 5:
            save_article(make.live(), by=chi)
        url = page["next"]
    assert slugs == [article.slug for article in reversed(articles)]


@pytest.mark.parametrize("query", ["cursor=x", "cursor=%00", "nosuch=1", "page_size=0"])
def test_saved_list_refuses_unknown_parameters(chi: User, as_user: SignIn, query: str) -> None:
    assert as_user(chi).get(f"/api/v1/me/saves/?{query}").status_code == 400


def test_saved_list_costs_the_same_queries_for_one_and_for_twenty(
    chi: User, as_user: SignIn
) -> None:
    client = as_user(chi)

    def query_count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/api/v1/me/saves/").status_code == 200
        return len(queries)

    save_article(make.live(poll=make.poll_data(), lead_photo=make.photo()), by=chi)
    one = query_count()
    for _ in range(19):
        save_article(make.live(), by=chi)
    assert query_count() == one


def test_saving_finds_the_slug_in_any_unicode_form(chi: User, as_user: SignIn) -> None:
    article = make.live(slug="로봇이-문을-열다")
    decomposed = unicodedata.normalize("NFD", article.slug)
    assert as_user(chi).put(f"/api/v1/articles/{decomposed}/save/").status_code == 204
    assert save_count(article) == 1
