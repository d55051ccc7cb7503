"""Response cache: hits without queries, expiry, revalidation by commits, and what empties it."""

import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article
from desk.actions import withdraw
from newsroom import checks
from newsroom.conf.environment import read_seconds
from newsroom.db.commit_watch import (
    CommitWatch,
    SnapshotToken,
    commit_watch,
    sqlite_data_version,
)
from newsroom.db.invalidation_triggers import restore_invalidation_triggers
from newsroom.http.compression import CONTENT_CODINGS, compress
from tests.newsroom.conftest import FakeClock
from tests.support import make

pytestmark = pytest.mark.django_db
EXPIRED_SECONDS = 0.6  # later than RESPONSE_CACHE_SECONDS


@pytest.fixture(autouse=True)
def _response_cache(settings: Any) -> None:
    settings.RESPONSE_CACHE_SECONDS = 0.5


def test_cache_hit_costs_no_query(
    api: APIClient, fake_clock: FakeClock, django_assert_num_queries: Any
) -> None:
    path = f"/api/v1/articles/{make.live().slug}/"
    first = api.get(path)
    with django_assert_num_queries(0):
        second = api.get(path)
    assert (first.content, first["ETag"], first["Cache-Control"]) == (
        second.content,
        second["ETag"],
        second["Cache-Control"],
    )
    with django_assert_num_queries(0):
        assert api.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_voter_sees_the_own_vote_at_once(api: APIClient) -> None:
    article = make.live(poll=make.poll_data())
    path = f"/api/v1/articles/{article.slug}/"
    poll = api.get(path).json()["poll"]["id"]
    api.get("/api/v1/me/state/", {"articles": article.slug})  # as a page does when it is opened
    api.put(f"/api/v1/polls/{poll}/vote/", {"side": "pro"}, format="json")
    assert api.get(path).json()["poll"]["total_votes"] == 1


def test_refused_write_does_not_flush_the_cache(
    api: APIClient, fake_clock: FakeClock, django_assert_num_queries: Any
) -> None:
    path = f"/api/v1/articles/{make.live().slug}/"
    api.get(path)
    assert api.post(path, {}, format="json").status_code == 405
    with django_assert_num_queries(0):
        api.get(path)


def test_withdrawal_by_another_process_is_seen_when_the_entry_expires(
    api: APIClient, ben: User, fake_clock: FakeClock
) -> None:
    article = make.live()
    path = f"/api/v1/articles/{article.slug}/"
    assert api.get(path).status_code == 200
    withdraw(article, notice="내렸습니다.", by=ben)
    fake_clock.advance(EXPIRED_SECONDS)
    assert api.get(path).status_code == 410


def test_cache_key_includes_the_query_string(api: APIClient) -> None:
    make.live(section=make.section("정책"))
    assert len(api.get("/api/v1/articles/?section=정책").json()["results"]) == 1
    assert len(api.get("/api/v1/articles/?section=산업").json()["results"]) == 0


def test_personal_responses_are_not_cached(
    api: APIClient, chi: User, mal: User, as_user: Any
) -> None:
    assert as_user(chi).get("/api/v1/me/").json()["nickname"] == "chi"
    assert as_user(mal).get("/api/v1/me/").json()["nickname"] == "mal"
    assert api.get("/api/v1/me/").status_code == 401


def test_photos_are_streamed_and_not_cached(api: APIClient) -> None:
    make.live(lead_photo=make.photo())
    url = api.get("/api/v1/articles/").json()["results"][0]["lead_photo"]["sources"][0]["url"]
    for _ in range(2):
        response = api.get(url)
        assert response.streaming
        assert b"".join(response)


def test_cached_response_is_compressed_once_per_coding(
    api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    compressed: list[str] = []

    def counting_compress(content: bytes, coding: str) -> bytes:
        compressed.append(coding)
        return compress(content, coding)

    monkeypatch.setattr("newsroom.http.cached_response.compress", counting_compress)
    path = f"/api/v1/articles/{make.live().slug}/"
    plain = api.get(path)
    for _ in range(3):
        for coding in CONTENT_CODINGS:
            assert api.get(path, headers={"Accept-Encoding": coding})["Content-Encoding"] == coding
    assert sorted(compressed) == sorted(CONTENT_CODINGS)
    assert api.get(path).content == plain.content


def test_entry_is_revalidated_until_the_commit_token_changes(
    api: APIClient, monkeypatch: pytest.MonkeyPatch, fake_clock: FakeClock
) -> None:
    """With a fake token, since other tests commit to the same PostgreSQL; the tests below read real
    ones."""
    tokens = ["5:5:"]
    monkeypatch.setattr(
        commit_watch, "token", lambda: SnapshotToken(tokens[0], fake_clock.monotonic())
    )
    path = f"/api/v1/articles/{make.live().slug}/"
    api.get(path)
    for _ in range(3):
        fake_clock.advance(EXPIRED_SECONDS)
        with CaptureQueriesContext(connection) as queries:
            assert api.get(path).status_code == 200
        assert "body_html" not in str(queries.captured_queries), "the article was read again"
    tokens[0] = "5:6:"
    fake_clock.advance(EXPIRED_SECONDS)
    with CaptureQueriesContext(connection) as queries:
        api.get(path)
    assert "body_html" in str(queries.captured_queries)


def postgres_snapshot() -> str | None:
    token = CommitWatch().read_postgresql(0.0)
    return token and token.value


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_postgres_snapshot_changes_with_every_commit() -> None:
    before = postgres_snapshot()
    make.live()
    assert postgres_snapshot() != before
    with transaction.atomic():
        assert postgres_snapshot() is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_entry_is_not_revalidated_after_any_commit(
    api: APIClient, ben: User, fake_clock: FakeClock
) -> None:
    article, other = make.live(), make.live()
    path = f"/api/v1/articles/{article.slug}/"
    api.get(path)
    fake_clock.advance(EXPIRED_SECONDS)
    withdraw(other, notice="다른 기사를 내렸습니다.", by=ben)
    withdraw(article, notice="내렸습니다.", by=ben)
    fake_clock.advance(EXPIRED_SECONDS)
    assert api.get(path).status_code == 410


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_commit_of_a_transaction_open_at_the_read_ends_revalidation(
    api: APIClient, ben: User, fake_clock: FakeClock
) -> None:
    """The transaction begins before the read and commits after it."""
    article = make.live()
    path = f"/api/v1/articles/{article.slug}/"
    has_begun, may_commit = threading.Event(), threading.Event()

    def withdraw_slowly() -> None:
        try:
            with transaction.atomic():
                withdraw(article, notice="내렸습니다.", by=ben)
                has_begun.set()
                may_commit.wait(10)
        finally:
            connections.close_all()

    writer = threading.Thread(target=withdraw_slowly)
    writer.start()
    assert has_begun.wait(10)
    fake_clock.advance(0.3)  # the next token is read while the transaction is open
    assert api.get(path).status_code == 200
    may_commit.set()
    writer.join(10)
    fake_clock.advance(EXPIRED_SECONDS)
    assert api.get(path).status_code == 410


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_expired_article_is_not_served_from_cache_without_a_commit(
    api: APIClient, fake_clock: FakeClock
) -> None:
    article = make.live()
    expires_at = timezone.now() + timedelta(seconds=3)
    Article.objects.filter(pk=article.pk).update(expires_at=expires_at)
    path = f"/api/v1/articles/{article.slug}/"
    assert api.get(path).status_code == 200
    with time_machine.travel(expires_at + timedelta(seconds=0.7), tick=False):
        fake_clock.advance(3.7)
        assert api.get(path).status_code == 404


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("elapsed", [timedelta(seconds=25), timedelta(seconds=200)])
def test_expired_article_is_not_served_to_the_first_reader_long_after_its_expiry(
    api: APIClient, fake_clock: FakeClock, elapsed: timedelta
) -> None:
    restore_invalidation_triggers()
    article, now = make.live(), timezone.now()
    expires_at = now + elapsed - timedelta(seconds=12)
    Article.objects.filter(pk=article.pk).update(expires_at=expires_at)
    path = f"/api/v1/articles/{article.slug}/"
    assert api.get(path).status_code == 200
    make.live()  # something else is committed meanwhile
    fake_clock.advance(elapsed.total_seconds())
    with time_machine.travel(now + elapsed, tick=False):
        assert api.get(path).status_code == 404


def test_sqlite_data_version_changes_with_commits_of_other_connections(tmp_path: Path) -> None:
    file = tmp_path / "newsroom.sqlite3"
    with closing(sqlite3.connect(file)) as writer, closing(sqlite3.connect(file)) as watcher:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("CREATE TABLE story (words TEXT)")
        writer.commit()
        before = sqlite_data_version(watcher)
        assert sqlite_data_version(watcher) == before
        writer.execute("INSERT INTO story VALUES ('하나')")
        assert sqlite_data_version(watcher) == before
        writer.commit()
        assert sqlite_data_version(watcher) != before


@pytest.mark.parametrize(
    ("variables", "seconds"),
    [
        ({}, 0.5),
        ({"KEEP_PUBLIC_SECONDS": "0.2"}, 0.2),
        ({"RESPONSE_CACHE_SECONDS": "0.1"}, 0.1),
        ({"RESPONSE_CACHE_SECONDS": "0", "KEEP_PUBLIC_SECONDS": "0.2"}, 0),
    ],
)
def test_former_variable_name_is_read_with_a_warning(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], seconds: float
) -> None:
    for name in ("RESPONSE_CACHE_SECONDS", "KEEP_PUBLIC_SECONDS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert read_seconds("RESPONSE_CACHE_SECONDS", default=0.5, maximum=1) == seconds
    warnings = [message.id for message in checks.check_deprecated_variables(None)]
    assert warnings == ["newsroom.W001"] * ("KEEP_PUBLIC_SECONDS" in variables)
