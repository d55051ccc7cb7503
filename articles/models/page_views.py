"""Page views: counts by the hour and by class of referrer, the popularity ranking, uncounted views."""

from datetime import UTC, date, datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from articles.models.article import Article

# `HourlyViews.hour` of the row that sums all hours older than the retention time.
ARCHIVE_HOUR = datetime(1970, 1, 1, tzinfo=UTC)
# `ReferrerViews.day` of the rows that sum all days older than the retention time.
ARCHIVE_DAY = date(1970, 1, 1)


class ReferrerClass(models.TextChoices):
    """Where a page view came from (articles/readership/referrers.py); nothing more of it is stored."""

    DIRECT = "direct", pgettext_lazy("referrer", "direct")
    SEARCH = "search", pgettext_lazy("referrer", "search")
    PORTAL = "portal", pgettext_lazy("referrer", "portals")
    SOCIAL = "social", pgettext_lazy("referrer", "social media")
    OTHER = "other", pgettext_lazy("referrer", "other sites")
    INTERNAL = "internal", pgettext_lazy("referrer", "this site")


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


class ReferrerViews(models.Model):
    """Number of views of an article on a day (Korean time) by class of referrer; ARCHIVE_DAY sums the
    older days."""

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="referrer_views", db_constraint=False, db_index=False
    )
    day = models.DateField()
    referrer = models.CharField(max_length=8, choices=ReferrerClass)
    views = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "day", "referrer"], name="a_referrer_is_counted_once_a_day"
            )
        ]
        indexes = [models.Index(fields=["day", "article"], name="referrers_of_these_days")]

    def __str__(self) -> str:
        return f"{self.article_id} {self.day} {self.referrer}: {self.views}"


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
    # Of the last view. Its database default is for processes of the former version beside this one.
    referrer = models.CharField(
        max_length=8, choices=ReferrerClass, default=ReferrerClass.DIRECT, db_default="direct"
    )

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
