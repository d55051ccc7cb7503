"""Most-read articles: a ranking in sliding windows, refreshed when views are counted."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import Sum

from articles.models import HourlyViews, PopularityRank, SweepCursor
from articles.models.querysets import ArticleQuerySet
from articles.models.read_models import ArticleCard
from articles.read_queries import live_cards, live_sparse_cards
from articles.readership.stores import start_of_hour
from newsroom.db.compiled_queries import CompiledQuery

POPULAR_WINDOWS = {
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
}
MAX_RANKED_PER_WINDOW = 300  # a page shows up to 100; some articles may be withdrawn meanwhile
RANKING_CURSOR = "ranks"  # SweepCursor whose position is the Unix time of the hour last ranked


def refresh_popularity_ranks(*, now: datetime, counted: int) -> bool:
    """Rank again if views were counted or a new hour has begun; returns whether it was done.

    The hour in which a window begins counts as a whole.
    """
    hour = int(start_of_hour(now).timestamp())
    is_current = SweepCursor.objects.filter(name=RANKING_CURSOR, position=hour).exists()
    if not counted and is_current:
        return False
    SweepCursor.objects.get_or_create(name=RANKING_CURSOR)
    return write_popularity_ranks(now, hour=hour)


@transaction.atomic
def write_popularity_ranks(now: datetime, *, hour: int) -> bool:
    """Replace the ranks of all windows; False if another worker is doing it."""
    cursors = SweepCursor.objects.select_for_update(skip_locked=True)
    cursor = cursors.filter(name=RANKING_CURSOR).first()
    if cursor is None:
        return False
    PopularityRank.objects.all().delete()
    for window, length in POPULAR_WINDOWS.items():
        hours = HourlyViews.objects.filter(hour__gte=start_of_hour(now - length))
        totals: Any = hours.values("article").annotate(total=Sum("views"))
        most_read = totals.order_by("-total", "-article")[:MAX_RANKED_PER_WINDOW]
        PopularityRank.objects.bulk_create(
            PopularityRank(window=window, article_id=row["article"], views=row["total"])
            for row in most_read
        )
    cursor.position = hour
    cursor.save(update_fields=["position"])
    return True


def most_viewed_cards(*, window: str, limit: int) -> list[ArticleCard]:
    """Cards of the most-read live articles of a window, most read first, then newest. One query.

    Articles on legal hold are left out.
    """
    return list(most_viewed(live_cards(), window)[:limit])


def most_viewed(cards: ArticleQuerySet[ArticleCard], window: str) -> ArticleQuerySet[ArticleCard]:
    """Of these cards those of the most-read articles, most read first, then newest."""
    ranked = cards.recommended().filter(popularity_ranks__window=window)
    return ranked.order_by("-popularity_ranks__views", "-first_published_at", "-pk")


@cache
def most_viewed_headlines_query(window: str, limit: int) -> CompiledQuery[ArticleCard]:
    """The same of which only the address and the texts are read."""
    return CompiledQuery(most_viewed(live_sparse_cards(frozenset()), window)[:limit])
