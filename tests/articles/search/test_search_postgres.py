"""Search on PostgreSQL: concurrent indexing, and query plans for frequent words."""

import itertools
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import NOT_INDEXED, Article, SearchRow
from articles.search.backends import INDEX
from articles.search.indexer import (
    IndexResult,
    reindex_articles,
    reindex_range,
    split_id_range,
    sync_index,
)
from desk.actions import publish_now, withdraw
from newsroom.search.expressions import AllOf
from newsroom.search.sort_keys import ROW_ID_BITS, make_sort_key
from newsroom.search.time_windows import iter_time_windows
from tests.support import make
from tests.support.clients.search_client import (
    hit_headlines,
    index_pending_articles,
    search_response,
)
from tests.support.query_plans import plan_of, plan_of_queryset

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def index_all(_: int) -> IndexResult:
    total = IndexResult()
    while result := sync_index(batch_size=3):
        total += result
    return total


def test_concurrent_workers_index_each_article_once() -> None:
    """publishing 71"""
    for n in range(12):
        make.live(headline=f"물레방아 {n}호")
    results = make.race(4, index_all)
    assert not [result for result in results if isinstance(result, Exception)]
    assert sum(result.indexed for result in results if isinstance(result, IndexResult)) == 12
    assert SearchRow.objects.count() == 12
    assert len(search_response("물레방아").json()["results"]) == 12


def test_an_article_that_changes_while_it_is_indexed_is_indexed_again() -> None:
    story = make.live(headline="물레방아 도는 내력")
    drafts = [make.draft_of(story)]

    def work(number: int) -> Any:
        if number:
            return index_all(number)
        return publish_now(make.changed(drafts[0], headline="풍차가 도는 내력"), by=make.ben())

    results = make.race(3, work)
    assert not [result for result in results if isinstance(result, Exception)]
    index_pending_articles()
    assert hit_headlines("풍차") == ["풍차가 도는 내력"]
    assert SearchRow.objects.get().edition_id == Article.objects.get().live_id


def test_a_locked_article_is_skipped_by_the_indexer() -> None:
    locked = make.live(headline="물레방아 하나")
    make.live(headline="물레방아 둘")

    def work(number: int) -> Any:
        if number:
            is_locked.wait(5)
            result = index_all(number)
            may_unlock.set()
            return result
        with transaction.atomic():
            Article.objects.select_for_update().get(pk=locked.pk)
            is_locked.set()
            return may_unlock.wait(20)

    is_locked, may_unlock = threading.Event(), threading.Event()
    assert True in make.race(2, work)
    assert [row.text.partition("\n")[0] for row in SearchRow.objects.all()] == ["물레방아 둘"]
    assert hit_headlines("물레방아") == ["물레방아 둘", "물레방아 하나"]


def test_concurrent_reindexing_and_withdrawal_leave_no_index_row() -> None:
    """publishing 72"""
    stories = [make.live() for _ in range(6)]
    index_pending_articles()
    ben = make.ben()

    def work(number: int) -> Any:
        if number:
            return reindex_articles(0, batch_size=10)
        return [withdraw(story, notice="내립니다", by=ben) for story in stories]

    results = make.race(3, work)
    assert not [result for result in results if isinstance(result, Exception)]
    index_pending_articles()
    assert not SearchRow.objects.exists()


def test_reindexing_writes_only_entries_that_differ() -> None:
    stories = [make.live(headline=f"물레방아 {n}") for n in range(3)]
    index_pending_articles()
    SearchRow.objects.filter(article=stories[0]).update(text="낡은 글")
    first = row_versions()

    assert reindex_in_parts(2) == IndexResult(indexed=3)

    changed = {pk for pk, version in row_versions().items() if version != first[pk]}
    assert changed == {stories[0].pk}
    assert hit_headlines("물레방아") == ["물레방아 2", "물레방아 1", "물레방아 0"]


def row_versions() -> dict[int, str]:
    """{article id: transaction that wrote its search row} (PostgreSQL's system column xmin)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT article_id, xmin::text FROM articles_searchrow")
        return dict(cursor.fetchall())


def reindex_in_parts(parts: int) -> IndexResult:
    """What the processes of `manage.py reindex --processes` do, one after the other."""
    total = IndexResult()
    for id_range in split_id_range(parts):
        total += reindex_range(*id_range)
    return total


def test_pending_articles_are_found_by_the_partial_index() -> None:
    """Only pending articles are read, however many articles there are."""
    make.live()
    index_pending_articles()
    Article.objects.bulk_create(Article(slug=f"옛-기사-{n}") for n in range(1_000))
    plan = plan_of_queryset(Article.objects.filter(NOT_INDEXED).order_by("pk"), analyzed=[Article])
    assert "not_indexed_yet" in plan, plan


def test_search_uses_the_gin_index_and_not_that_of_sort_keys() -> None:
    now = make_sort_key(timezone.now())
    articles = Article.objects.bulk_create(Article(slug=f"옛-기사-{n}") for n in range(1_000))
    SearchRow.objects.bulk_create(
        SearchRow(article=each, edition_id=1, sort_key=each.pk, text="옛 기사") for each in articles
    )
    plan = plan_of(
        "SELECT sort_key FROM articles_searchrow WHERE words @@ %s::tsquery "
        "AND sort_key + 0 > %s AND sort_key + 0 < %s ORDER BY sort_key + 0 DESC LIMIT 30",
        ["'정부'", 0, now],
        analyzed=[SearchRow],
    )
    assert "articles_searchrow_words" in plan, plan
    assert "sort_key_key" not in plan, plan  # the index of the unique constraint
    assert (
        INDEX.find_sort_keys(AllOf(("정부",)), above=0, below=now, ascending=False, limit=30) == []
    )


def test_search_finds_articles_of_all_ages_in_both_directions(api: Any) -> None:
    """Across days, months and years, without gaps between time windows."""
    ages = [0, 1, 3, 4, 9, 30, 31, 90, 364, 366, 800, 1500, 4000, 9000]
    for age in ages:
        story = make.live(headline="물레방아", slug=f"날-{age}")
        moment = timezone.now() - timedelta(days=age)
        Article.objects.filter(pk=story.pk).update(first_published_at=moment)
    index_pending_articles()
    page = search_response("물레방아", page_size=3).json()
    slugs = [hit["slug"] for hit in page["results"]]
    while page["next"]:
        page = api.get(page["next"]).json()
        slugs += [hit["slug"] for hit in page["results"]]
    assert slugs == [f"날-{age}" for age in ages]
    slugs_backwards = [hit["slug"] for hit in page["results"]]
    while page["previous"]:
        page = api.get(page["previous"]).json()
        slugs_backwards = [hit["slug"] for hit in page["results"]] + slugs_backwards
    assert slugs_backwards == slugs


def test_a_page_of_fresh_hits_scans_no_old_time_window() -> None:
    """A match in an old headline does not rank above one in a body of today."""
    for age in (0, 0, 9000):
        story = make.live(headline="문이 열렸다", body="물레방아가 돈다.")
        moment = timezone.now() - timedelta(days=age)
        Article.objects.filter(pk=story.pk).update(first_published_at=moment)
    index_pending_articles()
    with CaptureQueriesContext(connection) as queries:
        page = search_response("물레방아", page_size=1).json()
    assert len(page["results"]) == 1
    assert page["next"]
    searches = [q["sql"] for q in queries.captured_queries if "words @@" in q["sql"]]
    assert 0 < len(searches) < 10
    assert not [sql for sql in searches if "_y20" in sql]


@pytest.mark.parametrize("ascending", [True, False])
def test_time_windows_cover_every_day_once(ascending: bool) -> None:
    low, high = datetime(2011, 2, 3, 4, tzinfo=UTC), datetime(2026, 11, 21, 9, tzinfo=UTC)
    above, below = make_sort_key(low), make_sort_key(high)
    windows = sorted(iter_time_windows(above, below, ascending=ascending), key=lambda w: w.above)
    assert windows[0].above == above
    assert windows[-1].below == below
    for window, next_window in itertools.pairwise(windows):
        assert next_window.above == window.below - 1
    days = [day for window in windows for term in window.terms for day in days_of_term(term)]
    expected = {low.date() + timedelta(days=n) for n in range((high.date() - low.date()).days + 1)}
    assert len(days) == len(set(days))
    assert set(days) == expected
    assert len(windows) < 9
    assert 1 << ROW_ID_BITS > 16_000_000


def days_of_term(term: str) -> list[Any]:
    """The days that a date term (_y2026, _m202611, _d20261129) covers."""
    unit = term[1]
    start = datetime.strptime(term[2:], {"y": "%Y", "m": "%Y%m", "d": "%Y%m%d"}[unit]).date()
    day, days = start, []
    while (day.year == start.year) and unit in (
        "y" if day.month != start.month else "ym" if day != start else "ymd"
    ):
        days.append(day)
        day += timedelta(days=1)
    return days
