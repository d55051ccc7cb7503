"""Change feed: a mirror that follows it has all public articles, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from articles import tasks
from articles.models import NOT_IN_CHANGE_FEED, NOT_INDEXED, Article, Change
from articles.syndication.change_feed import count_pending_changes
from articles.tasks import update_change_feed
from desk.actions import publish_now, restore, withdraw
from desk.actions.freezing import Correction
from desk.tasks import process_due
from newsroom.celery import app
from tests.support import make
from tests.support.clients.change_feed_client import (
    CHANGE_FEED_PATH,
    ChangeFeedMirror,
    record_all_changes,
    slugs_and_kinds,
)

pytestmark = pytest.mark.django_db


def republish(story: Article, **changes: Any) -> Article:
    """Publish the article again with these changes."""
    return publish_now(make.changed(make.draft_of(story), **changes), by=make.ben()).article


def test_the_change_feed_covers_the_whole_life_of_an_article() -> None:
    mirror = ChangeFeedMirror()
    story = make.live(headline="물레방아 도는 내력", slug="물레방아")
    record_all_changes()
    (first,) = mirror.follow()
    assert (first["kind"], first["edition"]) == ("published", 1)
    assert first["article"]["headline"] == "물레방아 도는 내력"
    republish(story, headline="풍차 도는 내력")
    record_all_changes()
    (second,) = mirror.follow()
    assert (second["kind"], second["edition"]) == ("updated", 2)
    assert second["article"]["headline"] == "풍차 도는 내력"
    withdraw(story, notice="사실과 달라 내립니다", by=make.ben())
    record_all_changes()
    (third,) = mirror.follow()
    assert (third["slug"], third["kind"], third["article"], third["edition"]) == (
        "물레방아",
        "withdrawn",
        None,
        None,
    )
    assert mirror.copies == {}
    restore(story, by=make.staff("chief", role="chief"))
    record_all_changes()
    assert mirror.follow() == []
    republish(story, headline="다시 도는 물레방아")
    record_all_changes()
    assert slugs_and_kinds(mirror.follow()) == [("물레방아", "published")]


def test_a_tombstone_has_no_text_of_the_article(api: APIClient) -> None:
    story = make.live(headline="물레방아 도는 내력", deck="물이 마르던 날", slug="wheel")
    record_all_changes()
    withdraw(story, notice="내립니다", by=make.ben())
    for sweeps in (0, 1):  # before and after the sweep
        if sweeps:
            record_all_changes()
        page = api.get(CHANGE_FEED_PATH).content.decode()
        assert '"withdrawn"' in page
        for word in ("물레방아", "마르던", "로봇", "내립니다"):
            assert word not in page


def test_a_correction_has_its_kind_in_the_change_feed() -> None:
    story = make.live()
    record_all_changes()
    note = Correction(kind="correction", note="경첩은 세 개가 아니라 두 개입니다.")
    publish_now(make.draft_of(story), by=make.ben(), correction=note)
    record_all_changes()
    assert slugs_and_kinds(ChangeFeedMirror().follow()) == [(story.slug, "corrected")]


def test_a_changed_slug_is_in_the_change_feed_with_former_slugs() -> None:
    mirror = ChangeFeedMirror()
    story = make.live(slug="물레방아")
    record_all_changes()
    mirror.follow()
    republish(story, slug="풍차")
    record_all_changes()
    (line,) = mirror.follow()
    assert (line["slug"], line["former_slugs"]) == ("풍차", ["물레방아"])
    assert line["url"].endswith("/articles/%ED%92%8D%EC%B0%A8/") or line["url"].endswith("풍차/")
    assert list(mirror.copies) == ["풍차"]


def test_an_expired_article_leaves_a_tombstone_in_the_change_feed(api: APIClient) -> None:
    end = timezone.now() + timedelta(minutes=5)
    story = make.live(headline="오늘만 여는 장터", expires_at=end)
    record_all_changes()
    with time_machine.travel(end + timedelta(seconds=1), tick=False):
        # Expired from that second on, before any task has run.
        (line,) = api.get(CHANGE_FEED_PATH).json()["results"]
        assert (line["kind"], line["article"]) == ("expired", None)
        process_due()
        assert record_all_changes() == 1
        mirror = ChangeFeedMirror()
        assert slugs_and_kinds(mirror.follow()) == [(story.slug, "expired")]
        withdraw(story, notice="내립니다", by=make.ben())
        record_all_changes()
        assert slugs_and_kinds(mirror.follow()) == [(story.slug, "withdrawn")]


def test_unpublished_articles_leave_no_trace_or_gap_in_the_change_feed(api: APIClient) -> None:
    """publishing 39"""
    make.live(slug="first")
    record_all_changes()
    before = api.get(CHANGE_FEED_PATH).content
    draft = make.draft(headline="비밀 기사")
    make.planned(headline="예약 기사")
    make.planned(headline="엠바고 기사", embargo_until=timezone.now() + timedelta(minutes=1))
    make.changed(draft, deck="아직 아무도 모른다")
    assert record_all_changes() == 0
    assert api.get(CHANGE_FEED_PATH).content == before
    make.live(slug="second")
    record_all_changes()
    # No gap between positions, whatever was written in between.
    assert list(Change.objects.values_list("position", flat=True)) == [1, 2]


def test_an_unchanged_change_feed_answers_304(api: APIClient) -> None:
    make.live()
    record_all_changes()
    first = api.get(CHANGE_FEED_PATH).json()
    assert not first["more"]
    end = api.get(first["next"])
    assert end.json()["results"] == []
    assert end.json()["next"] == first["next"]
    assert api.get(first["next"], headers={"If-None-Match": end["ETag"]}).status_code == 304
    make.live()
    record_all_changes()
    assert api.get(first["next"], headers={"If-None-Match": end["ETag"]}).status_code == 200


def test_change_feed_pages_have_the_requested_size_and_a_next_link() -> None:
    stories = [make.live() for _ in range(7)]
    record_all_changes()
    mirror = ChangeFeedMirror(page_size=3)
    assert slugs_and_kinds(mirror.follow()) == [(story.slug, "published") for story in stories]
    republish(stories[0])
    record_all_changes()
    assert slugs_and_kinds(mirror.follow()) == [(stories[0].slug, "updated")]
    # Whoever begins now gets each story once, the changed one last.
    assert [line["slug"] for line in ChangeFeedMirror(page_size=2).follow()] == [
        *(story.slug for story in stories[1:]),
        stories[0].slug,
    ]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("since=4711", "since"),
        ("since=WzFd:abc", "since"),
        ("cursor=x", "cursor"),
        ("page_size=101", "page_size"),
        ("section=산업", "section"),
    ],
)
def test_invalid_change_feed_parameters_are_refused_by_name(
    api: APIClient, query: str, named: str
) -> None:
    response = api.get(f"{CHANGE_FEED_PATH}?{query}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"].endswith(named)


def test_a_cursor_from_before_a_restored_backup_is_refused(api: APIClient) -> None:
    make.live()
    make.live()
    record_all_changes()
    cursor = api.get(CHANGE_FEED_PATH).json()["next"]
    Change.objects.filter(position=2).delete()  # what the backup did not have
    assert api.get(cursor).status_code == 400


def test_the_change_feed_costs_the_same_queries_for_one_and_twenty(api: APIClient) -> None:
    make.live()
    record_all_changes()
    with CaptureQueriesContext(connection) as one:
        api.get(CHANGE_FEED_PATH)
    for _ in range(19):
        make.live()
    record_all_changes()
    with CaptureQueriesContext(connection) as twenty:
        assert len(api.get(CHANGE_FEED_PATH).json()["results"]) == 20
    assert len(one) == len(twenty) == 2


def test_an_idle_change_feed_sweep_only_reads() -> None:
    make.live()
    record_all_changes()
    with CaptureQueriesContext(connection) as queries:
        assert update_change_feed() == "0 changes appended"
    assert not [q["sql"] for q in queries if q["sql"].startswith(("UPDATE", "INSERT"))]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by what is there")
@pytest.mark.parametrize(
    ("left", "index"),
    [(NOT_IN_CHANGE_FEED, "not_in_change_feed_yet"), (NOT_INDEXED, "not_indexed_yet")],
)
def test_pending_articles_are_found_by_a_partial_index(left: Any, index: str) -> None:
    question, values = Article.objects.filter(left).order_by("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {question}", values)
        assert index in str(cursor.fetchall())


def test_publications_wait_for_a_burst_and_withdrawals_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tasks, "BURST_MIN_ARTICLES", 2)
    withdrawn = make.live(slug="gone")
    assert update_change_feed() == "1 changes appended"
    make.live()
    make.live()
    withdraw(withdrawn, notice="내립니다", by=make.ben())
    assert update_change_feed() == "1 changes appended"
    assert slugs_and_kinds(ChangeFeedMirror().follow()) == [("gone", "withdrawn")]
    assert count_pending_changes() == 2
    with time_machine.travel(timezone.now() + tasks.BURST_WINDOW, tick=False):
        assert update_change_feed() == "2 changes appended"


def test_the_change_feed_is_updated_every_second() -> None:
    entry = app.conf.beat_schedule["update-change-feed"]
    assert (entry["task"], entry["schedule"]) == (update_change_feed.name, 1.0)


def test_a_change_feed_page_has_the_surrogate_keys_of_its_articles(api: APIClient) -> None:
    make.live(slug="shown")
    withdraw(make.live(slug="gone"), notice="내립니다", by=make.ben())
    record_all_changes()
    keys = api.get(CHANGE_FEED_PATH)["Surrogate-Key"].split()
    assert {"list", "newest", "article-shown", "article-gone"} <= set(keys)
