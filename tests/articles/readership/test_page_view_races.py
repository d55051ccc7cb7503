"""Races of page views and their counting, on PostgreSQL and Redis: every view is counted once."""

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
from django.db.models import Sum
from django.utils import timezone

from articles.models import (
    CountedBatch,
    HourlyViews,
    PopularityRank,
    RecentView,
    ReferrerViews,
)
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
from tests.support.clients.view_beacons import counted_views, post_view, post_views_of_readers

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.redis,
]
PROJECT_ROOT = Path(__file__).resolve().parent.parent.parent.parent
VISITORS = 24
REFERRERS = (b"", b"https://search.naver.com", b"https://www.naver.com")


@pytest.fixture(params=["redis", "database"])
def _view_store(request: pytest.FixtureRequest, settings: Any) -> Iterator[None]:
    if request.param == "database":
        settings.REDIS_URL = ""
    yield
    connections.close_all()


@pytest.mark.usefixtures("_view_store")
def test_concurrent_views_and_counting_end_in_the_exact_count() -> None:
    stories = [make.live() for _ in range(3)]
    all_viewed = threading.Event()

    def work(number: int) -> Any:
        if number < 4:
            for n in range(VISITORS):
                for story in stories:
                    body = REFERRERS[n % len(REFERRERS)]
                    post_view(story.slug, address=f"198.51.{number % 2}.{n + 1}", body=body)
            active_viewers.remove(number)
            if not active_viewers:
                all_viewed.set()
        else:
            while not all_viewed.is_set():
                count_pending_views()
        return None

    active_viewers = [0, 1, 2, 3]
    results = make.race(7, work)
    assert results == [None] * 7
    # Readers 0 and 2 came from the same addresses, so did 1 and 3.
    assert [counted_views(story.slug) for story in stories] == [2 * VISITORS] * 3
    assert sum(HourlyViews.objects.values_list("views", flat=True)) == 6 * VISITORS
    by_referrer = ReferrerViews.objects.values_list("article", "referrer").annotate(n=Sum("views"))
    each = 2 * VISITORS // len(REFERRERS)
    assert {(article, kind): n for article, kind, n in by_referrer} == {
        (story.pk, kind): each for story in stories for kind in ("direct", "search", "portal")
    }


@pytest.mark.usefixtures("_view_store")
def test_concurrent_views_of_one_visitor_count_once() -> None:
    story = make.live()
    responses: list[Any] = make.race(8, lambda _: post_view(story.slug))
    assert [response.status_code for response in responses] == [204] * 8
    assert counted_views(story.slug) == 1


def test_workers_that_claim_the_same_batch_count_it_once() -> None:
    story = make.live()
    post_views_of_readers(story.slug, 5)
    (name,) = list(claim_redis_batches())

    def work(_: int) -> int:
        with open_redis_batch(name) as batch_views:
            return add_views(batch_views)

    assert sorted(make.race(4, work), key=str) == [0, 0, 0, 5]
    assert counted_views(story.slug) == 5


def test_a_batch_is_counted_by_the_next_worker_after_a_failure_before_the_commit() -> None:
    story = make.live()
    post_views_of_readers(story.slug, 5)
    (name,) = list(claim_redis_batches())
    with pytest.raises(ZeroDivisionError), open_redis_batch(name) as batch_views:
        assert 1 // (add_views(batch_views) - 5)
    assert not CountedBatch.objects.exists()
    assert counted_views(story.slug) == 5


KILLED_WORKER_SCRIPT = """
import os, signal, sys
import django
django.setup()
from django.db import transaction
from articles.readership import stores, view_counts
if sys.argv[1] == "before":
    original = view_counts.add_views
    def add_views_and_die(views):
        original(views)
        os.kill(os.getpid(), signal.SIGKILL)
    view_counts.add_views = add_views_and_die
else:
    client = stores.view_buffer_redis()
    class DyingClient:
        def delete(self, *names):
            os.kill(os.getpid(), signal.SIGKILL)
        def __getattr__(self, name):
            return getattr(client, name)
    stores.view_buffer_redis = lambda: DyingClient()
view_counts.count_pending_views()
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_killed_counting_worker_loses_and_repeats_no_view(moment: str) -> None:
    """Killed between the write and the commit, and between the commit and the deletion of the batch."""
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
    worker = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED_WORKER_SCRIPT), moment],
        env=environment,
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert worker.returncode == -signal.SIGKILL, worker.stderr
    redis = view_buffer_redis()
    assert redis.scard(BATCH_NAMES_KEY) == 1
    assert CountedBatch.objects.count() == (0 if moment == "before" else 1)
    post_views_of_readers(story.slug, 7)  # five of them have been here just now
    assert counted_views(story.slug) == 7
    assert redis.scard(BATCH_NAMES_KEY) == 0
    assert not redis.exists(PENDING_VIEWS_KEY)


def test_view_beacons_are_answered_while_redis_is_unavailable(settings: Any) -> None:
    story = make.live()
    unreachable = settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    client = stores.redis_client(unreachable["LOCATION"])
    original = stores.view_buffer_redis
    stores.view_buffer_redis = lambda: client
    try:
        assert post_view(story.slug).status_code == 204
    finally:
        stores.view_buffer_redis = original
    assert counted_views(story.slug) == 0


def test_a_restored_redis_with_a_counted_batch_adds_nothing() -> None:
    story = make.live()
    post_views_of_readers(story.slug, 5)
    (name,) = list(claim_redis_batches())
    redis = view_buffer_redis()
    counted_fields = redis.hgetall(f"{stores.REDIS_KEY_PREFIX}:batch:{name}")
    assert counted_views(story.slug) == 5
    redis.hset(f"{stores.REDIS_KEY_PREFIX}:batch:{name}", mapping=counted_fields)
    redis.sadd(BATCH_NAMES_KEY, name)
    assert counted_views(story.slug) == 5


def test_visitor_keys_expire_in_redis() -> None:
    story = make.live()
    post_view(story.slug)
    redis = view_buffer_redis()
    (visitor,) = redis.keys(f"{stores.REDIS_KEY_PREFIX}:seen:*")
    assert 0 < redis.ttl(visitor) <= stores.REPEAT_VIEW_INTERVAL.total_seconds()
    assert "203.0.113.7" not in visitor
    assert not RecentView.objects.exists()


def test_concurrent_ranking_leaves_one_ranking() -> None:
    stories = [make.live() for _ in range(3)]
    for number, story in enumerate(stories, start=1):
        post_views_of_readers(story.slug, number)
    count_pending_views()
    results = make.race(4, lambda _: refresh_popularity_ranks(now=timezone.now(), counted=1))
    assert True in results
    assert not [result for result in results if isinstance(result, Exception)]
    ranked = PopularityRank.objects.filter(window="24h").order_by("-views")
    assert [rank.article_id for rank in ranked] == [story.pk for story in reversed(stories)]


def test_concurrent_merging_and_counting_of_views_keep_the_total() -> None:
    story = make.live()
    now = timezone.now()
    HourlyViews.objects.bulk_create(
        HourlyViews(article=story, hour=now - timedelta(days=9, hours=n), views=2)
        for n in range(20)
    )
    before = sum(HourlyViews.objects.values_list("views", flat=True))

    def work(number: int) -> None:
        if number < 3:
            purge_old_views(now=now, batch_size=3)
        else:
            post_views_of_readers(story.slug, 5)
            count_pending_views()

    assert make.race(4, work) == [None] * 4
    count_pending_views()
    purge_old_views(now=now)
    assert sum(HourlyViews.objects.values_list("views", flat=True)) == before + 5
    assert HourlyViews.objects.count() == 2
