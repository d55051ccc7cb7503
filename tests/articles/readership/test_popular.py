"""Most-read articles: ranking in sliding windows, of live articles only."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from articles.models import Article
from articles.tasks import count_views
from desk.actions import withdraw
from tests.support import make
from tests.support.clients.view_beacons import post_views_of_readers

pytestmark = pytest.mark.django_db
POPULAR = "/api/v1/articles/popular/"


def live_article_with_views(number: int, **fields: Any) -> Article:
    story = make.live(**fields)
    post_views_of_readers(story.slug, number)
    return story


def popular_slugs(query: str = "") -> list[str]:
    count_views()
    response = APIClient().get(f"{POPULAR}{query}")
    assert response.status_code == 200, response.content.decode()
    return [card["slug"] for card in response.json()["results"]]


def test_popular_articles_are_ordered_by_views_then_newest() -> None:
    make.live()  # without views
    older, most_viewed, newer = map(live_article_with_views, (2, 3, 2))
    assert popular_slugs() == [most_viewed.slug, newer.slug, older.slug]


def test_popular_articles_are_cards_as_in_lists(api: APIClient) -> None:
    live_article_with_views(1)
    count_views()
    popular, listed = api.get(POPULAR).json(), api.get("/api/v1/articles/").json()
    assert popular == listed
    assert popular["results"][0]["counts"]["views"] == 1


def test_each_popular_window_has_its_length() -> None:
    """The hour in which a window begins counts as a whole."""
    now = timezone.now()
    stories = {}
    for name, ago in {"day": timedelta(hours=20), "week": timedelta(days=6)}.items():
        with time_machine.travel(now - ago, tick=False):
            stories[name] = live_article_with_views(3, slug=name)
            count_views()
    with time_machine.travel(now - timedelta(days=8), tick=False):
        stories["older"] = live_article_with_views(9, slug="older")
        count_views()
    stories["hour"] = live_article_with_views(1, slug="hour")
    assert popular_slugs("?window=1h") == ["hour"]
    assert popular_slugs("?window=24h") == popular_slugs() == ["day", "hour"]
    assert popular_slugs("?window=7d") == ["day", "week", "hour"]
    assert "older" not in popular_slugs("?window=7d")


def test_a_popular_window_slides_without_new_views() -> None:
    story = live_article_with_views(3)
    assert popular_slugs("?window=1h") == [story.slug]
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        assert popular_slugs("?window=1h") == []
        assert popular_slugs("?window=24h") == [story.slug]


def test_ranking_is_not_refreshed_without_views_within_the_hour() -> None:
    with time_machine.travel(timezone.now(), tick=False):
        live_article_with_views(1)
        assert count_views() == "1 views counted, ranked anew"
        assert count_views() == "0 views counted"


def test_articles_no_longer_live_leave_the_popular_list_at_once() -> None:
    end = timezone.now() + timedelta(minutes=5)
    staying, withdrawn = live_article_with_views(1), live_article_with_views(3)
    expiring = live_article_with_views(2, expires_at=end)
    assert popular_slugs() == [withdrawn.slug, expiring.slug, staying.slug]
    withdraw(withdrawn, notice="내립니다", by=make.ben())
    assert popular_slugs() == [expiring.slug, staying.slug]
    assert popular_slugs("?page_size=1") == [expiring.slug]  # and the withdrawn one leaves no gap
    with time_machine.travel(end, tick=False):  # without a run of the scheduler
        assert popular_slugs() == [staying.slug]


def test_the_popular_list_has_the_requested_page_size() -> None:
    for n in range(3):
        live_article_with_views(n + 1)
    assert len(popular_slugs("?page_size=2")) == 2


@pytest.mark.parametrize("window", ["2h", "", "24", "1년"])
def test_an_unknown_popular_window_is_refused_with_the_valid_ones(
    api: APIClient, window: str
) -> None:
    response = api.get(f"{POPULAR}?window={window}")
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["pointer"].endswith("window")
    for known in ("1h", "24h", "7d"):
        assert known in error["detail"]


def test_the_popular_list_costs_the_same_queries_for_one_and_twenty(api: APIClient) -> None:
    live_article_with_views(1)
    count_views()
    with CaptureQueriesContext(connection) as one:
        api.get(POPULAR)
    for _ in range(19):
        live_article_with_views(1)
    count_views()
    with CaptureQueriesContext(connection) as twenty:
        assert len(api.get(POPULAR).json()["results"]) == 20
    assert len(one) == len(twenty) == 1
