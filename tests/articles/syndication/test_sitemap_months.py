"""The index of the sitemaps: months are counted once, and right at every moment."""

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
from articles.models import Article, Month
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


def test_a_story_is_in_the_index_before_and_after_the_sweep(client: Client) -> None:
    make.live()
    assert months(client) == [this_month()]
    update_change_feed()
    assert months(client) == [this_month()]
    assert Month.objects.get().stories == 1


def test_a_month_whose_stories_are_gone_is_gone_before_and_after_the_sweep(
    client: Client, ben: User
) -> None:
    story = make.live()
    update_change_feed()
    withdraw(story, notice="거두어들였습니다.", by=ben)
    assert months(client) == []
    update_change_feed()
    assert months(client) == []


def test_a_story_whose_time_is_over_is_not_counted(client: Client) -> None:
    story = make.live()
    update_change_feed()
    Article.objects.filter(pk=story.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert months(client) == []


def test_the_index_counts_no_story_that_was_told(client: Client) -> None:
    make.live()
    update_change_feed()
    with CaptureQueriesContext(connection) as asked:
        client.get("/sitemap.xml")
    assert not [q["sql"] for q in asked.captured_queries if "COUNT(" in q["sql"].upper()]


def test_a_month_has_as_many_files_as_it_takes(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(views_syndication, "MAX_SITEMAP_URLS", 2)
    for _ in range(3):
        make.live()
    update_change_feed()
    assert months(client) == [this_month(1), this_month(2)]


def test_counting_all_says_the_same_as_the_sweeps(client: Client) -> None:
    make.live()
    make.live()
    update_change_feed()
    swept = list(Month.objects.values())
    Month.objects.all().delete()
    assert months_with_articles() == []
    rebuild_months()
    assert list(Month.objects.values()) == swept


def test_a_month_begins_by_the_papers_clock() -> None:
    last_of_october_in_utc = datetime(2026, 10, 31, 15, 0, tzinfo=UTC)
    assert month_start(last_of_october_in_utc).month == 11
    began, ended = month_bounds(month_start(last_of_october_in_utc))
    assert began == last_of_october_in_utc
    assert ended - began == timedelta(days=30)


def over(story: Article) -> None:
    ended = timezone.now() - timedelta(seconds=1)
    Article.objects.filter(pk=story.pk).update(expires_at=ended)


def test_a_story_that_ends_and_comes_back_between_two_sweeps_stays_in_the_index(
    client: Client, ben: User
) -> None:
    story = make.live()
    update_change_feed()
    over(story)
    other = make.live()
    update_change_feed()  # counts the month while the story is over
    Article.objects.filter(pk=story.pk).update(expires_at=None)
    withdraw(other, notice="거두어들였습니다.", by=ben)
    for _ in range(2):
        assert months(client) == [this_month()]
        update_change_feed()
    assert Month.objects.get().stories == 1


def test_a_story_that_is_gone_before_it_was_told_leaves_nothing_in_the_index(
    client: Client, ben: User
) -> None:
    other, story = make.live(), make.live()
    append_pending_changes(batch_size=1)  # of the one that came first
    over(story)
    process_due()
    withdraw(other, notice="거두어들였습니다.", by=ben)
    for _ in range(2):
        assert months(client) == []
        update_change_feed()


def test_an_archive_that_was_just_taken_in_is_in_the_index(
    client: Client, monkeypatch: Any
) -> None:
    monkeypatch.setattr("articles.syndication.sitemap_months.MAX_PENDING_ARTICLES", 1)
    make.live()
    make.live()
    assert months(client) == [this_month()]
    update_change_feed()
    assert months(client) == [this_month()]


def test_counting_all_forgets_months_that_are_empty() -> None:
    Month.objects.create(first_day=datetime(2020, 1, 1, tzinfo=UTC).date(), stories=3)
    make.live()
    update_change_feed()
    rebuild_months()
    assert [month.stories for month in Month.objects.all()] == [1]
