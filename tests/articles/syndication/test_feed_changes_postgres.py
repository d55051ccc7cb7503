"""Feed times on PostgreSQL: with publications that commit in any order, they never decrease."""

import threading
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from articles.models import FeedChange
from articles.syndication.feed_updates import settle_feed_changes
from desk.actions import publish_now, withdraw
from tests.support import make
from tests.support.formats.syndication import read_document

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
ATOM = "/feeds/atom.xml"


def feed_updated_at() -> datetime:
    result = read_document(ATOM).updated
    assert result
    return result


def test_a_feed_change_that_commits_last_has_the_latest_time() -> None:
    story, fast = make.live(), make.draft(slug="quick")
    has_written, may_commit = threading.Event(), threading.Event()
    ben = make.ben()

    def work(number: int) -> Any:
        if number == 0:
            with transaction.atomic():
                withdraw(story, notice="거두어들였습니다.", by=ben)
                has_written.set()
                assert may_commit.wait(20)
            return None
        assert has_written.wait(20)
        publish_now(fast, by=ben)
        before_settling = feed_updated_at()
        settle_feed_changes()
        feed_times = [before_settling, feed_updated_at()]
        may_commit.set()
        return feed_times

    results: list[Any] = make.race(2, work)
    first, settled = next(result for result in results if result)
    assert settled > first
    updated_after = feed_updated_at()  # includes the withdrawal, whose own time is the earliest
    settle_feed_changes()
    assert settled <= updated_after < feed_updated_at()


def test_last_modified_never_decreases_under_concurrent_publishing_and_sweeps() -> None:
    ben = make.ben()
    stories = [make.live() for _ in range(4)]
    drafts = {story.pk: make.draft_of(story) for story in stories}
    all_published, is_committed = threading.Event(), list[int]()
    feed_times: dict[int, list[datetime]] = {4: [], 5: []}

    def work(number: int) -> None:
        if number < 2:
            try:
                for n in range(6):
                    draft = drafts[stories[number * 2 + n % 2].pk]
                    publish_now(make.changed(draft, headline=f"{number}-{n}"), by=ben)
            finally:
                is_committed.append(number)
                if len(is_committed) == 2:
                    all_published.set()
        elif number < 4:
            while not all_published.is_set():
                settle_feed_changes()
        else:
            while not all_published.is_set():
                feed_times[number].append(feed_updated_at())

    results = make.race(6, work)
    assert not [each for each in results if isinstance(each, Exception)], results
    for times in feed_times.values():
        assert times == sorted(times)
    settle_feed_changes()
    assert not FeedChange.objects.filter(settled_at=None).exists()
    assert feed_updated_at() >= max(
        max(times, default=feed_updated_at()) for times in feed_times.values()
    )
