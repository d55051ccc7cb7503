"""Several workers take in one burst on PostgreSQL, and words that everything holds are found fast there."""

import itertools
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import NOT_INDEXED, Article, SearchRow
from articles.search.backends import AllOf, find_sort_keys
from articles.search.documents import ARTICLE_ID_BITS, make_sort_key
from articles.search.indexer import IndexResult, reindex_articles, sync_index
from articles.search.time_windows import iter_time_windows
from desk.actions import publish_now, withdraw
from tests.support import make
from tests.support.search_client import hit_headlines, index_pending_articles, search_response

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def work(_: int) -> IndexResult:
    total = IndexResult()
    while done := sync_index(batch_size=3):
        total += done
    return total


def test_workers_at_once_take_in_each_story_once() -> None:
    """publishing 71"""
    for n in range(12):
        make.live(headline=f"물레방아 {n}호")
    done = make.race(4, work)
    assert not [each for each in done if isinstance(each, Exception)]
    assert sum(each.taken for each in done if isinstance(each, IndexResult)) == 12
    assert SearchRow.objects.count() == 12
    assert len(search_response("물레방아").json()["results"]) == 12


def test_a_story_that_moves_while_it_is_taken_in_is_taken_in_again() -> None:
    story = make.live(headline="물레방아 도는 내력")
    drafts = [make.draft_of(story)]

    def act(number: int) -> Any:
        if number:
            return work(number)
        return publish_now(make.changed(drafts[0], headline="풍차가 도는 내력"), by=make.ben())

    done = make.race(3, act)
    assert not [each for each in done if isinstance(each, Exception)]
    index_pending_articles()
    assert hit_headlines("풍차") == ["풍차가 도는 내력"]
    assert SearchRow.objects.get().edition_id == Article.objects.get().live_id


def test_a_story_somebody_holds_is_passed_over_and_holds_up_no_other() -> None:
    held = make.live(headline="물레방아 하나")
    make.live(headline="물레방아 둘")

    def act(number: int) -> Any:
        if number:
            gate.wait(5)
            done = work(number)
            free.set()
            return done
        with transaction.atomic():
            Article.objects.select_for_update().get(pk=held.pk)
            gate.set()
            return free.wait(20)

    gate, free = threading.Event(), threading.Event()
    assert True in make.race(2, act)
    assert [row.text.partition("\n")[0] for row in SearchRow.objects.all()] == ["물레방아 둘"]
    assert hit_headlines("물레방아") == ["물레방아 둘", "물레방아 하나"]


def test_reindexing_and_withdrawing_at_once_leave_nothing_behind() -> None:
    """publishing 72"""
    stories = [make.live() for _ in range(6)]
    index_pending_articles()
    ben = make.ben()

    def act(number: int) -> Any:
        if number:
            return reindex_articles(0, batch_size=10)
        return [withdraw(story, notice="내립니다", by=ben) for story in stories]

    done = make.race(3, act)
    assert not [each for each in done if isinstance(each, Exception)]
    index_pending_articles()
    assert not SearchRow.objects.exists()


def test_nothing_to_do_is_found_by_a_small_index() -> None:
    """However many stories there are, those left to take in are all that is looked at."""
    make.live()
    index_pending_articles()
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Article.objects.filter(NOT_INDEXED).order_by("pk").explain()
    assert "not_indexed_yet" in plan


def test_grams_are_looked_up_in_their_index_and_places_never_walked() -> None:
    now = make_sort_key(timezone.now())
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT place FROM articles_searchrow WHERE words @@ %s::tsquery "
            "AND place + 0 > %s AND place + 0 < %s ORDER BY place + 0 DESC LIMIT 30",
            ["'정부'", 0, now],
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "articles_searchrow_words" in plan
    assert "place_key" not in plan
    assert find_sort_keys(AllOf(("정부",)), above=0, below=now, ascending=False, limit=30) == []


def test_stories_of_all_ages_are_found_in_both_directions(api: Any) -> None:
    """Across days, months and years; windows leave nothing between them."""
    ages = [0, 1, 3, 4, 9, 30, 31, 90, 364, 366, 800, 1500, 4000, 9000]
    for age in ages:
        story = make.live(headline="물레방아", slug=f"날-{age}")
        moment = timezone.now() - timedelta(days=age)
        Article.objects.filter(pk=story.pk).update(first_published_at=moment)
    index_pending_articles()
    page = search_response("물레방아", page_size=3).json()
    seen = [hit["slug"] for hit in page["results"]]
    while page["next"]:
        page = api.get(page["next"]).json()
        seen += [hit["slug"] for hit in page["results"]]
    assert seen == [f"날-{age}" for age in ages]
    back = [hit["slug"] for hit in page["results"]]
    while page["previous"]:
        page = api.get(page["previous"]).json()
        back = [hit["slug"] for hit in page["results"]] + back
    assert back == seen


def test_a_page_of_fresh_hits_looks_into_no_year_long_ago() -> None:
    """No headline of nine thousand days ago comes before a body of today."""
    for age in (0, 0, 9000):
        story = make.live(headline="문이 열렸다", body="물레방아가 돈다.")
        moment = timezone.now() - timedelta(days=age)
        Article.objects.filter(pk=story.pk).update(first_published_at=moment)
    index_pending_articles()
    with CaptureQueriesContext(connection) as asked:
        page = search_response("물레방아", page_size=1).json()
    assert len(page["results"]) == 1
    assert page["next"]
    looked = [q["sql"] for q in asked.captured_queries if "words @@" in q["sql"]]
    assert 0 < len(looked) < 10
    assert not [sql for sql in looked if "_y20" in sql]


@pytest.mark.parametrize("upwards", [True, False])
def test_windows_meet_and_say_every_day_between_once(upwards: bool) -> None:
    low, high = datetime(2011, 2, 3, 4, tzinfo=UTC), datetime(2026, 11, 21, 9, tzinfo=UTC)
    above, below = make_sort_key(low), make_sort_key(high)
    found = sorted(iter_time_windows(above, below, ascending=upwards), key=lambda w: w.above)
    assert found[0].above == above
    assert found[-1].below == below
    for one, next_one in itertools.pairwise(found):
        assert next_one.above == one.below - 1
    days = [day for window in found for key in window.keys for day in days_of(key)]
    expected = {low.date() + timedelta(days=n) for n in range((high.date() - low.date()).days + 1)}
    assert len(days) == len(set(days))
    assert set(days) == expected
    assert len(found) < 9
    assert 1 << ARTICLE_ID_BITS > 16_000_000


def days_of(key: str) -> list[Any]:
    start = datetime.strptime(key[2:], {"y": "%Y", "m": "%Y%m", "d": "%Y%m%d"}[key[1]]).date()
    day, out = start, []
    while (day.year == start.year) and key[1] in (
        "y" if day.month != start.month else "ym" if day != start else "ymd"
    ):
        out.append(day)
        day += timedelta(days=1)
    return out
