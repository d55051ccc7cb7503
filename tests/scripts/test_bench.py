"""The measurement: what it measures against exists for it alone."""

import asyncio
import importlib
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from rest_framework.test import APIClient

from articles.models import NOT_IN_CHANGE_FEED, NOT_INDEXED, Article, SearchRow, SuggestedBy
from articles.search.autocomplete import suggestable_words_by_article
from articles.search.backends import INDEX, index_terms
from articles.search.documents import build_documents
from bench.drivers.clients import (
    Measurement,
    RequestMix,
    measure_with_asyncio,
    median_measurement,
    parse_milliseconds,
)
from bench.drivers.report import report_facts, table_row
from bench.drivers.requests_to_measure import all_requests
from bench.drivers.scale_queries import (
    conclusions,
    is_counting_articles,
    report_table,
    select_statements_of,
    time_request,
)
from bench.lag import quantile
from bench.lag import table_row as lag_row
from bench.load.articles import load_articles
from newsroom.search.expressions import AllOf
from tests.support import make


@pytest.mark.django_db
def test_readers_find_no_constant_bytes(api: APIClient) -> None:
    assert api.get("/bench/100/").status_code == 404


def test_its_settings_are_for_the_measurement_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BENCH", raising=False)
    with pytest.raises(ImproperlyConfigured, match="BENCH=1"):
        importlib.import_module("bench.drivers.settings")


@pytest.mark.django_db
def test_constant_bytes_come_with_the_headers_of_a_public_read(
    api: APIClient, settings: Any
) -> None:
    settings.ROOT_URLCONF = "bench.drivers.urls"
    article = make.live()
    page = api.get(f"/api/v1/articles/{article.slug}/")
    constant = api.get(f"/bench/{len(page.content)}/")
    assert len(constant.content) == len(page.content)
    assert "ETag" in constant.headers
    assert set(constant.headers) <= set(page.headers)
    assert page.headers["Cache-Control"] == constant.headers["Cache-Control"]


def test_one_slow_round_makes_no_figure() -> None:
    rounds = [Measurement(100, 1, 5), Measurement(10, 50, 900), Measurement(90, 2, 6)]
    assert median_measurement(rounds) == Measurement(90, 2, 6)


def test_wrks_times_are_read_in_milliseconds() -> None:
    assert [parse_milliseconds(output) for output in ("250.00us", "1.50ms", "2.00s")] == [
        0.25,
        1.5,
        2000,
    ]


@pytest.mark.django_db
def test_without_wrk_it_asks_itself(live_server: Any) -> None:
    asking = RequestMix(["/api/v1/masthead/"])
    measured = asyncio.run(measure_with_asyncio(live_server.url, asking, connections=2, seconds=1))
    assert measured.per_second > 1
    assert 0 < measured.p50 <= measured.p99


def test_a_line_says_which_share_of_the_constant_a_page_reaches() -> None:
    line = table_row("list", 1234, Measurement(50, 20, 90.06), Measurement(200, 5, 10), aim=0.5)
    assert line == "| list | 1,234 | 50 | 20.0 | 90.1 | 200 | 5.0 | 10.0 | 25% | 50% |"


def test_the_table_says_what_it_was_measured_on() -> None:
    output = report_facts(connections=8, seconds=1, rounds=7, threads=5, database="SQLite")
    for fact in ("cores", "Python", "Django", "granian", "SQLite", "8 connections", "Load"):
        assert fact in output


def test_a_share_of_the_waits_is_one_that_was_measured() -> None:
    waits = [float(n) for n in range(1, 101)]
    assert [quantile(waits, share) for share in (0.5, 0.99, 1.0)] == [51, 100, 100]
    assert quantile([], 0.5) == 0


def test_a_line_of_the_lag_says_the_size_and_the_longest_wait() -> None:
    line = lag_row("burst", "grown", [0.5, 3.25, 1.0], "quiet")
    assert line == "| burst | PostgreSQL, Redis, 2 workers | 3 | 1.00 | 3.25 | 3.25 | quiet |"


# -- Many stories ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_stories_in_bulk_are_what_publishing_and_search_would_have_left() -> None:
    load_articles(30)
    stories = list(Article.objects.live().order_by("pk"))
    assert len(stories) == 30
    assert not Article.objects.filter(NOT_IN_CHANGE_FEED | NOT_INDEXED).exists()
    output = SuggestedBy.objects.values_list("article", "word__word")
    assert set(output) == {
        (pk, w) for pk, words in suggestable_words_by_article(stories).items() for w in words
    }
    for words in build_documents(stories):
        row = SearchRow.objects.get(pk=words.article)
        assert (row.text, row.sort_key, row.edition_id) == (
            words.text,
            words.sort_key,
            words.edition,
        )
        wanted = AllOf(tuple(index_terms(words)))
        assert INDEX.find_sort_keys(
            wanted, above=row.sort_key - 1, below=row.sort_key + 1, ascending=True, limit=2
        )


@pytest.mark.django_db(transaction=True)
def test_all_that_readers_read_can_be_measured(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    load_articles(230)
    pages, client = all_requests(), Client()
    for asked in pages:
        time_request(client, asked, asked.addresses[0])
        asked.statements = len(select_statements_of(asked.addresses[0]))
    lines = list(report_table(pages, pages))
    assert len(lines) == len(pages) + 2
    assert "list, page 12" in lines[3]
    assert "No list counted stories." in conclusions(pages)


def test_votes_are_no_stories() -> None:
    votes = '(SELECT COUNT(U0."id") FROM "polls_vote" U0)'
    assert not is_counting_articles(f'SELECT "slug", {votes} FROM "articles_article"')
    assert is_counting_articles(f'SELECT COUNT(*), {votes} FROM "articles_article"')
