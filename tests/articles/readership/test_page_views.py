"""Page views: each visitor once in half an hour, no bots, no personal data."""

import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from articles.models import Article, ArticleCounts, HourlyViews, RecentView
from articles.models.page_views import ARCHIVE_HOUR
from articles.readership.stores import REPEAT_VIEW_INTERVAL
from articles.readership.view_counts import count_pending_views, purge_old_views
from articles.readership.visitors import is_human_view
from articles.tasks import count_views, purge_view_records
from desk.actions import publish_now, withdraw
from newsroom.celery import app
from tests.support import make
from tests.support.clients.view_beacons import (
    BROWSER_USER_AGENT,
    counted_views,
    post_view,
    post_views_of_readers,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _buffer_in_database(settings: Any) -> None:
    """Buffer views in the database, as without Redis; test_page_view_races.py tests Redis too."""
    settings.REDIS_URL = ""


IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)


def test_repeated_views_within_the_interval_count_once(article: Article) -> None:
    for _ in range(3):
        assert post_view(article.slug).status_code == 204
    assert counted_views(article.slug) == 1
    with time_machine.travel(timezone.now() + REPEAT_VIEW_INTERVAL, tick=False):
        post_view(article.slug)
        assert counted_views(article.slug) == 2


def test_views_of_other_visitors_and_articles_count_separately(article: Article) -> None:
    other = make.live()
    post_view(article.slug)
    post_view(article.slug, agent=IPHONE)
    post_view(article.slug, address="203.0.113.8")
    post_view(other.slug)
    assert (counted_views(article.slug), counted_views(other.slug)) == (3, 1)


def test_addresses_of_one_ipv6_network_are_one_visitor(article: Article) -> None:
    for n in range(4):
        post_view(article.slug, address=f"2001:db8:1:2::{n}")
    post_view(article.slug, address="2001:db8:1:3::1")
    assert counted_views(article.slug) == 2


def test_an_untrusted_forwarded_address_makes_no_second_visitor(
    article: Article,
) -> None:
    for n in range(4):
        post_view(article.slug, headers={"X-Forwarded-For": f"192.0.2.{n}"})
    assert counted_views(article.slug) == 1


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)",
        "Mozilla/5.0 (compatible; Daum/4.1; +http://cs.daum.net/faq/15/4118.html)",
        "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)",
        "python-requests/2.32.3",
        "curl/8.9.1",
        BROWSER_USER_AGENT.replace("Chrome", "HeadlessChrome"),
    ],
)
def test_bots_are_answered_alike_and_not_counted(article: Article, agent: str) -> None:
    response = post_view(article.slug, agent=agent)
    assert (response.status_code, response.content) == (204, b"")
    assert counted_views(article.slug) == 0


@pytest.mark.parametrize(
    "agent",
    [
        BROWSER_USER_AGENT,
        IPHONE,
        BROWSER_USER_AGENT.replace("SM-S938N", "CUBOT X18 Plus"),
        f"{BROWSER_USER_AGENT} KAKAOTALK/10.9.5 (INAPP)",
        f"{IPHONE} NAVER(inapp; search; 2000; 12.6.2; 16PRO)",
        f"{BROWSER_USER_AGENT} DaumApps/4.9.2 DaumDevice/mobile",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
        f"{BROWSER_USER_AGENT} SamsungBrowser/27.0 Whale/4.29.282.14 Edg/131.0.0.0",
    ],
)
def test_views_of_all_browsers_are_counted(agent: str) -> None:
    assert is_human_view({"HTTP_USER_AGENT": agent})


@pytest.mark.parametrize(
    "prefetch_headers",
    [
        {"Sec-Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
    ],
)
def test_prefetches_are_not_counted_as_views(article: Article, prefetch_headers: Any) -> None:
    assert post_view(article.slug, headers=prefetch_headers).status_code == 204
    assert counted_views(article.slug) == 0


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "text/plain"),
        (b"{}", "application/json"),
        (b"\xff\x00", "text/plain"),
        (b"a=1", "x/y; q"),
    ],
)
def test_an_unreadable_body_of_a_view_beacon_is_no_error(
    article: Article, body: bytes, content_type: str
) -> None:
    response = post_view(article.slug, body=body, content_type=content_type)
    assert response.status_code == 204
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    assert counted_views(article.slug) == 1


def test_a_view_beacon_needs_no_csrf_token(article: Article, chi: Any) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(chi)
    response = client.post(
        f"/api/v1/articles/{article.slug}/views/", HTTP_USER_AGENT=BROWSER_USER_AGENT
    )
    assert response.status_code == 204


def test_a_cross_site_view_beacon_is_refused(article: Article) -> None:
    response = post_view(article.slug, headers={"Origin": "https://elsewhere.example"})
    assert (response.status_code, response.json()["code"]) == (403, "foreign_origin")
    assert counted_views(article.slug) == 0


def test_a_view_beacon_of_an_article_not_live_answers_as_its_page(api: APIClient) -> None:
    """publishing 57"""
    withdrawn = make.live(slug="gone")
    withdraw(withdrawn, notice="내립니다", by=make.ben())
    planned = make.planned(slug="planned")
    for slug, status in [(withdrawn.slug, 410), (planned.article.slug, 404), ("nowhere", 404)]:
        response = post_view(slug)
        assert response.status_code == status == api.get(f"/api/v1/articles/{slug}/").status_code
    scheduled, unknown = post_view(planned.article.slug), post_view("nowhere")
    assert scheduled.json() | {"instance": ""} == unknown.json() | {"instance": ""}
    assert not RecentView.objects.exists()


def test_a_view_beacon_to_a_former_slug_counts() -> None:
    story = make.live(slug="물레방아")
    publish_now(make.changed(make.draft_of(story), slug="풍차"), by=make.ben())
    assert post_view("물레방아").status_code == 204
    assert counted_views("풍차") == 1


def test_stored_visitor_keys_do_not_reveal_who_read_what(article: Article) -> None:
    post_view(article.slug, address="203.0.113.99")
    other = make.live()
    post_view(other.slug, address="203.0.113.99")
    first, second = RecentView.objects.order_by("article_id").values_list("key", flat=True)
    assert first != second
    assert len(first) == len(second) == 64
    count_pending_views()
    with time_machine.travel(timezone.now() + REPEAT_VIEW_INTERVAL, tick=False):
        purge_view_records()
        assert not RecentView.objects.exists()
    assert counted_views(article.slug) == 1


def test_purging_loses_no_pending_view(article: Article) -> None:
    post_view(article.slug)
    with time_machine.travel(timezone.now() + timedelta(hours=3), tick=False):
        purge_old_views(now=timezone.now())
        assert counted_views(article.slug) == 1


def test_old_hourly_views_are_merged_and_stay_in_the_total(article: Article) -> None:
    now = timezone.now()
    for days in (9, 10):
        with time_machine.travel(now - timedelta(days=days), tick=False):
            post_view(article.slug)
            count_pending_views()
    post_view(article.slug)
    count_pending_views()
    purge_old_views(now=now, batch_size=1)
    assert [row.views for row in HourlyViews.objects.order_by("hour")] == [2, 1]
    assert HourlyViews.objects.get(views=2).hour == ARCHIVE_HOUR
    assert counted_views(article.slug) == 3


def test_reconcile_repairs_view_counts(article: Article) -> None:
    post_views_of_readers(article.slug, 3)
    count_pending_views()
    out = io.StringIO()
    call_command("reconcile", stdout=out)
    assert out.getvalue() == "all counts are right\n"
    ArticleCounts.objects.update(views=70)
    call_command("reconcile", stdout=out)
    assert f"{article.slug}: views kept 70, counted 3" in out.getvalue()
    assert counted_views(article.slug) == 3


def test_a_view_beacon_does_not_flush_the_response_cache(
    settings: Any, article: Article, api: APIClient
) -> None:
    settings.RESPONSE_CACHE_SECONDS = 1
    address = f"/api/v1/articles/{article.slug}/"
    with time_machine.travel(timezone.now(), tick=False):
        api.get(address)
        # The same client: each has a response cache of its own.
        assert api.post(f"{address}views/", HTTP_USER_AGENT=BROWSER_USER_AGENT).status_code == 204
        with CaptureQueriesContext(connection) as queries:
            assert api.get(address).status_code == 200
    assert len(queries) == 0


def test_page_views_are_not_logged(article: Article, caplog: Any) -> None:
    with caplog.at_level("INFO"):
        post_view(article.slug)
        assert not [line for line in caplog.records if line.name == "newsroom.requests"]
        post_view("nowhere")
        assert [line for line in caplog.records if line.name == "newsroom.requests"]


def test_a_view_beacon_costs_two_queries(article: Article) -> None:
    with CaptureQueriesContext(connection) as queries:
        post_view(article.slug)
    assert len(queries) == 2


def test_view_beacons_are_rate_limited(settings: Any, article: Article) -> None:
    rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {
        "DEFAULT_THROTTLE_RATES": rates | {"view": "2/min"}
    }
    assert [post_view(article.slug).status_code for _ in range(3)] == [204, 204, 429]


def test_page_views_are_counted_every_ten_seconds() -> None:
    entry = app.conf.beat_schedule["count-views"]
    assert (entry["task"], entry["schedule"]) == (count_views.name, 10.0)
    assert app.conf.beat_schedule["purge-view-records"]["task"] == purge_view_records.name
