"""What is read most, of what readers may still read."""

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
from tests.support.view_beacons import post_views_of_readers

pytestmark = pytest.mark.django_db
POPULAR = "/api/v1/articles/popular/"


def read_by(number: int, **over: Any) -> Article:
    story = make.live(**over)
    post_views_of_readers(story.slug, number)
    return story


def ranked(query: str = "") -> list[str]:
    count_views()
    answer = APIClient().get(f"{POPULAR}{query}")
    assert answer.status_code == 200, answer.content.decode()
    return [card["slug"] for card in answer.json()["results"]]


def test_the_most_read_comes_first_and_of_equals_the_newest() -> None:
    make.live()  # read by nobody
    some, most, equal = read_by(2), read_by(3), read_by(2)
    assert ranked() == [most.slug, equal.slug, some.slug]


def test_it_holds_cards_as_lists_do(api: APIClient) -> None:
    read_by(1)
    count_views()
    popular, listed = api.get(POPULAR).json(), api.get("/api/v1/articles/").json()
    assert popular == listed
    assert popular["results"][0]["counts"]["views"] == 1


def test_each_window_looks_back_as_far_as_it_says() -> None:
    """The hour in which a window begins counts as a whole."""
    now = timezone.now()
    stories = {}
    for name, ago in {"day": timedelta(hours=20), "week": timedelta(days=6)}.items():
        with time_machine.travel(now - ago, tick=False):
            stories[name] = read_by(3, slug=name)
            count_views()
    with time_machine.travel(now - timedelta(days=8), tick=False):
        stories["older"] = read_by(9, slug="older")
        count_views()
    stories["hour"] = read_by(1, slug="hour")
    assert ranked("?window=1h") == ["hour"]
    assert ranked("?window=24h") == ranked() == ["day", "hour"]
    assert ranked("?window=7d") == ["day", "week", "hour"]
    assert "older" not in ranked("?window=7d")


def test_a_window_slides_on_though_nobody_reads() -> None:
    story = read_by(3)
    assert ranked("?window=1h") == [story.slug]
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        assert ranked("?window=1h") == []
        assert ranked("?window=24h") == [story.slug]


def test_with_nothing_read_within_the_hour_nothing_is_ranked_anew() -> None:
    with time_machine.travel(timezone.now(), tick=False):
        read_by(1)
        assert count_views() == "1 readings counted, ranked anew"
        assert count_views() == "0 readings counted"


def test_what_readers_may_not_read_is_out_at_once() -> None:
    end = timezone.now() + timedelta(minutes=5)
    stays, goes, ends = read_by(1), read_by(3), read_by(2, expires_at=end)
    assert ranked() == [goes.slug, ends.slug, stays.slug]
    withdraw(goes, notice="내립니다", by=make.ben())
    assert ranked() == [ends.slug, stays.slug]
    assert ranked("?page_size=1") == [ends.slug]  # and takes nobody's place
    with time_machine.travel(end, tick=False):  # no clock has come round
        assert ranked() == [stays.slug]


def test_it_is_as_long_as_one_asks() -> None:
    for n in range(3):
        read_by(n + 1)
    assert len(ranked("?page_size=2")) == 2


@pytest.mark.parametrize("window", ["2h", "", "24", "1년"])
def test_another_window_is_refused_with_those_there_are(api: APIClient, window: str) -> None:
    answer = api.get(f"{POPULAR}?window={window}")
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["pointer"].endswith("window")
    for known in ("1h", "24h", "7d"):
        assert known in error["detail"]


def test_twenty_cost_what_one_costs(api: APIClient) -> None:
    read_by(1)
    count_views()
    with CaptureQueriesContext(connection) as one:
        api.get(POPULAR)
    for _ in range(19):
        read_by(1)
    count_views()
    with CaptureQueriesContext(connection) as twenty:
        assert len(api.get(POPULAR).json()["results"]) == 20
    assert len(one) == len(twenty) == 1
