"""Readers and counters at once, on PostgreSQL and Redis: every reading is counted, and once."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from articles.models import CountedBatch, Rank, ReadHour, Reading
from articles.readership import stores
from articles.readership.popular import refresh_popularity_ranks
from articles.readership.stores import (
    BATCH_NAMES_KEY,
    PENDING_VIEWS_KEY,
    claim_redis_batches,
    open_redis_batch,
    view_buffer_redis,
)
from articles.readership.view_counts import add_views, count_pending_views, purge_old_views
from tests.support import make
from tests.support.view_beacons import counted_views, post_view, post_views_of_readers

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.redis,
]
HOUSE = Path(__file__).resolve().parent.parent.parent.parent
READERS = 24


@pytest.fixture(params=["redis", "database"])
def _store(request: pytest.FixtureRequest, settings: Any) -> Iterator[None]:
    if request.param == "database":
        settings.REDIS_URL = ""
    yield
    connections.close_all()


@pytest.mark.usefixtures("_store")
def test_readers_and_counters_at_once_end_in_the_exact_number() -> None:
    stories = [make.live() for _ in range(3)]
    over = threading.Event()

    def act(number: int) -> Any:
        if number < 4:
            for n in range(READERS):
                for story in stories:
                    post_view(story.slug, address=f"198.51.{number % 2}.{n + 1}")
            left.remove(number)
            if not left:
                over.set()
        else:
            while not over.is_set():
                count_pending_views()
        return None

    left = [0, 1, 2, 3]
    done = make.race(7, act)
    assert done == [None] * 7
    # Readers 0 and 2 came from the same addresses, so did 1 and 3.
    assert [counted_views(story.slug) for story in stories] == [2 * READERS] * 3
    assert sum(ReadHour.objects.values_list("views", flat=True)) == 6 * READERS


@pytest.mark.usefixtures("_store")
def test_one_reader_in_many_tabs_at_the_same_moment_is_one() -> None:
    story = make.live()
    answers: list[Any] = make.race(8, lambda _: post_view(story.slug))
    assert [answer.status_code for answer in answers] == [204] * 8
    assert counted_views(story.slug) == 1


def test_counters_that_hold_the_same_batch_count_it_once() -> None:
    story = make.live()
    post_views_of_readers(story.slug, 5)
    (name,) = list(claim_redis_batches())

    def act(_: int) -> int:
        with open_redis_batch(name) as found:
            return add_views(found)

    assert sorted(make.race(4, act), key=str) == [0, 0, 0, 5]
    assert counted_views(story.slug) == 5


def test_a_batch_whose_counter_failed_before_the_commit_is_counted_by_the_next() -> None:
    story = make.live()
    post_views_of_readers(story.slug, 5)
    (name,) = list(claim_redis_batches())
    with pytest.raises(ZeroDivisionError), open_redis_batch(name) as found:
        assert 1 // (add_views(found) - 5)
    assert not CountedBatch.objects.exists()
    assert counted_views(story.slug) == 5


DYING = """
import os, signal, sys
import django
django.setup()
from django.db import transaction
from articles import readership, readstores
if sys.argv[1] == "before":
    was = readership.count
    def count(found):
        was(found)
        os.kill(os.getpid(), signal.SIGKILL)
    readership.count = count
else:
    there = stores.redis_here()
    class Half:
        def delete(self, *names):
            os.kill(os.getpid(), signal.SIGKILL)
        def __getattr__(self, name):
            return getattr(there, name)
    stores.redis_here = lambda: Half()
readership.count_waiting()
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_counter_that_is_killed_loses_nothing_and_repeats_nothing(moment: str) -> None:
    """Between the writing and the commit, and between the commit and the forgetting."""
    story = make.live()
    post_views_of_readers(story.slug, 5)
    database = connection.settings_dict
    address = (
        f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:"
        f"{database['PORT']}/{database['NAME']}"
    )
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    died = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(DYING), moment],
        env=environment,
        cwd=HOUSE,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    there = view_buffer_redis()
    assert there.scard(BATCH_NAMES_KEY) == 1
    assert CountedBatch.objects.count() == (0 if moment == "before" else 1)
    post_views_of_readers(story.slug, 7)  # five of them have been here just now
    assert counted_views(story.slug) == 7
    assert there.scard(BATCH_NAMES_KEY) == 0
    assert not there.exists(PENDING_VIEWS_KEY)


def test_while_redis_is_away_readers_are_answered_all_the_same(settings: Any) -> None:
    story = make.live()
    away = settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    elsewhere = stores.redis_client(away["LOCATION"])
    was = stores.view_buffer_redis
    stores.view_buffer_redis = lambda: elsewhere
    try:
        assert post_view(story.slug).status_code == 204
    finally:
        stores.view_buffer_redis = was
    assert counted_views(story.slug) == 0


def test_a_memory_that_comes_back_with_an_old_batch_adds_nothing() -> None:
    story = make.live()
    post_views_of_readers(story.slug, 5)
    (name,) = list(claim_redis_batches())
    there = view_buffer_redis()
    old = there.hgetall(f"{stores.REDIS_KEY_PREFIX}:batch:{name}")
    assert counted_views(story.slug) == 5
    there.hset(f"{stores.REDIS_KEY_PREFIX}:batch:{name}", mapping=old)
    there.sadd(BATCH_NAMES_KEY, name)
    assert counted_views(story.slug) == 5


def test_redis_forgets_who_read_by_itself() -> None:
    story = make.live()
    post_view(story.slug)
    there = view_buffer_redis()
    (seen,) = there.keys(f"{stores.REDIS_KEY_PREFIX}:seen:*")
    assert 0 < there.ttl(seen) <= stores.REPEAT_VIEW_INTERVAL.total_seconds()
    assert "203.0.113.7" not in seen
    assert not Reading.objects.exists()


def test_all_who_rank_at_once_leave_one_ranking() -> None:
    stories = [make.live() for _ in range(3)]
    for number, story in enumerate(stories, start=1):
        post_views_of_readers(story.slug, number)
    count_pending_views()
    done = make.race(4, lambda _: refresh_popularity_ranks(now=timezone.now(), counted=1))
    assert True in done
    assert not [each for each in done if isinstance(each, Exception)]
    ranked = Rank.objects.filter(window="24h").order_by("-views")
    assert [rank.article_id for rank in ranked] == [story.pk for story in reversed(stories)]


def test_tidying_and_counting_at_once_keep_the_sum() -> None:
    story = make.live()
    now = timezone.now()
    ReadHour.objects.bulk_create(
        ReadHour(article=story, hour=now - timedelta(days=9, hours=n), views=2) for n in range(20)
    )
    before = sum(ReadHour.objects.values_list("views", flat=True))

    def act(number: int) -> None:
        if number < 3:
            purge_old_views(now=now, batch_size=3)
        else:
            post_views_of_readers(story.slug, 5)
            count_pending_views()

    assert make.race(4, act) == [None] * 4
    count_pending_views()
    purge_old_views(now=now)
    assert sum(ReadHour.objects.values_list("views", flat=True)) == before + 5
    assert ReadHour.objects.count() == 2
