"""Public reads answered from memory: quick, and never for long."""

import sqlite3
import threading
import time
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
from newsroom.db.commit_watch import (
    SnapshotToken,
    commit_watch,
    postgres_snapshot,
    sqlite_data_version,
)
from newsroom.http.compression import CONTENT_CODINGS, compress
from tests.support import make
from tests.support.clock import advance

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _memory(settings: Any) -> None:
    settings.RESPONSE_CACHE_SECONDS = 0.5


def test_the_second_reader_costs_no_query(
    api: APIClient, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.RESPONSE_CACHE_SECONDS = 60  # however slow this machine is
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


def test_who_votes_sees_it_at_once(api: APIClient) -> None:
    article = make.live(poll=make.poll_data())
    path = f"/api/v1/articles/{article.slug}/"
    poll = api.get(path).json()["poll"]["id"]
    api.put(f"/api/v1/polls/{poll}/vote/", {"side": "pro"}, format="json")
    assert api.get(path).json()["poll"]["total_votes"] == 1


def test_a_refused_request_empties_nothing(
    api: APIClient, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.RESPONSE_CACHE_SECONDS = 60
    path = f"/api/v1/articles/{make.live().slug}/"
    api.get(path)
    assert api.post(path, {}, format="json").status_code == 405
    with django_assert_num_queries(0):
        api.get(path)


def test_a_withdrawal_elsewhere_is_seen_when_the_moment_is_over(api: APIClient, ben: User) -> None:
    article = make.live()
    path = f"/api/v1/articles/{article.slug}/"
    assert api.get(path).status_code == 200
    withdraw(article, notice="내렸습니다.", by=ben)
    advance(0.6)
    assert api.get(path).status_code == 410


def test_another_question_is_another_answer(api: APIClient) -> None:
    make.live(section=make.section("정책"))
    assert len(api.get("/api/v1/articles/?section=정책").json()["results"]) == 1
    assert len(api.get("/api/v1/articles/?section=산업").json()["results"]) == 0


def test_personal_answers_are_never_remembered(
    api: APIClient, chi: User, mal: User, as_user: Any
) -> None:
    assert as_user(chi).get("/api/v1/me/").json()["nickname"] == "chi"
    assert as_user(mal).get("/api/v1/me/").json()["nickname"] == "mal"
    assert api.get("/api/v1/me/").status_code == 401


def test_photos_are_not_held_in_memory(api: APIClient) -> None:
    make.live(lead_photo=make.photo())
    address = api.get("/api/v1/articles/").json()["results"][0]["lead_photo"]["sources"][0]["url"]
    for _ in range(2):
        answer = api.get(address)
        assert answer.streaming
        assert b"".join(answer)


def test_it_is_packed_once_for_all_who_take_that_coding(
    api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    packings: list[str] = []

    def counted(content: bytes, coding: str) -> bytes:
        packings.append(coding)
        return compress(content, coding)

    monkeypatch.setattr("newsroom.http.response_cache.compress", counted)
    path = f"/api/v1/articles/{make.live().slug}/"
    plain = api.get(path)
    for _ in range(3):
        for coding in CONTENT_CODINGS:
            assert api.get(path, headers={"Accept-Encoding": coding})["Content-Encoding"] == coding
    assert sorted(packings) == sorted(CONTENT_CODINGS)
    assert api.get(path).content == plain.content


def test_what_the_database_witnesses_is_given_on(
    api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another test beside this one commits to the same PostgreSQL: here the words are given. Whether they
    are true is asked below, of the databases themselves."""
    words = ["5:5:"]
    monkeypatch.setattr(commit_watch, "token", lambda: SnapshotToken(words[0], time.monotonic()))
    path = f"/api/v1/articles/{make.live().slug}/"
    api.get(path)
    for _ in range(3):
        advance(0.6)
        with CaptureQueriesContext(connection) as asked:
            assert api.get(path).status_code == 200
        assert "body_html" not in str(asked.captured_queries), "the story itself was read again"
    words[0] = "5:6:"
    advance(0.6)
    with CaptureQueriesContext(connection) as asked:
        api.get(path)
    assert "body_html" in str(asked.captured_queries)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_postgres_witnesses_every_commit() -> None:
    before = postgres_snapshot()
    make.live()
    assert postgres_snapshot() != before
    with transaction.atomic():
        assert postgres_snapshot() is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_after_any_commit_nothing_is_given_on(api: APIClient, ben: User) -> None:
    story, other = make.live(), make.live()
    path = f"/api/v1/articles/{story.slug}/"
    api.get(path)
    advance(0.6)
    withdraw(other, notice="다른 기사를 내렸습니다.", by=ben)
    withdraw(story, notice="내렸습니다.", by=ben)
    advance(0.6)
    assert api.get(path).status_code == 410


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_was_under_way_when_it_was_read_is_not_missed(api: APIClient, ben: User) -> None:
    """A transaction begun before the reading and committed after it."""
    story = make.live()
    path = f"/api/v1/articles/{story.slug}/"
    begun, over = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                withdraw(story, notice="내렸습니다.", by=ben)
                begun.set()
                over.wait(10)
        finally:
            connections.close_all()

    other = threading.Thread(target=slow)
    other.start()
    assert begun.wait(10)
    advance(0.3)  # a statement that knows of it
    assert api.get(path).status_code == 200
    over.set()
    other.join(10)
    advance(0.6)
    assert api.get(path).status_code == 410


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_story_whose_time_is_over_is_not_given_on_though_nobody_committed(
    api: APIClient,
) -> None:
    story = make.live()
    end = timezone.now() + timedelta(seconds=3)
    Article.objects.filter(pk=story.pk).update(expires_at=end)
    path = f"/api/v1/articles/{story.slug}/"
    assert api.get(path).status_code == 200
    advance(3.7)
    with time_machine.travel(end + timedelta(seconds=0.7)):
        assert api.get(path).status_code == 404


def test_sqlite_witnesses_the_commits_of_others(tmp_path: Path) -> None:
    file = tmp_path / "house.sqlite3"
    with closing(sqlite3.connect(file)) as one, closing(sqlite3.connect(file)) as other:
        one.execute("PRAGMA journal_mode=WAL")
        one.execute("CREATE TABLE story (words TEXT)")
        one.commit()
        before = sqlite_data_version(other)
        assert sqlite_data_version(other) == before
        one.execute("INSERT INTO story VALUES ('하나')")
        assert sqlite_data_version(other) == before
        one.commit()
        assert sqlite_data_version(other) != before
