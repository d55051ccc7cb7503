"""Related articles and view counts of bulk-loaded stories."""

import random
from datetime import timedelta

from django.utils import timezone

from articles.models import HourlyViews, RelatedArticle, SweepCursor
from articles.readership.popular import refresh_popularity_ranks
from articles.readership.stores import start_of_hour
from articles.related.linking import RELATED_CURSOR
from bench.load.bulk_rows import database_datetime, execute_sql, insert_rows

RELATED_PER_STORY = 5  # related articles of each story
STORIES_WITH_VIEWS, HOURS = 3000, 24 * 7  # stories that were read last week, each in so many hours


def load_related_articles(first: int, articles: int) -> None:
    """Insert earlier stories as related articles of each, and advance the cursor of the linker."""
    chance = random.Random(articles)
    distances = [min(n + 1, articles) * chance.randint(1, 40) for n in range(RELATED_PER_STORY)]
    for apart in sorted({min(gap, max(articles - 1, 1)) for gap in distances}):
        execute_sql(
            f"INSERT INTO {RelatedArticle._meta.db_table} (article_id, related_id, score)"
            f" SELECT id, id - {apart}, 1000000 - {apart} FROM articles_article"
            f" WHERE id >= {first + apart}"
        )
    SweepCursor.objects.update_or_create(
        name=RELATED_CURSOR, defaults={"position": first + articles}
    )


def load_view_counts(first: int, articles: int) -> None:
    """Insert hourly views of the newest stories, and rank the popular ones."""
    now, chance = timezone.now(), random.Random(articles)
    hours = [start_of_hour(now - timedelta(hours=n)) for n in range(HOURS)]
    newest = range(max(first, first + articles - STORIES_WITH_VIEWS), first + articles)
    rows = (
        (pk, database_datetime(hour), chance.randint(1, 500))
        for pk in newest
        for hour in chance.sample(hours, 24)
    )
    insert_rows(HourlyViews, ("article_id", "hour", "views"), rows)
    refresh_popularity_ranks(now=now, counted=1)
