"""Who reads is counted: each reader once in half an hour, no robot, nobody's name anywhere."""

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

from articles.models import Article, ArticleCounts, ReadHour, Reading
from articles.models.page_views import ARCHIVE_HOUR
from articles.readership.stores import REPEAT_VIEW_INTERVAL
from articles.readership.view_counts import count_pending_views, purge_old_views
from articles.readership.visitors import is_human_view
from articles.tasks import count_views, purge_view_records
from desk.actions import publish_now, withdraw
from newsroom.celery import app
from tests.support import make
from tests.support.view_beacons import (
    BROWSER_USER_AGENT,
    counted_views,
    post_view,
    post_views_of_readers,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_database(settings: Any) -> None:
    """Readings wait where the embedded house has them;
    tests/articles/readership/test_page_view_races.py has Redis too."""
    settings.REDIS_URL = ""


IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)


def test_a_reader_who_comes_back_soon_is_one_reader(article: Article) -> None:
    for _ in range(3):
        assert post_view(article.slug).status_code == 204
    assert counted_views(article.slug) == 1
    with time_machine.travel(timezone.now() + REPEAT_VIEW_INTERVAL, tick=False):
        post_view(article.slug)
        assert counted_views(article.slug) == 2


def test_other_people_and_other_stories_count_for_themselves(article: Article) -> None:
    other = make.live()
    post_view(article.slug)
    post_view(article.slug, agent=IPHONE)
    post_view(article.slug, address="203.0.113.8")
    post_view(other.slug)
    assert (counted_views(article.slug), counted_views(other.slug)) == (3, 1)


def test_a_line_that_changes_its_address_within_its_network_is_one_reader(article: Article) -> None:
    for n in range(4):
        post_view(article.slug, address=f"2001:db8:1:2::{n}")
    post_view(article.slug, address="2001:db8:1:3::1")
    assert counted_views(article.slug) == 2


def test_a_forwarded_address_that_no_proxy_of_ours_vouches_for_makes_no_second_reader(
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
def test_robots_are_answered_alike_and_not_counted(article: Article, agent: str) -> None:
    answer = post_view(article.slug, agent=agent)
    assert (answer.status_code, answer.content) == (204, b"")
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
def test_people_with_any_browser_are_counted(agent: str) -> None:
    assert is_human_view({"HTTP_USER_AGENT": agent})


@pytest.mark.parametrize(
    "ahead",
    [
        {"Sec-Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
    ],
)
def test_a_browser_that_only_looks_ahead_reads_nothing(article: Article, ahead: Any) -> None:
    assert post_view(article.slug, headers=ahead).status_code == 204
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
def test_whatever_a_beacon_carries_is_not_looked_at(
    article: Article, body: bytes, content_type: str
) -> None:
    answer = post_view(article.slug, body=body, content_type=content_type)
    assert answer.status_code == 204
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert counted_views(article.slug) == 1


def test_a_browser_signed_in_needs_no_token_for_it(article: Article, chi: Any) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(chi)
    answer = client.post(
        f"/api/v1/articles/{article.slug}/views/", HTTP_USER_AGENT=BROWSER_USER_AGENT
    )
    assert answer.status_code == 204


def test_a_page_of_another_site_makes_nobody_a_reader(article: Article) -> None:
    answer = post_view(article.slug, headers={"Origin": "https://elsewhere.example"})
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
    assert counted_views(article.slug) == 0


def test_what_is_not_live_answers_as_its_page_does(api: APIClient) -> None:
    """publishing 57"""
    gone = make.live(slug="gone")
    withdraw(gone, notice="내립니다", by=make.ben())
    planned = make.planned(slug="planned")
    for slug, status in [(gone.slug, 410), (planned.article.slug, 404), ("nowhere", 404)]:
        said = post_view(slug)
        assert said.status_code == status == api.get(f"/api/v1/articles/{slug}/").status_code
    one, other = post_view(planned.article.slug), post_view("nowhere")
    assert one.json() | {"instance": ""} == other.json() | {"instance": ""}
    assert not Reading.objects.exists()


def test_a_page_left_open_while_its_address_moved_still_counts() -> None:
    story = make.live(slug="물레방아")
    publish_now(make.changed(make.draft_of(story), slug="풍차"), by=make.ben())
    assert post_view("물레방아").status_code == 204
    assert counted_views("풍차") == 1


def test_nothing_kept_says_who_read_what(article: Article) -> None:
    post_view(article.slug, address="203.0.113.99")
    other = make.live()
    post_view(other.slug, address="203.0.113.99")
    one, two = Reading.objects.order_by("article_id").values_list("key", flat=True)
    assert one != two
    assert len(one) == len(two) == 64
    count_pending_views()
    with time_machine.travel(timezone.now() + REPEAT_VIEW_INTERVAL, tick=False):
        purge_view_records()
        assert not Reading.objects.exists()
    assert counted_views(article.slug) == 1


def test_a_tidying_loses_no_reading_that_waits(article: Article) -> None:
    post_view(article.slug)
    with time_machine.travel(timezone.now() + timedelta(hours=3), tick=False):
        purge_old_views(now=timezone.now())
        assert counted_views(article.slug) == 1


def test_old_hours_are_put_together_and_stay_in_the_sum(article: Article) -> None:
    now = timezone.now()
    for days in (9, 10):
        with time_machine.travel(now - timedelta(days=days), tick=False):
            post_view(article.slug)
            count_pending_views()
    post_view(article.slug)
    count_pending_views()
    purge_old_views(now=now, batch_size=1)
    assert [row.views for row in ReadHour.objects.order_by("hour")] == [2, 1]
    assert ReadHour.objects.get(views=2).hour == ARCHIVE_HOUR
    assert counted_views(article.slug) == 3


def test_reconcile_knows_what_was_read(article: Article) -> None:
    post_views_of_readers(article.slug, 3)
    count_pending_views()
    out = io.StringIO()
    call_command("reconcile", stdout=out)
    assert out.getvalue() == "all counts are right\n"
    ArticleCounts.objects.update(views=70)
    call_command("reconcile", stdout=out)
    assert f"{article.slug}: views kept 70, counted 3" in out.getvalue()
    assert counted_views(article.slug) == 3


def test_a_beacon_does_not_empty_what_is_kept_for_everybody(
    settings: Any, article: Article, api: APIClient
) -> None:
    settings.RESPONSE_CACHE_SECONDS = 1
    address = f"/api/v1/articles/{article.slug}/"
    with time_machine.travel(timezone.now(), tick=False):
        api.get(address)
        # Through the same client: each has a house of its own, with its own memory.
        assert api.post(f"{address}views/", HTTP_USER_AGENT=BROWSER_USER_AGENT).status_code == 204
        with CaptureQueriesContext(connection) as asked:
            assert api.get(address).status_code == 200
    assert len(asked) == 0


def test_readings_leave_no_line_in_the_log(article: Article, caplog: Any) -> None:
    with caplog.at_level("INFO"):
        post_view(article.slug)
        assert not [line for line in caplog.records if line.name == "newsroom.requests"]
        post_view("nowhere")
        assert [line for line in caplog.records if line.name == "newsroom.requests"]


def test_a_beacon_asks_two_short_questions(article: Article) -> None:
    with CaptureQueriesContext(connection) as asked:
        post_view(article.slug)
    assert len(asked) == 2


def test_who_sends_very_many_is_told_to_wait(settings: Any, article: Article) -> None:
    rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {
        "DEFAULT_THROTTLE_RATES": rates | {"view": "2/min"}
    }
    assert [post_view(article.slug).status_code for _ in range(3)] == [204, 204, 429]


def test_the_clock_counts_every_ten_seconds() -> None:
    entry = app.conf.beat_schedule["count-readings"]
    assert (entry["task"], entry["schedule"]) == (count_views.name, 10.0)
    assert app.conf.beat_schedule["tidy-readings"]["task"] == purge_view_records.name
