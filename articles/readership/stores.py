"""View buffers: page views that wait to be counted, in Redis or, without Redis, in the database.

A visitor's view of an article is buffered at most once in REPEAT_VIEW_INTERVAL.
"""

import logging
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import redis
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from articles.models import CountedBatch, RecentView, ReferrerClass
from articles.models.page_views import ARCHIVE_HOUR
from newsroom import redis_connections
from newsroom.db.expressions import IntegerLiteral

logger = logging.getLogger(__name__)
REPEAT_VIEW_INTERVAL = timedelta(minutes=30)
REDIS_TIMEOUT_SECONDS = 1.0
MAX_ROWS_PER_DATABASE_BATCH = 2000
# The braces are a hash tag: all keys are in one slot of a Redis cluster, as the scripts require.
REDIS_KEY_PREFIX = "newsroom:{views}"
PENDING_VIEWS_KEY, BATCH_NAMES_KEY = f"{REDIS_KEY_PREFIX}:waiting", f"{REDIS_KEY_PREFIX}:batches"


class ViewKey(NamedTuple):
    """What views are counted by; `hour` is its start."""

    article_id: int
    hour: datetime
    referrer: str  # a ReferrerClass


BufferedViews = Counter[ViewKey]

# KEYS: visitor, pending views; ARGV: seconds of the interval, field "article:hour:referrer".
BUFFER_VIEW_SCRIPT = """
if redis.call('SET', KEYS[1], '1', 'NX', 'EX', ARGV[1]) then
  redis.call('HINCRBY', KEYS[2], ARGV[2], 1)
  return 1
end
return 0
"""
# Renames the pending views to a new batch and returns the names of all batches, those of workers that
# died included. KEYS: pending views, names of batches, new batch; ARGV: name of the new batch.
CLAIM_BATCH_SCRIPT = """
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('RENAME', KEYS[1], KEYS[3])
  redis.call('SADD', KEYS[2], ARGV[1])
end
return redis.call('SMEMBERS', KEYS[2])
"""
UPSERT_RECENT_VIEW_SQL = """
INSERT INTO articles_recentview (key, article_id, at, waiting, referrer) VALUES (%s, %s, %s, 1, %s)
ON CONFLICT (key) DO UPDATE
SET at = EXCLUDED.at, waiting = articles_recentview.waiting + 1, referrer = EXCLUDED.referrer
WHERE articles_recentview.at <= %s
"""


@cache
def redis_client(url: str) -> Any:
    return redis_connections.redis_client(
        url,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
        decode_responses=True,
    )


def view_buffer_redis() -> Any:
    """Client of the Redis that is also the cache; None if the project runs without Redis."""
    return redis_client(settings.CACHES["default"]["LOCATION"]) if settings.REDIS_URL else None


def buffer_view(key: str, *, article_id: int, at: datetime, referrer: ReferrerClass) -> bool:
    """Buffer a view by this visitor key; False for a repeated view, which does not count.

    While Redis is unavailable views are not counted, so that no reader waits for it.
    """
    if (client := view_buffer_redis()) is None:
        return buffer_view_in_database(key, article_id=article_id, at=at, referrer=referrer)
    visitor = f"{REDIS_KEY_PREFIX}:seen:{key}"
    field = f"{article_id}:{int(start_of_hour(at).timestamp())}:{referrer.value}"
    seconds = int(REPEAT_VIEW_INTERVAL.total_seconds())
    try:
        return bool(client.eval(BUFFER_VIEW_SCRIPT, 2, visitor, PENDING_VIEWS_KEY, seconds, field))
    except redis.RedisError as error:
        logger.warning("A page view is not counted: %s", type(error).__name__)
        return False


def buffer_view_in_database(
    key: str, *, article_id: int, at: datetime, referrer: ReferrerClass
) -> bool:
    adapt = connection.ops.adapt_datetimefield_value
    parameters: list[Any] = [key, article_id, adapt(at), referrer.value]
    parameters.append(adapt(at - REPEAT_VIEW_INTERVAL))
    with connection.cursor() as cursor:
        cursor.execute(UPSERT_RECENT_VIEW_SQL, parameters)
        return bool(cursor.rowcount)


def start_of_hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def claim_redis_batches() -> Iterator[str]:
    """Names of all uncounted batches in Redis; the views pending now become one of them."""
    if (client := view_buffer_redis()) is not None:
        name = str(uuid.uuid4())
        batch = f"{REDIS_KEY_PREFIX}:batch:{name}"
        yield from client.eval(
            CLAIM_BATCH_SCRIPT, 3, PENDING_VIEWS_KEY, BATCH_NAMES_KEY, batch, name
        )


@contextmanager
def open_redis_batch(name: str) -> Iterator[BufferedViews]:
    """Transaction that counts a Redis batch; yields its views, none if it was counted before.

    The batch is deleted after the commit; after a rollback it stays and is claimed again.
    """
    client = view_buffer_redis()
    batch = f"{REDIS_KEY_PREFIX}:batch:{name}"
    with transaction.atomic():
        fields = client.hgetall(batch)
        is_new = CountedBatch.objects.get_or_create(uid=name)[1] if fields else False
        yield parse_buffered_views(fields) if is_new else BufferedViews()
    client.delete(batch)
    client.srem(BATCH_NAMES_KEY, name)


def parse_buffered_views(fields: dict[str, str]) -> BufferedViews:
    """The hash of a batch: {"article id:Unix time of the hour:referrer": number}.

    Without the referrer, as the former version wrote it, a view is a direct one.
    """
    views = BufferedViews()
    for field, number in fields.items():
        article_id, seconds, *referrer = field.split(":")
        hour = ARCHIVE_HOUR + timedelta(seconds=int(seconds))
        views[ViewKey(int(article_id), hour, *(referrer or [ReferrerClass.DIRECT.value]))] += int(
            number
        )
    return views


@contextmanager
def open_database_batch() -> Iterator[BufferedViews]:
    """Transaction that counts a batch of pending views in the database; yields them."""
    with transaction.atomic():
        pending = RecentView.objects.filter(waiting__gt=IntegerLiteral(0))
        locked = pending.select_for_update(skip_locked=True).order_by("pk")
        rows = list(locked[:MAX_ROWS_PER_DATABASE_BATCH])
        views = BufferedViews()
        for row in rows:
            views[ViewKey(row.article_id, start_of_hour(row.at), row.referrer)] += row.waiting
        yield views
        counted = RecentView.objects.filter(pk__in=[row.pk for row in rows])
        counted.update(waiting=F("waiting") * 0)
