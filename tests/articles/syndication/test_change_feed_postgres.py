"""Publishers that commit in any order, on PostgreSQL: who follows the change feed misses nobody."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from articles.models import NOT_IN_CHANGE_FEED, Article, Change
from articles.syndication.change_feed import append_pending_changes, count_pending_changes
from desk.actions import publish_now, withdraw
from tests.support import make
from tests.support.change_feed_client import ChangeFeedMirror, record_all_changes, slugs_and_kinds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_a_story_that_was_begun_first_and_commits_last_is_not_missed() -> None:
    """Its numbers are lower than those of a story that a follower has read already."""
    slow, quick = make.draft(slug="slow"), make.draft(slug="quick")
    begun, go_on = threading.Event(), threading.Event()
    mirror, ben = ChangeFeedMirror(), make.ben()

    def act(number: int) -> Any:
        if number == 0:
            with transaction.atomic():
                publish_now(slow, by=ben)
                begun.set()
                assert go_on.wait(20)
            return None
        assert begun.wait(20)
        publish_now(quick, by=ben)
        record_all_changes()
        heard = slugs_and_kinds(mirror.follow())
        go_on.set()
        return heard

    done = make.race(2, act)
    assert [("quick", "published")] in done
    record_all_changes()
    assert slugs_and_kinds(mirror.follow()) == [("slow", "published")]


def test_a_follower_of_many_publishers_and_sweeps_ends_with_what_readers_see() -> None:
    ben = make.ben()
    stories = [make.live() for _ in range(4)]
    drafts = {story.pk: make.draft_of(story) for story in stories}
    mirror, over = ChangeFeedMirror(page_size=2), threading.Event()
    places: list[list[int]] = []

    def publish(number: int) -> None:
        for n in range(6):
            story = stories[(number + n) % 4]
            draft = make.changed(drafts[story.pk], headline=f"{number}번 기자의 {n}번째 제목")
            publish_now(draft, by=ben)

    def act(number: int) -> None:
        if number < 2:
            try:
                publish(number)
            finally:
                finished.append(number)
                if len(finished) == 2:
                    over.set()
        elif number < 4:
            while not over.is_set():
                append_pending_changes(batch_size=2)
        else:
            while not over.is_set():
                mirror.follow()
                places.append(sorted(Change.objects.values_list("place", flat=True)))

    finished: list[int] = []
    done = make.race(5, act)
    assert not [each for each in done if isinstance(each, Exception)], done
    record_all_changes()
    mirror.follow()
    assert count_pending_changes() == 0
    shown = {
        a.slug: a.live.headline for a in Article.objects.live().select_related("live") if a.live
    }
    assert {slug: card["headline"] for slug, card in mirror.copies.items()} == shown


def test_while_a_sweep_is_telling_no_other_gives_places() -> None:
    make.live(slug="one")
    holding, looked = threading.Event(), threading.Event()

    def act(number: int) -> int:
        if number == 0:
            with transaction.atomic():
                some = append_pending_changes(batch_size=1)
                holding.set()
                assert looked.wait(20)
            return some
        assert holding.wait(20)
        make.live(slug="two")
        some = append_pending_changes()
        looked.set()
        return some

    assert sorted(make.race(2, act), key=str) == [0, 1]
    assert record_all_changes() == 1
    assert slugs_and_kinds(ChangeFeedMirror().follow()) == [
        ("one", "published"),
        ("two", "published"),
    ]


def test_a_story_that_moves_on_while_it_is_told_is_told_again() -> None:
    story, ben = make.live(), make.ben()
    mirror = ChangeFeedMirror()

    def act(number: int) -> Any:
        if number:
            return record_all_changes()
        return withdraw(story, notice="내립니다", by=ben)

    done = make.race(3, act)
    assert not [each for each in done if isinstance(each, Exception)]
    record_all_changes()
    mirror.follow()
    assert mirror.copies == {}
    assert slugs_and_kinds(mirror.changes)[-1] == (story.slug, "withdrawn")


def test_nothing_to_tell_is_found_by_a_small_index() -> None:
    make.live()
    record_all_changes()
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Article.objects.filter(NOT_IN_CHANGE_FEED).order_by("pk").explain()
    assert "not_told_yet" in plan
