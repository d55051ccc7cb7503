"""What is read most, in windows that slide by the hour: ranked when it is counted, not when asked for."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum

from articles.models import Article, Rank, Reached, ReadHour
from articles.read_queries import live_cards
from articles.readership.stores import start_of_hour

POPULAR_WINDOWS = {"1h": timedelta(hours=1), "24h": timedelta(hours=24), "7d": timedelta(days=7)}
MAX_RANKED_PER_WINDOW = 300  # of which a page shows 100; more, since some of them will be withdrawn
RANKING_CURSOR = "ranks"  # of the mark: the hour they were made in


def refresh_popularity_ranks(*, now: datetime, counted: int) -> bool:
    """Rank what was read most anew, where something was counted or an hour has gone by; whether it was.

    The hour in which a window begins counts as a whole.
    """
    hour = int(start_of_hour(now).timestamp())
    if not counted and Reached.objects.filter(name=RANKING_CURSOR, place=hour).exists():
        return False
    Reached.objects.get_or_create(name=RANKING_CURSOR)
    return write_popularity_ranks(now, hour=hour)


@transaction.atomic
def write_popularity_ranks(now: datetime, *, hour: int) -> bool:
    """Write all windows anew; not while somebody else does."""
    held = Reached.objects.select_for_update(skip_locked=True).filter(name=RANKING_CURSOR).first()
    if held is None:
        return False
    Rank.objects.all().delete()
    for window, length in POPULAR_WINDOWS.items():
        hours = ReadHour.objects.filter(hour__gte=start_of_hour(now - length))
        sums: Any = (
            hours.values("article").annotate(read=Sum("views")).order_by("-read", "-article")
        )
        Rank.objects.bulk_create(
            Rank(window=window, article_id=row["article"], views=row["read"])
            for row in sums[:MAX_RANKED_PER_WINDOW]
        )
    held.place = hour
    held.save(update_fields=["place"])
    return True


def most_viewed_cards(*, window: str, limit: int) -> list[Article]:
    """The cards of the live articles that were read most within a window, the most read first; of equals
    the newest; none on legal hold. One query."""
    ranked = live_cards().recommended().filter(ranks__window=window)
    return list(ranked.order_by("-ranks__views", "-first_published_at", "-pk")[:limit])
