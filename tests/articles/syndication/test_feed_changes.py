"""Feed times: `updated` is the last change of what a feed shows, and never decreases."""

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
from articles.models import Article, FeedChange, Masthead, SitemapMonth
from articles.syndication.feed_updates import append_feed_changes, settle_feed_changes
from articles.tasks import update_change_feed
from desk.actions import edit, publish_now, withdraw
from desk.actions.archive_import import publish_backdated
from desk.tasks import process_due
from tests.support import make
from tests.support.formats.syndication import (
    DOCUMENT_PATHS,
    comparison_table,
    observed_steps,
    read_document,
)

pytestmark = pytest.mark.django_db
ATOM, RSS, JSON_FEED = "/feeds/atom.xml", "/feeds/rss.xml", "/feeds/feed.json"
DOCS = Path(__file__).resolve().parent.parent.parent.parent / "docs" / "syndication.md"


def feed_updated_at(path: str = ATOM) -> datetime:
    found = read_document(path).updated
    assert found is not None
    return found


@pytest.fixture
def clock() -> Any:
    """A frozen clock, moved by the test."""
    with time_machine.travel(timezone.now(), tick=False) as frozen_clock:
        yield frozen_clock


def test_a_withdrawal_moves_last_modified_forward(ben: User, clock: Any) -> None:
    make.live()
    clock.shift(timedelta(minutes=1))
    story = make.live()
    clock.shift(timedelta(minutes=1))
    before = {path: feed_updated_at(path) for path in (ATOM, RSS)}
    clock.shift(timedelta(minutes=1))
    withdraw(story, notice="거두어들였습니다.", by=ben)
    for path, previous in before.items():
        assert feed_updated_at(path) > previous
        assert abs(feed_updated_at(path) - timezone.now()) < timedelta(seconds=1)


def test_last_modified_and_etag_follow_the_life_of_an_article() -> None:
    last: dict[str, Any] = {}
    for step, _article, updated_before in observed_steps():
        for path in DOCUMENT_PATHS:
            for now in updated_before[path]:
                if now.updated is None:  # 404, or changed within the current second
                    continue
                previous = last.get(path)
                if previous is not None:
                    assert now.updated >= previous.updated, (step, path)
                    # In whole seconds where a document is no more precise.
                    assert (
                        now.etag == previous.etag
                        or step == "before"
                        or now.updated >= previous.updated
                    )
                last[path] = now
    assert set(last) == set(DOCUMENT_PATHS)


def test_the_documented_table_of_feed_times_is_current() -> None:
    now = comparison_table()
    assert now in DOCS.read_text(), now


def test_both_section_feeds_change_when_an_article_moves(ben: User, clock: Any) -> None:
    old, new = (f"/sections/{quote(slug)}/feeds/atom.xml" for slug in ("산업", "문화"))
    make.live(), make.live(section=make.section("문화"))
    clock.shift(timedelta(minutes=1))
    story = make.live()
    clock.shift(timedelta(minutes=1))
    update_change_feed()
    before = feed_updated_at(old), feed_updated_at(new)
    clock.shift(timedelta(minutes=1))
    publish_now(edit(make.draft_of(story), by=ben, section=make.section("문화")), by=ben)
    assert feed_updated_at(old) > before[0]
    assert feed_updated_at(new) > before[1]


def test_an_article_published_and_withdrawn_between_sweeps_changes_its_section_feed(
    ben: User, clock: Any
) -> None:
    """In a section where it was for a moment only."""
    briefly_listed = f"/sections/{quote('문화')}/feeds/atom.xml"
    make.section("문화")
    story = make.live()
    update_change_feed()
    clock.shift(timedelta(seconds=1))
    publish_now(edit(make.draft_of(story), by=ben, section=make.section("문화")), by=ben)
    updated_before = feed_updated_at(briefly_listed)
    clock.shift(timedelta(seconds=1))
    publish_now(edit(make.draft_of(story), by=ben, section=make.section("산업")), by=ben)
    assert feed_updated_at(briefly_listed) > updated_before
    updated_before = feed_updated_at(briefly_listed)
    update_change_feed()
    assert feed_updated_at(briefly_listed) > updated_before


def test_an_expiry_changes_the_feed_without_a_sweep(clock: Any) -> None:
    make.live()
    expiry = timezone.now() + timedelta(minutes=10)
    make.live(expires_at=expiry)
    update_change_feed()
    clock.shift(timedelta(minutes=11))
    assert feed_updated_at() == expiry  # without any write
    process_due()
    assert feed_updated_at() >= timezone.now() - timedelta(seconds=1)
    assert feed_updated_at() >= expiry
    updated_before = feed_updated_at()
    update_change_feed()
    assert feed_updated_at() > updated_before


def test_late_and_backdated_publications_change_the_feed(ben: User, clock: Any) -> None:
    make.live()
    update_change_feed()
    clock.shift(timedelta(minutes=1))
    updated_before = feed_updated_at()
    publish_backdated(make.draft(), at=timezone.now() - timedelta(days=3), by=ben)
    assert feed_updated_at() > updated_before


def test_changes_of_articles_beyond_the_feed_do_not_change_it(
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
    assert feed_updated_at() > before.updated  # type: ignore[operator]


def test_a_new_site_name_changes_every_feed_and_a_new_author_none(chief: User, clock: Any) -> None:
    make.live()
    update_change_feed()
    section = f"/sections/{quote('산업')}/feeds/atom.xml"
    before = feed_updated_at(), feed_updated_at(section)
    clock.shift(timedelta(minutes=1))
    make.author("새사람")
    assert (feed_updated_at(), feed_updated_at(section)) == before
    masthead = Masthead.current()
    masthead.name = "다른 이름"
    save_site_object(masthead, by=chief)
    assert feed_updated_at() > before[0]
    assert feed_updated_at(section) > before[1]


def test_settled_times_increase_though_the_clock_stands_or_goes_back(ben: User, clock: Any) -> None:
    """Two changes at one instant, and one after the clock went back by an hour."""
    first, second, third = (make.live() for _ in range(3))
    update_change_feed()
    updated_before = [feed_updated_at()]
    for story, shift in ((first, 0), (second, 0), (third, -3600)):
        clock.shift(timedelta(seconds=shift))
        withdraw(story, notice="거두어들였습니다.", by=ben)
        updated_before.append(feed_updated_at())
        update_change_feed()
        updated_before.append(feed_updated_at())
    assert updated_before == sorted(updated_before)
    assert len({*updated_before[::2]}) == 4  # each settled change has a time of its own


def test_a_feed_changed_within_this_second_has_no_last_modified(
    client: Client, ben: User, clock: Any
) -> None:
    story = make.live()
    assert "Last-Modified" not in client.get(JSON_FEED)
    update_change_feed()
    clock.shift(timedelta(seconds=2))
    last_modified = client.get(JSON_FEED)["Last-Modified"]
    conditional = client.get(JSON_FEED, headers={"If-Modified-Since": last_modified})
    assert (conditional.status_code, conditional.content) == (304, b"")
    withdraw(story, notice="거두어들였습니다.", by=ben)
    changed = client.get(JSON_FEED, headers={"If-Modified-Since": last_modified})
    assert (changed.status_code, "Last-Modified" in changed) == (200, False)
    clock.shift(timedelta(seconds=2))
    update_change_feed()
    clock.shift(timedelta(seconds=2))
    assert client.get(JSON_FEED, headers={"If-Modified-Since": last_modified}).status_code == 200
    later = http_date(timezone.now().timestamp())
    assert client.get(JSON_FEED, headers={"If-Modified-Since": later}).status_code == 304


def test_if_none_match_takes_precedence_over_if_modified_since(client: Client, clock: Any) -> None:
    make.live()
    update_change_feed()
    clock.shift(timedelta(seconds=5))
    now = http_date(timezone.now().timestamp())
    stale = {"If-None-Match": '"old"', "If-Modified-Since": now}
    assert client.get(ATOM, headers=stale).status_code == 200


def test_superseded_feed_changes_are_deleted() -> None:
    for _ in range(5):
        make.live()
        settle_feed_changes()
    assert FeedChange.objects.count() == 2  # of the site and of the section
    assert not FeedChange.objects.filter(settled_at=None).exists()
    assert settle_feed_changes() == 0


def test_a_newer_position_changed_earlier_supersedes_nothing() -> None:
    now = timezone.now()
    append_feed_changes([(None, now)])
    settle_feed_changes()
    append_feed_changes([(None, now - timedelta(days=60))])
    settle_feed_changes()
    assert FeedChange.objects.count() == 2


def test_the_last_change_of_a_feed_costs_one_query() -> None:
    for _ in range(3):
        make.live()
    with CaptureQueriesContext(connection) as queries:
        feed_updated_at()
    change_queries = [
        q["sql"] for q in queries.captured_queries if "articles_feedchange" in q["sql"]
    ]
    assert len(change_queries) == 1
    assert len(queries) == 4


def test_last_modified_of_the_sitemap_index_never_decreases(
    client: Client, ben: User, clock: Any
) -> None:
    make.live()
    clock.shift(timedelta(minutes=1))
    story = make.live()
    updated_before = [feed_updated_at("/sitemap.xml")]
    for work in (
        update_change_feed,
        lambda: withdraw(story, notice="거두어들였습니다.", by=ben),
        update_change_feed,
    ):
        clock.shift(timedelta(minutes=1))
        work()
        updated_before.append(feed_updated_at("/sitemap.xml"))
    assert updated_before == sorted(updated_before)
    assert updated_before[2] > updated_before[1]
    assert SitemapMonth.objects.get().changed_at is not None


def test_change_feed_times_never_decrease(ben: User, client: Client, clock: Any) -> None:
    path = "/api/v1/articles/changes/"
    story = make.live()
    update_change_feed()
    updated_before = [feed_updated_at(path)]
    # As a delayed sweep finds it: expired before the time of its last change in the feed.
    past = timezone.now() - timedelta(hours=1)
    Article.objects.filter(pk=story.pk).update(live=None, expires_at=past)
    update_change_feed()
    updated_before.append(feed_updated_at(path))
    assert updated_before == sorted(updated_before)
