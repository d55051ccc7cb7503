"""Quotas of comments: by day, by day and article, between two comments; slow mode of an article.

Comments of every state count, deleted ones too. A day begins at midnight in Seoul, by the clock of the
database. The caller has locked the writer, so that simultaneous requests are counted one after the other;
a refused one leaves no trace and does not prolong the wait.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.models import User
from articles.models import Article
from comments.errors import SlowMode, TooManyComments
from comments.recent_comments import RecentComment
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


def require_within_quotas(writer: User, article: Article, recent: Sequence[RecentComment]) -> None:
    """Raise TooManyComments or SlowMode, with the seconds to wait. Members of staff have no quotas.

    `recent` are the writer's comments of RECENT_WINDOW: of a whole day, and of every longest wait. Most
    comments need no statement: the clock is read only where a quota may be reached.
    """
    if writer.is_staff:
        return
    under_article = [row for row in recent if row.article_id == article.pk]
    quotas = (
        (settings.COMMENTS_PER_DAY, recent),
        (settings.COMMENTS_PER_ARTICLE_AND_DAY, under_article),
    )
    waits = (
        (settings.COMMENT_INTERVAL_SECONDS, recent, TooManyComments),
        (article.comments_slow_seconds or 0, under_article, SlowMode),
    )
    full = [posted[limit - 1].created_at for limit, posted in quotas if 0 < limit <= len(posted)]
    last = [
        (posted[0].created_at, seconds, error)
        for seconds, posted, error in waits
        if seconds and posted
    ]
    if not (full or last):
        return
    now = database_now()
    day = SeoulDay.around(now)
    if any(posted_at >= day.begins_at for posted_at in full):
        raise TooManyComments(seconds_until(day.ends_at, now))
    for posted_at, seconds, error in last:
        may_at = posted_at + timedelta(seconds=seconds)
        if may_at > now:
            raise error(seconds_until(may_at, now))


def seconds_until(moment: datetime, now: datetime) -> int:
    """Whole seconds to wait, at least one."""
    return max(1, math.ceil((moment - now).total_seconds()))
