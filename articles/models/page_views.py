"""How often articles were read: by the hour, and what is on its way there."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import Q

from articles.models.article import Article

# The hour of all hours that are too long ago to be asked for one by one.
ARCHIVE_HOUR = datetime(1970, 1, 1, tzinfo=UTC)


class ReadHour(models.Model):
    """How often an article was read within an hour; LONG_AGO holds what older hours had together.

    The sum of an article's rows is its `ArticleCounts.views`.
    """

    # Not checked by the database: the check would wait for whoever publishes. No article is ever deleted.
    article = models.ForeignKey(
        Article, models.CASCADE, related_name="read_hours", db_constraint=False
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


class Rank(models.Model):
    """How often an article that is among the most read was read within a window
    (articles/readership/popular.py)."""

    window = models.CharField(max_length=4)
    article = models.ForeignKey(Article, models.CASCADE, related_name="ranks", db_constraint=False)
    views = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["window", "article"], name="a_story_is_ranked_once_a_window"
            )
        ]

    def __str__(self) -> str:
        return f"{self.window} {self.article_id}: {self.views}"


class Reading(models.Model):
    """That somebody has just read something, and whether that is still to be counted.

    Where there is no Redis to remember it.  `key` is made of reader and article and says neither
    (articles/readership/visitors.py); a row is gone when its reader may be counted again.
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
    """A batch of readings out of Redis that is in the counts, so that it never gets there twice."""

    uid = models.UUIDField(primary_key=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.uid)
