"""Sitemap index: counts of months are right before and after each sweep."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from articles.api import views_syndication
from articles.models import Article, SitemapMonth
from articles.syndication.change_feed import append_pending_changes
from articles.syndication.sitemap_months import (
    month_bounds,
    month_start,
    months_with_articles,
    rebuild_months,
)
from articles.tasks import update_change_feed
from desk.actions import withdraw
from desk.tasks import process_due
from tests.support import make

pytestmark = pytest.mark.django_db


def months(client: Client) -> list[str]:
    return re.findall(r"/sitemap-(\d[\d-]+)\.xml", client.get("/sitemap.xml").content.decode())


def this_month(part: int = 1) -> str:
    return f"{month_start(timezone.now()):%Y-%m}-{part}"


def test_an_article_is_in_the_sitemap_index_before_and_after_the_sweep(client: Client) -> None:
    make.live()
    assert months(client) == [this_month()]
    update_change_feed()
    assert months(client) == [this_month()]
    assert SitemapMonth.objects.get().stories == 1


def test_an_emptied_month_leaves_the_sitemap_index_before_and_after_the_sweep(
    client: Client, ben: User
) -> None:
    story = make.live()
    update_change_feed()
    withdraw(story, notice="거두어들였습니다.", by=ben)
    assert months(client) == []
    update_change_feed()
    assert months(client) == []


def test_an_expired_article_is_not_counted_in_its_month(client: Client) -> None:
    story = make.live()
    update_change_feed()
    Article.objects.filter(pk=story.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert months(client) == []


def test_the_sitemap_index_counts_no_article_already_swept(client: Client) -> None:
    make.live()
    update_change_feed()
    with CaptureQueriesContext(connection) as queries:
        client.get("/sitemap.xml")
    assert not [q["sql"] for q in queries.captured_queries if "COUNT(" in q["sql"].upper()]


def test_a_month_has_as_many_sitemap_files_as_needed(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(views_syndication, "MAX_SITEMAP_URLS", 2)
    for _ in range(3):
        make.live()
    update_change_feed()
    assert months(client) == [this_month(1), this_month(2)]


def test_rebuilding_months_equals_the_sweeps(client: Client) -> None:
    make.live()
    make.live()
    update_change_feed()
    swept = list(SitemapMonth.objects.values())
    SitemapMonth.objects.all().delete()
    assert months_with_articles() == []
    rebuild_months()
    assert list(SitemapMonth.objects.values()) == swept


def test_a_month_begins_in_the_time_zone_of_the_site() -> None:
    last_of_october_in_utc = datetime(2026, 10, 31, 15, 0, tzinfo=UTC)
    assert month_start(last_of_october_in_utc).month == 11
    began, ended = month_bounds(month_start(last_of_october_in_utc))
    assert began == last_of_october_in_utc
    assert ended - began == timedelta(days=30)


def set_expired(story: Article) -> None:
    ended = timezone.now() - timedelta(seconds=1)
    Article.objects.filter(pk=story.pk).update(expires_at=ended)


def test_an_article_withdrawn_and_restored_between_sweeps_stays_in_the_index(
    client: Client, ben: User
) -> None:
    story = make.live()
    update_change_feed()
    set_expired(story)
    other = make.live()
    update_change_feed()  # counts the month while the story is over
    Article.objects.filter(pk=story.pk).update(expires_at=None)
    withdraw(other, notice="거두어들였습니다.", by=ben)
    for _ in range(2):
        assert months(client) == [this_month()]
        update_change_feed()
    assert SitemapMonth.objects.get().stories == 1


def test_an_article_removed_before_the_sweep_leaves_nothing_in_the_index(
    client: Client, ben: User
) -> None:
    other, story = make.live(), make.live()
    append_pending_changes(batch_size=1)  # of the one that came first
    set_expired(story)
    process_due()
    withdraw(other, notice="거두어들였습니다.", by=ben)
    for _ in range(2):
        assert months(client) == []
        update_change_feed()


def test_a_freshly_imported_archive_is_in_the_sitemap_index(
    client: Client, monkeypatch: Any
) -> None:
    monkeypatch.setattr("articles.syndication.sitemap_months.MAX_PENDING_ARTICLES", 1)
    make.live()
    make.live()
    assert months(client) == [this_month()]
    update_change_feed()
    assert months(client) == [this_month()]


def test_rebuilding_months_deletes_empty_ones() -> None:
    SitemapMonth.objects.create(first_day=datetime(2020, 1, 1, tzinfo=UTC).date(), stories=3)
    make.live()
    update_change_feed()
    rebuild_months()
    assert [month.stories for month in SitemapMonth.objects.all()] == [1]
