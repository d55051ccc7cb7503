"""The measurement: what it measures against exists for it alone."""

import asyncio
import importlib
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from rest_framework.test import APIClient

from bench.clients import Asking, Measured, by_hand, in_ms
from bench.lag import part
from bench.lag import row as lag_row
from bench.report import facts, row
from tests import make


@pytest.mark.django_db
def test_readers_find_no_constant_bytes(api: APIClient) -> None:
    assert api.get("/bench/100/").status_code == 404


def test_its_settings_are_for_the_measurement_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BENCH", raising=False)
    with pytest.raises(ImproperlyConfigured, match="BENCH=1"):
        importlib.import_module("bench.settings")


@pytest.mark.django_db
def test_constant_bytes_come_with_the_headers_of_a_public_read(
    api: APIClient, settings: Any
) -> None:
    settings.ROOT_URLCONF = "bench.urls"
    article = make.live()
    page = api.get(f"/api/v1/articles/{article.slug}/")
    constant = api.get(f"/bench/{len(page.content)}/")
    assert len(constant.content) == len(page.content)
    assert "ETag" in constant.headers
    assert set(constant.headers) <= set(page.headers)
    assert page.headers["Cache-Control"] == constant.headers["Cache-Control"]


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
    said = facts(connections=8, seconds=5, threads=5, database="SQLite")
    for fact in ("cores", "Python", "Django", "granian", "SQLite", "8 connections", "Load"):
        assert fact in said


def test_a_share_of_the_waits_is_one_that_was_measured() -> None:
    waits = [float(n) for n in range(1, 101)]
    assert [part(waits, share) for share in (0.5, 0.99, 1.0)] == [51, 100, 100]
    assert part([], 0.5) == 0


def test_a_line_of_the_lag_says_the_size_and_the_longest_wait() -> None:
    line = lag_row("burst", "grown", [0.5, 3.25, 1.0], "quiet")
    assert line == "| burst | PostgreSQL, Redis, 2 workers | 3 | 1.00 | 3.25 | 3.25 | quiet |"
