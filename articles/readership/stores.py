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
from articles.models.page_views import LONG_AGO
from newsroom.db.literals import Literal

logger = logging.getLogger(__name__)
AGAIN_AFTER = timedelta(minutes=30)
PATIENCE = 1.0  # seconds for Redis
AT_ONCE = 2000
# In one slot, so that a cluster keeps them together.
ROOM = "newsroom:{views}"
WAITING, BATCHES = f"{ROOM}:waiting", f"{ROOM}:batches"
Hours = Counter[tuple[int, datetime]]

NOTE = """
if redis.call('SET', KEYS[1], '1', 'NX', 'EX', ARGV[1]) then
  redis.call('HINCRBY', KEYS[2], ARGV[2], 1)
  return 1
end
return 0
"""
# What waits becomes a batch under a name of its own; whoever dies with it leaves it to the next.
TAKE = """
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('RENAME', KEYS[1], KEYS[3])
  redis.call('SADD', KEYS[2], ARGV[1])
end
return redis.call('SMEMBERS', KEYS[2])
"""
MARK = """
INSERT INTO articles_reading (key, article_id, at, waiting) VALUES (%s, %s, %s, 1)
ON CONFLICT (key) DO UPDATE SET at = EXCLUDED.at, waiting = articles_reading.waiting + 1
WHERE articles_reading.at <= %s
"""


@cache
def client(url: str) -> Any:
    return redis.Redis.from_url(
        url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, decode_responses=True
    )


def redis_here() -> Any:
    """The Redis that is also the house's cache; None where there is none."""
    return client(settings.CACHES["default"]["LOCATION"]) if settings.REDIS_URL else None


def note(key: str, *, article: int, at: datetime) -> bool:
    """Keep a reading to be counted; whether it is one, and not the same reader once more.

    While Redis is away readings are not counted: no reader waits for a number.
    """
    if (there := redis_here()) is None:
        return mark(key, article=article, at=at)
    field = f"{article}:{int(hour_of(at).timestamp())}"
    window = int(AGAIN_AFTER.total_seconds())
    try:
        return bool(there.eval(NOTE, 2, f"{ROOM}:seen:{key}", WAITING, window, field))
    except redis.RedisError as away:
        logger.warning("A reading is not counted: %s", type(away).__name__)
        return False


def mark(key: str, *, article: int, at: datetime) -> bool:
    moments = map(connection.ops.adapt_datetimefield_value, (at, at - AGAIN_AFTER))
    now, before = moments
    with connection.cursor() as cursor:
        cursor.execute(MARK, [key, article, now, before])
        return bool(cursor.rowcount)


def hour_of(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def batches() -> Iterator[str]:
    """The batches that wait in Redis, one of what waits now among them."""
    if (there := redis_here()) is not None:
        name = str(uuid.uuid4())
        yield from there.eval(TAKE, 3, WAITING, BATCHES, f"{ROOM}:batch:{name}", name)


@contextmanager
def batch(name: str) -> Iterator[Hours]:
    """What a batch holds, within a transaction; nothing where it is counted already. It is forgotten
    when the transaction is committed, and stays for the next who comes when it is not."""
    there = redis_here()
    with transaction.atomic():
        fields = there.hgetall(f"{ROOM}:batch:{name}")
        fresh = CountedBatch.objects.get_or_create(uid=name)[1] if fields else False
        yield hours_in(fields) if fresh else Hours()
    there.delete(f"{ROOM}:batch:{name}")
    there.srem(BATCHES, name)


def hours_in(fields: dict[str, str]) -> Hours:
    found = Hours()
    for field, number in fields.items():
        article, second = field.split(":")
        found[int(article), LONG_AGO + timedelta(seconds=int(second))] += int(number)
    return found


@contextmanager
def marked() -> Iterator[Hours]:
    """Some of what waits in the database, within a transaction that counts it."""
    with transaction.atomic():
        waiting = Reading.objects.filter(waiting__gt=Literal(0)).select_for_update(skip_locked=True)
        held = list(waiting.order_by("pk")[:AT_ONCE])
        found = Hours()
        for reading in held:
            found[reading.article_id, hour_of(reading.at)] += reading.waiting
        yield found
        Reading.objects.filter(pk__in=[reading.pk for reading in held]).update(
            waiting=F("waiting") * 0
        )
