"""Change feed on PostgreSQL: publications that commit in any order are never missed."""

import threading
from typing import Any

import pytest
from django.db import transaction

from articles.models import NOT_IN_CHANGE_FEED, Article, Change
from articles.syndication.change_feed import append_pending_changes, count_pending_changes
from desk.actions import publish_now, withdraw
from tests.support import make
from tests.support.clients.change_feed_client import (
    ChangeFeedMirror,
    record_all_changes,
    slugs_and_kinds,
)
from tests.support.query_plans import plan_of_queryset

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_a_publication_that_commits_last_is_not_missed_by_the_change_feed() -> None:
    """Its edition id is lower than that of an article that the client has read already."""
    slow, fast = make.draft(slug="slow"), make.draft(slug="quick")
    has_written, may_commit = threading.Event(), threading.Event()
    mirror, ben = ChangeFeedMirror(), make.ben()

    def work(number: int) -> Any:
        if number == 0:
            with transaction.atomic():
                publish_now(slow, by=ben)
                has_written.set()
                assert may_commit.wait(20)
            return None
        assert has_written.wait(20)
        publish_now(fast, by=ben)
        record_all_changes()
        first_changes = slugs_and_kinds(mirror.follow())
        may_commit.set()
        return first_changes

    results = make.race(2, work)
    assert [("quick", "published")] in results
    record_all_changes()
    assert slugs_and_kinds(mirror.follow()) == [("slow", "published")]


def test_a_mirror_equals_the_site_after_concurrent_publishing_and_sweeps() -> None:
    ben = make.ben()
    stories = [make.live() for _ in range(4)]
    drafts = {story.pk: make.draft_of(story) for story in stories}
    mirror, all_published = ChangeFeedMirror(page_size=2), threading.Event()
    places: list[list[int]] = []

    def publish(number: int) -> None:
        for n in range(6):
            story = stories[(number + n) % 4]
            draft = make.changed(drafts[story.pk], headline=f"{number}번 기자의 {n}번째 제목")
            publish_now(draft, by=ben)

    def work(number: int) -> None:
        if number < 2:
            try:
                publish(number)
            finally:
                finished_publishers.append(number)
                if len(finished_publishers) == 2:
                    all_published.set()
        elif number < 4:
            while not all_published.is_set():
                append_pending_changes(batch_size=2)
        else:
            while not all_published.is_set():
                mirror.follow()
                places.append(sorted(Change.objects.values_list("position", flat=True)))

    finished_publishers: list[int] = []
    results = make.race(5, work)
    assert not [each for each in results if isinstance(each, Exception)], results
    record_all_changes()
    mirror.follow()
    assert count_pending_changes() == 0
    shown = {
        a.slug: a.live.headline for a in Article.objects.live().select_related("live") if a.live
    }
    assert {slug: card["headline"] for slug, card in mirror.copies.items()} == shown


def test_only_one_sweep_assigns_change_feed_positions() -> None:
    make.live(slug="one")
    holding, checked = threading.Event(), threading.Event()

    def work(number: int) -> int:
        if number == 0:
            with transaction.atomic():
                some = append_pending_changes(batch_size=1)
                holding.set()
                assert checked.wait(20)
            return some
        assert holding.wait(20)
        make.live(slug="two")
        some = append_pending_changes()
        checked.set()
        return some

    assert sorted(make.race(2, work), key=str) == [0, 1]
    assert record_all_changes() == 1
    assert slugs_and_kinds(ChangeFeedMirror().follow()) == [
        ("one", "published"),
        ("two", "published"),
    ]


def test_an_article_that_changes_during_the_sweep_is_appended_again() -> None:
    story, ben = make.live(), make.ben()
    mirror = ChangeFeedMirror()

    def work(number: int) -> Any:
        if number:
            return record_all_changes()
        return withdraw(story, notice="내립니다", by=ben)

    results = make.race(3, work)
    assert not [each for each in results if isinstance(each, Exception)]
    record_all_changes()
    mirror.follow()
    assert mirror.copies == {}
    assert slugs_and_kinds(mirror.changes)[-1] == (story.slug, "withdrawn")


def test_pending_changes_are_found_by_the_partial_index() -> None:
    make.live()
    record_all_changes()
    Article.objects.bulk_create(Article(slug=f"옛-기사-{n}") for n in range(1_000))
    pending = Article.objects.filter(NOT_IN_CHANGE_FEED).order_by("pk")
    plan = plan_of_queryset(pending, analyzed=[Article])
    assert "not_in_change_feed_yet" in plan, plan
