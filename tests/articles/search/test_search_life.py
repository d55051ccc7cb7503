"""Search index through the life of an article: only public text is found or quoted (publishing 70-73)."""

import io
import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from articles import tasks
from articles.models import Article, SearchRow
from articles.search.indexer import index_backlog, sync_index
from articles.tasks import update_search_index
from desk.actions import freeze, publish_now, withdraw
from tests.support import make
from tests.support.clients.search_client import (
    hit_headlines,
    index_pending_articles,
    search_hits,
    search_response,
)

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script> 정부는 <b>&amp; “말한다”"


def test_a_draft_never_changes_search_results() -> None:
    """publishing 71"""
    story = make.live(headline="물레방아 도는 내력")
    draft = make.changed(make.draft_of(story), headline="풍차가 도는 내력")
    assert hit_headlines("풍차") == []
    assert hit_headlines("물레방아") == ["물레방아 도는 내력"]
    freeze(draft, by=make.ben())
    assert hit_headlines("풍차") == []


def test_indexing_waits_while_a_burst_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "BURST_MIN_ARTICLES", 2)
    make.live()
    assert update_search_index().startswith("1 indexed")
    make.live()
    assert update_search_index() == "waits for a burst"
    with time_machine.travel(timezone.now() + tasks.BURST_WINDOW, tick=False):
        assert update_search_index().startswith("1 indexed")
    assert index_backlog() == 0


def test_a_new_edition_is_found_by_its_own_words_only() -> None:
    """publishing 71"""
    story = make.live(headline="물레방아 도는 내력")
    index_pending_articles()
    publish_now(make.changed(make.draft_of(story), headline="풍차가 도는 내력"), by=make.ben())
    # Before the index is updated, its former text already matches nothing.
    assert [hit["headline"] for hit in search_response("물레방아").json()["results"]] == []
    assert hit_headlines("풍차") == ["풍차가 도는 내력"]
    assert hit_headlines("물레방아") == []


def test_no_snippet_quotes_corrected_words() -> None:
    story = make.live(headline="물레방아 도는 내력", body="<p>물레방아 값은 백만 원이다.</p>")
    index_pending_articles()
    publish_now(
        make.changed(make.draft_of(story), body="<p>물레방아 값은 천 원이다.</p>"), by=make.ben()
    )
    (hit,) = search_response("물레방아 값은").json()["results"]
    assert "백만" not in hit["highlights"]["snippet"]


@pytest.mark.parametrize("end", ["withdrawn", "expired", "embargoed"])
def test_an_article_no_longer_live_is_not_found_at_once(end: str) -> None:
    """publishing 71"""
    story = make.live(headline="물레방아 도는 내력")
    assert len(search_hits("물레방아")) == 1
    hour = timedelta(hours=1)
    if end == "withdrawn":
        withdraw(story, notice="내립니다", by=make.ben())
    elif end == "expired":
        Article.objects.filter(pk=story.pk).update(expires_at=timezone.now())
    else:
        later = timezone.now() + hour
        Article.objects.filter(pk=story.pk).update(embargo_until=later, published_at=later)
    assert search_response("물레방아").json() == {"next": None, "previous": None, "results": []}


def test_a_withdrawn_article_is_removed_from_the_index() -> None:
    story = make.live(headline="물레방아 도는 내력")
    index_pending_articles()
    withdraw(story, notice="내립니다", by=make.ben())
    assert str(index_pending_articles()) == "0 indexed, 1 removed"
    assert not SearchRow.objects.exists()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM articles_searchwords")
            assert cursor.fetchone() == (0,)


def test_scheduled_articles_and_drafts_are_not_indexed() -> None:
    """publishing 71"""
    make.planned(headline="물레방아 도는 내력")
    make.draft(headline="물레방아 도는 내력")
    assert hit_headlines("물레방아") == []
    assert not SearchRow.objects.exists()


def test_the_indexing_task_reports_its_work_and_is_idempotent() -> None:
    """publishing 73"""
    make.live()
    assert update_search_index() == "1 indexed, 0 removed"
    assert update_search_index() == "0 indexed, 0 removed"


def test_an_idle_index_sweep_costs_two_queries() -> None:
    make.live()
    index_pending_articles()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert not sync_index()
    selects = [q for q in queries.captured_queries if q["sql"].startswith("SELECT")]
    assert len(selects) == 2


def test_reindexing_never_empties_search_results(capsys: Any) -> None:
    """publishing 72, 73"""
    for n in range(3):
        make.live(headline=f"물레방아 {n}호")
    index_pending_articles()
    SearchRow.objects.filter(article__live__headline="물레방아 0호").update(text="옛말")
    row_counts: list[int] = []

    def count_rows(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        results = execute(sql, parameters, many, context)
        if "articles_search" in sql and not sql.startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM articles_searchrow")
                row_counts.append(cursor.fetchone()[0])
        return results

    out = io.StringIO()
    with connection.execute_wrapper(count_rows):
        call_command("reindex", stdout=out)
    assert out.getvalue().splitlines() == [
        "3 indexed, 0 removed",
        "search index is up to date",
    ]
    assert row_counts
    assert set(row_counts) == {3}
    assert sorted(hit_headlines("물레방아")) == [f"물레방아 {n}호" for n in range(3)]


def test_reindex_check_reports_the_backlog() -> None:
    """publishing 73"""
    make.live()
    with pytest.raises(CommandError, match="behind by 1"):
        call_command("reindex", check=True)
    assert index_backlog() == 1


# -- The answer --------------------------------------------------------------------------------


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.found.append(tag)


def elements(html: str) -> set[str]:
    parser = Elements()
    parser.feed(html)
    return set(parser.found)


@pytest.mark.parametrize("query", ["정부", "script", "amp", "정부는 말한다", "alert"])
def test_highlights_have_no_element_but_mark(query: str) -> None:
    make.live(
        headline=HOSTILE,
        deck="<img src=x onerror=alert(1)> 정부",
        body="<p>정부 &lt;script&gt;alert(2)&lt;/script&gt; 말한다 amp</p>",
    )
    (hit,) = search_hits(query)
    for html in hit["highlights"].values():
        assert elements(html) <= {"mark"}, html
    assert "<mark>" in "".join(hit["highlights"].values())
    plain = re.sub("</?mark>", "", hit["highlights"]["headline"])
    assert plain == "&lt;script&gt;alert(1)&lt;/script&gt; 정부는 &lt;b&gt;&amp;amp; “말한다”"


def test_matches_are_highlighted_as_written() -> None:
    make.live(
        headline="Ｇpt-5와 인공 지능",
        body="<p>앞에는 다른 말이 있다.</p><p>오늘 인공지능이 왔다.</p>",
    )
    (hit,) = search_hits("인공지능 gpt")
    assert hit["highlights"] == {
        "headline": "<mark>Ｇpt</mark>-5와 <mark>인공 지능</mark>",
        "snippet": "오늘 <mark>인공지능</mark>이 왔다.",
    }


def test_a_long_snippet_is_cut_around_the_match() -> None:
    make.live(body=f"<p>{'아주 긴 이야기 ' * 60}물레방아 {'그리고 나머지 ' * 60}</p>")
    (hit,) = search_hits("물레방아")
    snippet = hit["highlights"]["snippet"]
    assert "<mark>물레방아</mark>" in snippet
    assert snippet.startswith("…")
    assert snippet.endswith("…")
    assert len(snippet) < 190


def test_cards_have_no_highlights_without_a_query(api: APIClient) -> None:
    make.live()
    (card,) = api.get("/api/v1/articles/").json()["results"]
    assert "highlights" not in card
    (hit,) = search_hits("로봇")
    del hit["highlights"]
    assert hit == card


def test_search_ranks_headlines_before_heads_and_bodies_and_new_before_old() -> None:
    now = timezone.now()
    for n, fields in enumerate(
        (
            {"body": "<p>물레방아가 있다.</p>"},
            {"deck": "물레방아 곁에서"},
            {"headline": "물레방아 도는 내력"},
            {"body": "<p>물레방아가 또 있다.</p>"},
        )
    ):
        story = make.live(slug=f"이야기-{n}", **fields)
        age = timedelta(days=(0, 20, 40, 70)[n])
        Article.objects.filter(pk=story.pk).update(first_published_at=now - age)
    assert [hit["slug"] for hit in search_hits("물레방아")] == [f"이야기-{n}" for n in (2, 1, 0, 3)]


def test_filters_combine_with_a_search_query() -> None:
    other = make.section("과학")
    wanted = make.live(
        headline="물레방아 하나", section=other, tags=["물"], authors=[make.author("두루미")]
    )
    make.live(headline="물레방아 둘")
    index_pending_articles()
    moment = wanted.first_published_at
    assert moment
    for filters in (
        {"section": "과학"}, {"tag": "물"}, {"author": "두루미"}, {"section": "과학", "tag": "물"},
        {"published_before": (moment + timedelta(microseconds=1)).isoformat()},
    ):  # fmt: skip
        assert hit_headlines("물레방아", **filters) == ["물레방아 하나"], filters
    assert len(search_hits("물레방아", published_after=moment.isoformat())) == 2
    for empty in ({"section": "없는-곳"}, {"published_before": "2001-01-01T00:00:00Z"}):
        assert search_hits("물레방아", **empty) == []


def test_search_pages_forwards_and_backwards_return_each_hit_once(api: APIClient) -> None:
    for n in range(7):
        make.live(headline=f"물레방아 {n}호" if n % 2 else f"풍차 {n}호", deck="물레방아 곁")
    everything = [hit["slug"] for hit in search_hits("물레방아")]
    page = search_response("물레방아", page_size=3).json()
    pages = [page]
    while page["next"]:
        page = api.get(page["next"]).json()
        pages.append(page)
    assert [hit["slug"] for p in pages for hit in p["results"]] == everything
    assert len(everything) == 7
    assert pages[0]["previous"] is None
    back = api.get(pages[-1]["previous"]).json()
    assert back["results"] == pages[-2]["results"]
    assert api.get(back["previous"]).json()["previous"] is None


def test_a_withdrawal_between_search_pages_skips_and_repeats_no_hit(api: APIClient) -> None:
    stories = [make.live(headline=f"물레방아 {n}호") for n in range(6)]
    index_pending_articles()
    page = search_response("물레방아", page_size=2).json()
    slugs = [hit["slug"] for hit in page["results"]]
    withdraw(stories[5], notice="내립니다", by=make.ben())
    make.live(headline="물레방아 새 호")
    index_pending_articles()
    while page["next"]:
        page = api.get(page["next"]).json()
        slugs += [hit["slug"] for hit in page["results"]]
    assert slugs == [story.slug for story in reversed(stories)]


def test_a_search_page_costs_the_same_queries_for_one_and_twenty() -> None:
    make.live(headline="물레방아 하나")
    index_pending_articles()
    with CaptureQueriesContext(connection) as one:
        search_response("물레방아")
    for n in range(19):
        make.live(headline=f"물레방아 {n}호")
    index_pending_articles()
    with CaptureQueriesContext(connection) as twenty:
        assert len(search_response("물레방아").json()["results"]) == 20
    assert len(twenty) <= len(one)


def test_a_cursor_of_another_query_is_refused(api: APIClient) -> None:
    for n in range(2):
        make.live(headline=f"물레방아 {n}호")
    index_pending_articles()
    next_page = search_response("물레방아", page_size=1).json()["next"]
    foreign_cursor = next_page.replace("%EB%AC%BC%EB%A0%88%EB%B0%A9%EC%95%84", "%EB%A1%9C%EB%B4%87")
    assert foreign_cursor != next_page
    assert api.get(foreign_cursor).status_code == 400
