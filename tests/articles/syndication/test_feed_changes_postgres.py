"""Publishers that commit in any order, on PostgreSQL: the time of a feed never goes back for a reader, and
what is seen later has a later time once it is settled."""

import threading
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from articles.models import FeedChange
from articles.syndication.feed_updates import settle_feed_changes
from desk.actions import publish_now, withdraw
from tests.support import make
from tests.support.syndication import read_document

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
ATOM = "/feeds/atom.xml"


def updated() -> datetime:
    found = read_document(ATOM).updated
    assert found
    return found


def test_a_change_that_was_begun_first_and_commits_last_has_the_later_time() -> None:
    story, quick = make.live(), make.draft(slug="quick")
    begun, go_on = threading.Event(), threading.Event()
    ben = make.ben()

    def act(number: int) -> Any:
        if number == 0:
            with transaction.atomic():
                withdraw(story, notice="거두어들였습니다.", by=ben)
                begun.set()
                assert go_on.wait(20)
            return None
        assert begun.wait(20)
        publish_now(quick, by=ben)
        before_settling = updated()
        settle_feed_changes()
        seen = [before_settling, updated()]
        go_on.set()
        return seen

    done: list[Any] = make.race(2, act)
    first, settled = next(found for found in done if found)
    assert settled > first
    late = updated()  # the withdrawal is there, and its own time is the earliest of all
    settle_feed_changes()
    assert settled <= late < updated()


def test_readers_beside_publishers_and_sweeps_never_see_the_time_go_back() -> None:
    ben = make.ben()
    stories = [make.live() for _ in range(4)]
    drafts = {story.pk: make.draft_of(story) for story in stories}
    over, finished = threading.Event(), list[int]()
    seen: dict[int, list[datetime]] = {4: [], 5: []}

    def act(number: int) -> None:
        if number < 2:
            try:
                for n in range(6):
                    draft = drafts[stories[number * 2 + n % 2].pk]
                    publish_now(make.changed(draft, headline=f"{number}-{n}"), by=ben)
            finally:
                finished.append(number)
                if len(finished) == 2:
                    over.set()
        elif number < 4:
            while not over.is_set():
                settle_feed_changes()
        else:
            while not over.is_set():
                seen[number].append(updated())

    done = make.race(6, act)
    assert not [each for each in done if isinstance(each, Exception)], done
    for times in seen.values():
        assert times == sorted(times)
    settle_feed_changes()
    assert not FeedChange.objects.filter(settled_at=None).exists()
    assert updated() >= max(max(times, default=updated()) for times in seen.values())
