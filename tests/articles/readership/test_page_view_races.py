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
from articles.readership.popular import rank_again
from articles.readership.stores import BATCHES, WAITING, batch, batches, redis_here
from articles.readership.view_counts import count, count_waiting, tidy
from tests.support import make
from tests.support.page_reading import beacon, readers, views

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
                    beacon(story.slug, address=f"198.51.{number % 2}.{n + 1}")
            left.remove(number)
            if not left:
                over.set()
        else:
            while not over.is_set():
                count_waiting()
        return None

    left = [0, 1, 2, 3]
    done = make.race(7, act)
    assert done == [None] * 7
    # Readers 0 and 2 came from the same addresses, so did 1 and 3.
    assert [views(story.slug) for story in stories] == [2 * READERS] * 3
    assert sum(ReadHour.objects.values_list("views", flat=True)) == 6 * READERS


@pytest.mark.usefixtures("_store")
def test_one_reader_in_many_tabs_at_the_same_moment_is_one() -> None:
    story = make.live()
    answers: list[Any] = make.race(8, lambda _: beacon(story.slug))
    assert [answer.status_code for answer in answers] == [204] * 8
    assert views(story.slug) == 1


def test_counters_that_hold_the_same_batch_count_it_once() -> None:
    story = make.live()
    readers(story.slug, 5)
    (name,) = list(batches())

    def act(_: int) -> int:
        with batch(name) as found:
            return count(found)

    assert sorted(make.race(4, act), key=str) == [0, 0, 0, 5]
    assert views(story.slug) == 5


def test_a_batch_whose_counter_failed_before_the_commit_is_counted_by_the_next() -> None:
    story = make.live()
    readers(story.slug, 5)
    (name,) = list(batches())
    with pytest.raises(ZeroDivisionError), batch(name) as found:
        assert 1 // (count(found) - 5)
    assert not CountedBatch.objects.exists()
    assert views(story.slug) == 5


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
    readers(story.slug, 5)
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
    there = redis_here()
    assert there.scard(BATCHES) == 1
    assert CountedBatch.objects.count() == (0 if moment == "before" else 1)
    readers(story.slug, 7)  # five of them have been here just now
    assert views(story.slug) == 7
    assert there.scard(BATCHES) == 0
    assert not there.exists(WAITING)


def test_while_redis_is_away_readers_are_answered_all_the_same(settings: Any) -> None:
    story = make.live()
    away = settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    elsewhere = stores.client(away["LOCATION"])
    was = stores.redis_here
    stores.redis_here = lambda: elsewhere
    try:
        assert beacon(story.slug).status_code == 204
    finally:
        stores.redis_here = was
    assert views(story.slug) == 0


def test_a_memory_that_comes_back_with_an_old_batch_adds_nothing() -> None:
    story = make.live()
    readers(story.slug, 5)
    (name,) = list(batches())
    there = redis_here()
    old = there.hgetall(f"{stores.ROOM}:batch:{name}")
    assert views(story.slug) == 5
    there.hset(f"{stores.ROOM}:batch:{name}", mapping=old)
    there.sadd(BATCHES, name)
    assert views(story.slug) == 5


def test_redis_forgets_who_read_by_itself() -> None:
    story = make.live()
    beacon(story.slug)
    there = redis_here()
    (seen,) = there.keys(f"{stores.ROOM}:seen:*")
    assert 0 < there.ttl(seen) <= stores.AGAIN_AFTER.total_seconds()
    assert "203.0.113.7" not in seen
    assert not Reading.objects.exists()


def test_all_who_rank_at_once_leave_one_ranking() -> None:
    stories = [make.live() for _ in range(3)]
    for number, story in enumerate(stories, start=1):
        readers(story.slug, number)
    count_waiting()
    done = make.race(4, lambda _: rank_again(now=timezone.now(), counted=1))
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
            tidy(now=now, at_once=3)
        else:
            readers(story.slug, 5)
            count_waiting()

    assert make.race(4, act) == [None] * 4
    count_waiting()
    tidy(now=now)
    assert sum(ReadHour.objects.values_list("views", flat=True)) == before + 5
    assert ReadHour.objects.count() == 2
