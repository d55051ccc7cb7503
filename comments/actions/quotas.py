"""Quotas of comments: by day, by day and article, between two comments; slow mode of an article.

Comments of every state count, deleted ones too. A day begins at midnight in Seoul, by the clock of the
database. The caller has locked the writer, so that simultaneous requests are counted one after the other;
a refused one leaves no trace and does not prolong the wait.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.models import User
from articles.models import Article
from comments.errors import SlowMode, TooManyComments
from comments.models import Comment
from newsroom.db.expressions import database_now

SEOUL = ZoneInfo("Asia/Seoul")


@dataclass(frozen=True)
class SeoulDay:
    """The day in Seoul around a moment."""

    begins_at: datetime
    ends_at: datetime

    @classmethod
    def around(cls, now: datetime) -> "SeoulDay":
        begins_at = now.astimezone(SEOUL).replace(hour=0, minute=0, second=0, microsecond=0)
        return cls(begins_at, begins_at + timedelta(days=1))


def require_within_quotas(writer: User, article: Article) -> None:
    """Raise TooManyComments or SlowMode, with the seconds to wait. Members of staff have no quotas."""
    if writer.is_staff:
        return
    per_day, per_article = settings.COMMENTS_PER_DAY, settings.COMMENTS_PER_ARTICLE_AND_DAY
    interval, slow = settings.COMMENT_INTERVAL_SECONDS, article.comments_slow_seconds or 0
    if not (per_day or per_article or interval or slow):
        return
    now = database_now()
    own = Comment.objects.filter(author=writer).order_by("-pk").values_list("created_at", flat=True)
    under_article = own.filter(article=article)
    day = SeoulDay.around(now)
    for limit, posted in ((per_day, own), (per_article, under_article)):
        earliest = posted[limit - 1 : limit].first() if limit else None
        if earliest is not None and earliest >= day.begins_at:
            raise TooManyComments(seconds_until(day.ends_at, now))
    for seconds, posted, error in (
        (interval, own, TooManyComments),
        (slow, under_article, SlowMode),
    ):
        if seconds and (last := posted.first()):
            may_at = last + timedelta(seconds=seconds)
            if may_at > now:
                raise error(seconds_until(may_at, now))


def seconds_until(moment: datetime, now: datetime) -> int:
    """Whole seconds to wait, at least one."""
    return max(1, math.ceil((moment - now).total_seconds()))
