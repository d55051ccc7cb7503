"""Stale-if-error: which cached responses are served while the database is unavailable.

Unit tests with a fake clock; tests/e2e/test_servers_away.py stops real servers.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actions import close_account
from articles.models import Article
from newsroom import clock, fallback_cache
from newsroom.fallback_cache import CACHE_RETRY_SECONDS, FallbackRedisCache, RedisAvailability
from newsroom.http import backend_errors, change_token
from newsroom.http.backend_errors import CIRCUIT_OPEN_SECONDS, CircuitBreaker
from newsroom.http.cache_control import next_planned_change
from newsroom.http.change_token import TOKEN_MAX_AGE_SECONDS, ChangeToken
from newsroom.http.stale_if_error import FreshnessBasis, may_serve_stale
from tests.newsroom.conftest import FakeClock
from tests.newsroom.http.test_backend_errors import database_raises, unreachable_database
from tests.support import make

STALE_SECONDS = 60.0


@pytest.fixture(autouse=True)
def _stale_if_error(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake_clock: FakeClock
) -> None:
    """Responses are served stale for a minute; the token is in a file of the test; nothing is planned."""
    settings.RESPONSE_CACHE_STALE_IF_ERROR_SECONDS = STALE_SECONDS
    settings.REDIS_URL = ""
    monkeypatch.setattr(change_token, "TOKEN_FILE", tmp_path / "token")
    next_planned_change.due_at = None


def current_basis() -> FreshnessBasis:
    return FreshnessBasis(change_token.change_token.read(), clock.monotonic())


def is_served(**changes: Any) -> bool:
    options: dict[str, Any] = {"good_until": clock.monotonic(), "now": timezone.now()} | changes
    return may_serve_stale(current_basis(), **options)


def test_response_is_served_stale_for_the_configured_time() -> None:
    assert is_served()
    assert is_served(good_until=clock.monotonic() - STALE_SECONDS + 10)
    assert not is_served(good_until=clock.monotonic() - STALE_SECONDS - 1)


def test_response_is_not_served_stale_past_the_next_planned_change() -> None:
    now = timezone.now()
    next_planned_change.due_at = now + timedelta(seconds=5)
    assert is_served(now=now)
    assert not is_served(now=now + timedelta(seconds=5))


def test_response_from_before_a_change_is_not_served_stale(fake_clock: FakeClock) -> None:
    basis = current_basis()
    ChangeToken().renew()  # by another process
    fake_clock.advance(TOKEN_MAX_AGE_SECONDS)
    assert not may_serve_stale(basis, good_until=clock.monotonic(), now=timezone.now())


@pytest.mark.django_db
def test_response_with_the_name_of_a_closed_account_is_not_served_stale() -> None:
    basis = current_basis()
    close_account(make.reader("chi"))
    assert not may_serve_stale(basis, good_until=clock.monotonic(), now=timezone.now())


def test_response_is_not_served_stale_without_a_change_token(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    change_token.change_token.read_at = float("-inf")
    assert not is_served()


def test_change_on_a_full_disk_leaves_no_older_token(monkeypatch: pytest.MonkeyPatch) -> None:
    before = change_token.change_token.read()

    def no_space(*_args: Any) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", no_space)
        ChangeToken().renew()
    assert not change_token.TOKEN_FILE.exists()
    assert ChangeToken().read() not in {None, before}


@pytest.mark.django_db
def test_database_failure_after_rendering_is_not_a_500(
    settings: Any, fake_clock: FakeClock
) -> None:
    """The response cache queries the database for the freshness of a response after it was rendered."""
    settings.RESPONSE_CACHE_SECONDS, settings.SHARED_CACHE_SECONDS = 0.5, 1
    slug = make.live().slug
    client = Client(raise_request_exception=False)
    assert client.get(f"/api/v1/articles/{slug}/").status_code == 200
    with database_raises(unreachable_database):
        next_planned_change.invalidate()
        assert client.get("/robots.txt").status_code in {200, 503}
        assert client.get(f"/api/v1/articles/{slug}/").status_code in {200, 503}
        fake_clock.advance(0.6)
        stale = client.get(f"/api/v1/articles/{slug}/")
        assert (stale.status_code, "stale-if-error" in stale["Cache-Status"]) == (200, True)
    assert Article.objects.filter(slug=slug).exists()


def test_circuit_breaker_opens_after_a_slow_failure(
    client: Client, monkeypatch: pytest.MonkeyPatch, fake_clock: FakeClock
) -> None:
    circuit_breaker = CircuitBreaker()
    circuit_breaker.record_duration(seconds=0.2)
    assert not circuit_breaker.is_open()
    circuit_breaker.record_duration(seconds=3.0)
    assert circuit_breaker.is_open()
    fake_clock.advance(CIRCUIT_OPEN_SECONDS)
    assert not circuit_breaker.is_open()
    open_until = clock.monotonic() + 60
    monkeypatch.setattr(backend_errors.circuit_breaker, "open_until", open_until)
    assert client.get("/articles/").status_code == 503
    assert client.get("/api/v1/articles/").json()["code"] == "unavailable"
    assert client.get("/health/live").status_code == 200


def test_redis_is_tried_again_after_a_while_and_not_at_every_request(
    monkeypatch: pytest.MonkeyPatch, fake_clock: FakeClock
) -> None:
    availability = RedisAvailability()
    monkeypatch.setattr(fallback_cache, "availability", availability)
    cache = FallbackRedisCache("redis://127.0.0.1:1/0", {})
    assert cache.add("limit", 0)
    assert not availability.should_try_redis()
    assert [cache.incr("limit"), cache.incr("limit")] == [1, 2]
    cache.decrement_many(["limit", "another"])
    assert cache.get("limit") == 1
    assert cache.count_in_window("window", seconds=60, now=0) is None
    fake_clock.advance(CACHE_RETRY_SECONDS)
    assert availability.should_try_redis()
    assert not availability.should_try_redis(), "one request tries, the others go on without it"
    availability.record_success()
    assert availability.should_try_redis()
