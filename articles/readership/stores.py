"""Where readings wait to be counted: in Redis, else in the database. Each reader once in half an hour."""

import logging
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import redis
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from articles.models import CountedBatch, Reading
from articles.models.page_views import ARCHIVE_HOUR
from newsroom.db.expressions import IntegerLiteral

logger = logging.getLogger(__name__)
REPEAT_VIEW_INTERVAL = timedelta(minutes=30)
REDIS_TIMEOUT_SECONDS = 1.0  # seconds for Redis
MAX_ROWS_PER_DATABASE_BATCH = 2000
# In one slot, so that a cluster keeps them together.
REDIS_KEY_PREFIX = "newsroom:{views}"
PENDING_VIEWS_KEY, BATCH_NAMES_KEY = f"{REDIS_KEY_PREFIX}:waiting", f"{REDIS_KEY_PREFIX}:batches"
ViewsByHour = Counter[tuple[int, datetime]]

BUFFER_VIEW_SCRIPT = """
if redis.call('SET', KEYS[1], '1', 'NX', 'EX', ARGV[1]) then
  redis.call('HINCRBY', KEYS[2], ARGV[2], 1)
  return 1
end
return 0
"""
# What waits becomes a batch under a name of its own; whoever dies with it leaves it to the next.
CLAIM_BATCH_SCRIPT = """
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('RENAME', KEYS[1], KEYS[3])
  redis.call('SADD', KEYS[2], ARGV[1])
end
return redis.call('SMEMBERS', KEYS[2])
"""
UPSERT_RECENT_VIEW_SQL = """
INSERT INTO articles_reading (key, article_id, at, waiting) VALUES (%s, %s, %s, 1)
ON CONFLICT (key) DO UPDATE SET at = EXCLUDED.at, waiting = articles_reading.waiting + 1
WHERE articles_reading.at <= %s
"""


@cache
def redis_client(url: str) -> Any:
    return redis.Redis.from_url(
        url,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
        decode_responses=True,
    )


def view_buffer_redis() -> Any:
    """The Redis that is also the house's cache; None where there is none."""
    return redis_client(settings.CACHES["default"]["LOCATION"]) if settings.REDIS_URL else None


def buffer_view(key: str, *, article_id: int, at: datetime) -> bool:
    """Keep a reading to be counted; whether it is one, and not the same reader once more.

    While Redis is away readings are not counted: no reader waits for a number.
    """
    if (there := view_buffer_redis()) is None:
        return buffer_view_in_database(key, article_id=article_id, at=at)
    field = f"{article_id}:{int(start_of_hour(at).timestamp())}"
    window = int(REPEAT_VIEW_INTERVAL.total_seconds())
    try:
        return bool(
            there.eval(
                BUFFER_VIEW_SCRIPT,
                2,
                f"{REDIS_KEY_PREFIX}:seen:{key}",
                PENDING_VIEWS_KEY,
                window,
                field,
            )
        )
    except redis.RedisError as away:
        logger.warning("A reading is not counted: %s", type(away).__name__)
        return False


def buffer_view_in_database(key: str, *, article_id: int, at: datetime) -> bool:
    moments = map(connection.ops.adapt_datetimefield_value, (at, at - REPEAT_VIEW_INTERVAL))
    now, before = moments
    with connection.cursor() as cursor:
        cursor.execute(UPSERT_RECENT_VIEW_SQL, [key, article_id, now, before])
        return bool(cursor.rowcount)


def start_of_hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def claim_redis_batches() -> Iterator[str]:
    """The batches that wait in Redis, one of what waits now among them."""
    if (there := view_buffer_redis()) is not None:
        name = str(uuid.uuid4())
        yield from there.eval(
            CLAIM_BATCH_SCRIPT,
            3,
            PENDING_VIEWS_KEY,
            BATCH_NAMES_KEY,
            f"{REDIS_KEY_PREFIX}:batch:{name}",
            name,
        )


@contextmanager
def open_redis_batch(name: str) -> Iterator[ViewsByHour]:
    """What a batch holds, within a transaction; nothing where it is counted already. It is forgotten
    when the transaction is committed, and stays for the next who comes when it is not."""
    there = view_buffer_redis()
    with transaction.atomic():
        fields = there.hgetall(f"{REDIS_KEY_PREFIX}:batch:{name}")
        fresh = CountedBatch.objects.get_or_create(uid=name)[1] if fields else False
        yield parse_views_by_hour(fields) if fresh else ViewsByHour()
    there.delete(f"{REDIS_KEY_PREFIX}:batch:{name}")
    there.srem(BATCH_NAMES_KEY, name)


def parse_views_by_hour(fields: dict[str, str]) -> ViewsByHour:
    found = ViewsByHour()
    for field, number in fields.items():
        article, second = field.split(":")
        found[int(article), ARCHIVE_HOUR + timedelta(seconds=int(second))] += int(number)
    return found


@contextmanager
def open_database_batch() -> Iterator[ViewsByHour]:
    """Some of what waits in the database, within a transaction that counts it."""
    with transaction.atomic():
        waiting = Reading.objects.filter(waiting__gt=IntegerLiteral(0)).select_for_update(
            skip_locked=True
        )
        held = list(waiting.order_by("pk")[:MAX_ROWS_PER_DATABASE_BATCH])
        found = ViewsByHour()
        for reading in held:
            found[reading.article_id, start_of_hour(reading.at)] += reading.waiting
        yield found
        Reading.objects.filter(pk__in=[reading.pk for reading in held]).update(
            waiting=F("waiting") * 0
        )
