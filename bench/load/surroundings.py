"""What stands around stories made in bulk: neighbours, readings, months."""

import random
from datetime import timedelta

from django.utils import timezone

from articles.models import Neighbour, Reached, ReadHour
from articles.readership.popular import rank_again
from articles.readership.stores import hour_of
from articles.related.linking import NAME as NEIGHBOURS
from bench.load.bulk_rows import moment, pour, run

BESIDE = 5  # neighbours of each story
READ, HOURS = 3000, 24 * 7  # stories that were read last week, each in so many hours


def surround(first: int, articles: int) -> None:
    """Some of the stories before each beside it, and the mark where who relates goes on."""
    chance = random.Random(articles)
    beside = [min(n + 1, articles) * chance.randint(1, 40) for n in range(BESIDE)]
    for apart in sorted({min(gap, max(articles - 1, 1)) for gap in beside}):
        run(
            f"INSERT INTO {Neighbour._meta.db_table} (article_id, related_id, score)"
            f" SELECT id, id - {apart}, 1000000 - {apart} FROM articles_article"
            f" WHERE id >= {first + apart}"
        )
    Reached.objects.update_or_create(name=NEIGHBOURS, defaults={"place": first + articles})


def read(first: int, articles: int) -> None:
    """Readings of the newest stories, ranked."""
    now, chance = timezone.now(), random.Random(articles)
    hours = [hour_of(now - timedelta(hours=n)) for n in range(HOURS)]
    newest = range(max(first, first + articles - READ), first + articles)
    rows = (
        (pk, moment(hour), chance.randint(1, 500))
        for pk in newest
        for hour in chance.sample(hours, 24)
    )
    pour(ReadHour, ("article_id", "hour", "views"), rows)
    rank_again(now=now, counted=1)
