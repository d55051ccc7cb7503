"""The measurement: what it measures against exists for it alone."""

import asyncio
import importlib
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from rest_framework.test import APIClient

from articles.models import NOT_INDEXED, NOT_TOLD, Article, SearchRow, SuggestedBy
from articles.search.autocomplete import wanted_of
from articles.search.backends import AllOf, everything_in, find
from articles.search.documents import words_of
from bench.drivers.addresses import everything
from bench.drivers.clients import Asking, Measured, by_hand, in_ms, middle
from bench.drivers.report import facts, row
from bench.drivers.scale_queries import ask, counts, statements_of, table, verdict
from bench.lag import part
from bench.lag import row as lag_row
from bench.load.articles import load
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
    rounds = [Measured(100, 1, 5), Measured(10, 50, 900), Measured(90, 2, 6)]
    assert middle(rounds) == Measured(90, 2, 6)


def test_wrks_times_are_read_in_milliseconds() -> None:
    assert [in_ms(said) for said in ("250.00us", "1.50ms", "2.00s")] == [0.25, 1.5, 2000]


@pytest.mark.django_db
def test_without_wrk_it_asks_itself(live_server: Any) -> None:
    asking = Asking(["/api/v1/masthead/"])
    measured = asyncio.run(by_hand(live_server.url, asking, connections=2, seconds=1))
    assert measured.per_second > 1
    assert 0 < measured.p50 <= measured.p99


def test_a_line_says_which_share_of_the_constant_a_page_reaches() -> None:
    line = row("list", 1234, Measured(50, 20, 90.06), Measured(200, 5, 10), aim=0.5)
    assert line == "| list | 1,234 | 50 | 20.0 | 90.1 | 200 | 5.0 | 10.0 | 25% | 50% |"


def test_the_table_says_what_it_was_measured_on() -> None:
    said = facts(connections=8, seconds=1, rounds=7, threads=5, database="SQLite")
    for fact in ("cores", "Python", "Django", "granian", "SQLite", "8 connections", "Load"):
        assert fact in said


def test_a_share_of_the_waits_is_one_that_was_measured() -> None:
    waits = [float(n) for n in range(1, 101)]
    assert [part(waits, share) for share in (0.5, 0.99, 1.0)] == [51, 100, 100]
    assert part([], 0.5) == 0


def test_a_line_of_the_lag_says_the_size_and_the_longest_wait() -> None:
    line = lag_row("burst", "grown", [0.5, 3.25, 1.0], "quiet")
    assert line == "| burst | PostgreSQL, Redis, 2 workers | 3 | 1.00 | 3.25 | 3.25 | quiet |"


# -- Many stories ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_stories_in_bulk_are_what_publishing_and_search_would_have_left() -> None:
    load(30)
    stories = list(Article.objects.live().order_by("pk"))
    assert len(stories) == 30
    assert not Article.objects.filter(NOT_TOLD | NOT_INDEXED).exists()
    said = SuggestedBy.objects.values_list("article", "word__word")
    assert set(said) == {(pk, w) for pk, words in wanted_of(stories).items() for w in words}
    for words in words_of(stories):
        row = SearchRow.objects.get(pk=words.article)
        assert (row.text, row.place, row.edition_id) == (words.text, words.place, words.edition)
        wanted = AllOf(tuple(everything_in(words)))
        assert find(wanted, above=row.place - 1, below=row.place + 1, upwards=True, most=2)


@pytest.mark.django_db(transaction=True)
def test_all_that_readers_read_can_be_measured(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    load(230)
    pages, client = everything(), Client()
    for asked in pages:
        ask(client, asked, asked.addresses[0])
        asked.statements = len(statements_of(asked.addresses[0]))
    lines = list(table(pages, pages))
    assert len(lines) == len(pages) + 2
    assert "list, page 12" in lines[3]
    assert "No list counted stories." in verdict(pages)


def test_votes_are_no_stories() -> None:
    votes = '(SELECT COUNT(U0."id") FROM "polls_vote" U0)'
    assert not counts(f'SELECT "slug", {votes} FROM "articles_article"')
    assert counts(f'SELECT COUNT(*), {votes} FROM "articles_article"')
