"""Which copies are served while the database is away, by the rules alone (test_servers_away.py: live)."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actions import close_account
from articles.models import Article
from newsroom import fallback_cache
from newsroom.fallback_cache import FallbackRedisCache, RedisAvailability
from newsroom.http import backend_errors
from newsroom.http import change_token as tokens
from newsroom.http.backend_errors import CircuitBreaker
from newsroom.http.cache_control import next_planned_change
from newsroom.http.change_token import ChangeToken
from newsroom.http.stale_if_error import FreshnessBasis, may_serve_stale
from tests.newsroom.http.test_backend_errors import away, database_raises
from tests.support import make
from tests.support.clock import advance

MINUTE = 60.0


@pytest.fixture(autouse=True)
def _token(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Copies are served for a minute; the token is in a file of this test's own, and no plan is known."""
    settings.RESPONSE_CACHE_STALE_IF_ERROR_SECONDS = MINUTE
    settings.REDIS_URL = ""
    monkeypatch.setattr(tokens, "TOKEN_FILE", tmp_path / "token")
    tokens.change_token.read_at = float("-inf")
    next_planned_change.moment = None
    yield
    tokens.change_token.read_at = float("-inf")


def is_served(**over: Any) -> bool:
    made_on = FreshnessBasis(tokens.change_token.read(), time.monotonic())
    terms: dict[str, Any] = {"good_until": time.monotonic(), "now": timezone.now()} | over
    return may_serve_stale(made_on, **terms)


def test_a_copy_is_served_for_the_stated_time() -> None:
    assert is_served()
    assert is_served(good_until=time.monotonic() - MINUTE + 10)
    assert not is_served(good_until=time.monotonic() - MINUTE - 1)


def test_no_copy_is_served_past_the_next_planned_change() -> None:
    now = timezone.now()
    next_planned_change.moment = now + timedelta(seconds=5)
    assert is_served(now=now)
    assert not is_served(now=now + timedelta(seconds=5))


def test_no_copy_from_before_a_change_is_served() -> None:
    made_on = FreshnessBasis(tokens.change_token.read(), time.monotonic())
    ChangeToken().renew()  # by another process
    advance(0.3)
    assert not may_serve_stale(made_on, good_until=time.monotonic(), now=timezone.now())


@pytest.mark.django_db
def test_no_copy_with_the_name_of_somebody_who_has_left_is_served() -> None:
    made_on = FreshnessBasis(tokens.change_token.read(), time.monotonic())
    close_account(make.reader("chi"))
    assert not may_serve_stale(made_on, good_until=time.monotonic(), now=timezone.now())


def test_no_copy_is_served_where_nobody_knows_whether_something_changed(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    tokens.change_token.read_at = float("-inf")
    assert not is_served()


def test_a_change_that_a_full_disk_does_not_let_be_noted_leaves_no_older_token(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = tokens.change_token.read()

    def full(*_args: Any) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", full)
        ChangeToken().renew()
    assert not tokens.TOKEN_FILE.exists()
    assert ChangeToken().read() not in {None, before}


@pytest.mark.django_db
def test_a_read_that_fails_after_the_answer_was_made_is_no_500(settings: Any) -> None:
    """The cache asks the database for how long an answer is true, after it was made."""
    settings.RESPONSE_CACHE_SECONDS, settings.SHARED_CACHE_SECONDS = 0.5, 1
    slug = make.live().slug
    client = Client(raise_request_exception=False)
    assert client.get(f"/api/v1/articles/{slug}/").status_code == 200
    with database_raises(away):
        next_planned_change.forget()
        assert client.get("/robots.txt").status_code in {200, 503}
        assert client.get(f"/api/v1/articles/{slug}/").status_code in {200, 503}
        advance(0.6)
        stale = client.get(f"/api/v1/articles/{slug}/")
        assert (stale.status_code, "stale-if-error" in stale["Cache-Status"]) == (200, True)
    assert Article.objects.filter(slug=slug).exists()


def test_after_a_slow_failure_nobody_else_waits_for_two_seconds(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    circuit = CircuitBreaker()
    circuit.record_duration(seconds=0.2)
    assert not circuit.is_open()
    circuit.record_duration(seconds=3.0)
    assert circuit.is_open()
    monkeypatch.setattr(backend_errors.circuit_breaker, "open_until", time.monotonic() + 60)
    assert client.get("/articles/").status_code == 503
    assert client.get("/api/v1/articles/").json()["code"] == "unavailable"
    assert client.get("/health/live").status_code == 200


def test_redis_is_asked_again_after_a_while_and_not_at_every_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = RedisAvailability()
    monkeypatch.setattr(fallback_cache, "availability", here)
    shared = FallbackRedisCache("redis://127.0.0.1:1/0", {})
    assert shared.add("limit", 0)
    assert not here.should_try_redis()
    assert [shared.incr("limit"), shared.incr("limit")] == [1, 2]
    here.retry_at = time.monotonic()
    assert here.should_try_redis()
    assert not here.should_try_redis(), "one request asks, the others go on without it"
    here.note_success()
    assert here.should_try_redis()
