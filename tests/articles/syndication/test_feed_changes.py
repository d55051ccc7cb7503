"""A feed's `updated` is the time of the latest change of what it shows, and never goes back."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.http import http_date

from accounts.models import User
from articles.actions import save_site_object
from articles.models import Article, FeedChange, Masthead, Month
from articles.syndication.feed_updates import append_feed_changes, settle_feed_changes
from articles.tasks import update_change_feed
from desk.actions import edit, publish_now, withdraw
from desk.actions.archive_import import publish_backdated
from desk.tasks import process_due
from tests.support import make
from tests.support.syndication import (
    DOCUMENT_PATHS,
    comparison_table,
    observed_steps,
    read_document,
)

pytestmark = pytest.mark.django_db
ATOM, RSS, JSON_FEED = "/feeds/atom.xml", "/feeds/rss.xml", "/feeds/feed.json"
DOCS = Path(__file__).resolve().parent.parent.parent.parent / "docs" / "syndication.md"


def updated(path: str = ATOM) -> datetime:
    found = read_document(path).updated
    assert found is not None
    return found


@pytest.fixture
def clock() -> Any:
    """A clock that stands still until it is moved."""
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def test_a_withdrawn_story_moves_the_feed_forward_not_back(ben: User, clock: Any) -> None:
    make.live()
    clock.shift(timedelta(minutes=1))
    story = make.live()
    clock.shift(timedelta(minutes=1))
    before = {path: updated(path) for path in (ATOM, RSS)}
    clock.shift(timedelta(minutes=1))
    withdraw(story, notice="거두어들였습니다.", by=ben)
    for path, was in before.items():
        assert updated(path) > was
        assert abs(updated(path) - timezone.now()) < timedelta(seconds=1)


def test_no_document_goes_back_over_the_life_of_a_story_and_its_validator_changes_with_it() -> None:
    last: dict[str, Any] = {}
    for step, _article, seen in observed_steps():
        for path in DOCUMENT_PATHS:
            for now in seen[path]:
                if now.updated is None:  # gone, or so fresh that its second is not over
                    continue
                was = last.get(path)
                if was is not None:
                    assert now.updated >= was.updated, (step, path)
                    # By whole seconds where a document says no more.
                    assert now.etag == was.etag or step == "before" or now.updated >= was.updated
                last[path] = now
    assert set(last) == set(DOCUMENT_PATHS)


def test_the_table_of_the_documentation_is_what_the_documents_say() -> None:
    now = comparison_table()
    assert now in DOCS.read_text(), now


def test_the_feed_of_a_section_moves_when_a_story_leaves_it_for_another(
    ben: User, clock: Any
) -> None:
    old, new = (f"/sections/{quote(slug)}/feeds/atom.xml" for slug in ("산업", "문화"))
    make.live(), make.live(section=make.section("문화"))
    clock.shift(timedelta(minutes=1))
    story = make.live()
    clock.shift(timedelta(minutes=1))
    update_change_feed()
    before = updated(old), updated(new)
    clock.shift(timedelta(minutes=1))
    publish_now(edit(make.draft_of(story), by=ben, section=make.section("문화")), by=ben)
    assert updated(old) > before[0]
    assert updated(new) > before[1]


def test_a_story_that_comes_and_goes_between_two_sweeps_leaves_its_time_in_its_section(
    ben: User, clock: Any
) -> None:
    """In a section where it stood for a moment only."""
    passing = f"/sections/{quote('문화')}/feeds/atom.xml"
    make.section("문화")
    story = make.live()
    update_change_feed()
    clock.shift(timedelta(seconds=1))
    publish_now(edit(make.draft_of(story), by=ben, section=make.section("문화")), by=ben)
    seen = updated(passing)
    clock.shift(timedelta(seconds=1))
    publish_now(edit(make.draft_of(story), by=ben, section=make.section("산업")), by=ben)
    assert updated(passing) > seen
    seen = updated(passing)
    update_change_feed()
    assert updated(passing) > seen


def test_a_story_whose_time_is_over_moves_the_feed_by_the_clock_alone(clock: Any) -> None:
    make.live()
    ends = timezone.now() + timedelta(minutes=10)
    make.live(expires_at=ends)
    update_change_feed()
    clock.shift(timedelta(minutes=11))
    assert updated() == ends  # nobody has written anything
    process_due()
    assert updated() >= timezone.now() - timedelta(seconds=1)
    assert updated() >= ends
    seen = updated()
    update_change_feed()
    assert updated() > seen


def test_a_late_plan_and_an_old_story_brought_in_move_the_feed_though_their_own_times_are_past(
    ben: User, clock: Any
) -> None:
    make.live()
    update_change_feed()
    clock.shift(timedelta(minutes=1))
    seen = updated()
    publish_backdated(make.draft(), at=timezone.now() - timedelta(days=3), by=ben)
    assert updated() > seen


def test_what_happens_to_stories_that_a_feed_does_not_show_leaves_it_as_it_is(
    ben: User, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.api.views_syndication.DEFAULT_ENTRIES", 2)
    stories = []
    for _ in range(4):
        clock.shift(timedelta(minutes=1))
        stories.append(make.live())
    update_change_feed()
    before = read_document(ATOM)
    clock.shift(timedelta(minutes=1))
    withdraw(stories[0], notice="거두어들였습니다.", by=ben)
    assert read_document(ATOM) == before
    update_change_feed()
    assert read_document(ATOM) == before
    withdraw(stories[3], notice="거두어들였습니다.", by=ben)
    assert updated() > before.updated  # type: ignore[operator]


def test_another_name_of_the_site_moves_every_feed_and_a_new_author_none(
    chief: User, clock: Any
) -> None:
    make.live()
    update_change_feed()
    section = f"/sections/{quote('산업')}/feeds/atom.xml"
    before = updated(), updated(section)
    clock.shift(timedelta(minutes=1))
    make.author("새사람")
    assert (updated(), updated(section)) == before
    masthead = Masthead.current()
    masthead.name = "다른 이름"
    save_site_object(masthead, by=chief)
    assert updated() > before[0]
    assert updated(section) > before[1]


def test_the_time_of_a_change_grows_with_its_settling_though_the_clock_stands_or_goes_back(
    ben: User, clock: Any
) -> None:
    """Two changes of one instant, and one after the clock was put back by an hour."""
    first, second, third = (make.live() for _ in range(3))
    update_change_feed()
    seen = [updated()]
    for story, shift in ((first, 0), (second, 0), (third, -3600)):
        clock.shift(timedelta(seconds=shift))
        withdraw(story, notice="거두어들였습니다.", by=ben)
        seen.append(updated())
        update_change_feed()
        seen.append(updated())
    assert seen == sorted(seen)
    assert len({*seen[::2]}) == 4  # each settled change has a time of its own


def test_a_feed_that_may_still_change_within_its_second_says_no_last_modified(
    client: Client, ben: User, clock: Any
) -> None:
    story = make.live()
    assert "Last-Modified" not in client.get(JSON_FEED)
    update_change_feed()
    clock.shift(timedelta(seconds=2))
    said = client.get(JSON_FEED)["Last-Modified"]
    again = client.get(JSON_FEED, headers={"If-Modified-Since": said})
    assert (again.status_code, again.content) == (304, b"")
    withdraw(story, notice="거두어들였습니다.", by=ben)
    changed = client.get(JSON_FEED, headers={"If-Modified-Since": said})
    assert (changed.status_code, "Last-Modified" in changed) == (200, False)
    clock.shift(timedelta(seconds=2))
    update_change_feed()
    clock.shift(timedelta(seconds=2))
    assert client.get(JSON_FEED, headers={"If-Modified-Since": said}).status_code == 200
    later = http_date(timezone.now().timestamp())
    assert client.get(JSON_FEED, headers={"If-Modified-Since": later}).status_code == 304


def test_who_asks_by_validator_is_answered_by_it_whatever_time_they_say(
    client: Client, clock: Any
) -> None:
    make.live()
    update_change_feed()
    clock.shift(timedelta(seconds=5))
    now = http_date(timezone.now().timestamp())
    stale = {"If-None-Match": '"old"', "If-Modified-Since": now}
    assert client.get(ATOM, headers=stale).status_code == 200


def test_settled_rows_that_say_no_more_than_others_are_dropped() -> None:
    for _ in range(5):
        make.live()
        settle_feed_changes()
    assert FeedChange.objects.count() == 2  # of the site and of the section
    assert not FeedChange.objects.filter(settled_at=None).exists()
    assert settle_feed_changes() == 0


def test_an_earlier_place_is_kept_beside_a_later_one_that_was_changed_before() -> None:
    now = timezone.now()
    append_feed_changes([(None, now)])
    settle_feed_changes()
    append_feed_changes([(None, now - timedelta(days=60))])
    settle_feed_changes()
    assert FeedChange.objects.count() == 2


def test_what_changed_last_is_one_question_however_much_has_changed() -> None:
    for _ in range(3):
        make.live()
    with CaptureQueriesContext(connection) as asked:
        updated()
    said = [q["sql"] for q in asked.captured_queries if "articles_feedchange" in q["sql"]]
    assert len(said) == 1
    assert len(asked) == 4


def test_the_index_of_the_sitemaps_never_goes_back(client: Client, ben: User, clock: Any) -> None:
    make.live()
    clock.shift(timedelta(minutes=1))
    story = make.live()
    seen = [updated("/sitemap.xml")]
    for act in (
        update_change_feed,
        lambda: withdraw(story, notice="거두어들였습니다.", by=ben),
        update_change_feed,
    ):
        clock.shift(timedelta(minutes=1))
        act()
        seen.append(updated("/sitemap.xml"))
    assert seen == sorted(seen)
    assert seen[2] > seen[1]
    assert Month.objects.get().changed_at is not None


def test_a_line_of_the_change_feed_is_never_earlier_than_the_one_before(
    ben: User, client: Client, clock: Any
) -> None:
    path = "/api/v1/articles/changes/"
    story = make.live()
    update_change_feed()
    seen = [updated(path)]
    # As a worker far behind would find it: over before the last thing that was said of it.
    past = timezone.now() - timedelta(hours=1)
    Article.objects.filter(pk=story.pk).update(live=None, expires_at=past)
    update_change_feed()
    seen.append(updated(path))
    assert seen == sorted(seen)
