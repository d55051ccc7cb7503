"""Page views: counts by the hour, the popularity ranking, and views that are not counted yet."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import Q

from articles.models.article import Article

# `HourlyViews.hour` of the row that sums all hours older than the retention time.
ARCHIVE_HOUR = datetime(1970, 1, 1, tzinfo=UTC)


class HourlyViews(models.Model):
    """Number of views of an article within an hour; ARCHIVE_HOUR sums the older hours.

    The sum of an article's rows is its `ArticleCounts.views`.
    """

    # No database constraint: its check would block concurrent publications. No article is ever deleted.
    article = models.ForeignKey(
        Article, models.CASCADE, related_name="hourly_views", db_constraint=False
    )
    hour = models.DateTimeField()
    views = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "hour"], name="an_hour_is_counted_once")
        ]
        indexes = [models.Index(fields=["hour", "article", "views"], name="read_in_these_hours")]

    def __str__(self) -> str:
        return f"{self.article_id} {self.hour:%Y-%m-%d %H}: {self.views}"


class PopularityRank(models.Model):
    """Number of views of a most-read article within a time window (articles/readership/popular.py)."""

    window = models.CharField(max_length=4)
    article = models.ForeignKey(
        Article, models.CASCADE, related_name="popularity_ranks", db_constraint=False
    )
    views = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["window", "article"], name="a_story_is_ranked_once_a_window"
            )
        ]

    def __str__(self) -> str:
        return f"{self.window} {self.article_id}: {self.views}"


class RecentView(models.Model):
    """Database view buffer: last view of an article by a visitor, and how many are not counted yet.

    Used where there is no Redis. `key` is a hash of visitor and article that reveals neither
    (articles/readership/visitors.py); a row is deleted once the visitor may be counted again.
    """

    key = models.CharField(primary_key=True, max_length=64)
    article_id = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)
    waiting = models.PositiveIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["key"], condition=Q(waiting__gt=0), name="readings_not_counted")
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.at}"


class CountedBatch(models.Model):
    """Idempotency key: a Redis batch of views that is counted, so that it is never counted twice."""

    uid = models.UUIDField(primary_key=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.uid)
