"""Visibility that follows from live articles: their photos and polls, the next expiry and close of
comments.

Registered in `articles.apps` for the apps and the HTTP cache headers below, which know no article
(newsroom/visibility.py, newsroom/http/cache_control.py).
"""

from datetime import datetime

from django.db.models import Exists, OuterRef

from articles.models import Article, PhotoUse
from newsroom.http.cache_control import OVERDUE_TOLERANCE


def is_poll_shown() -> Exists:
    """Condition on polls: an article that readers can open now has the poll."""
    return Exists(Article.objects.live().filter(poll=OuterRef("pk")))


def is_photo_shown() -> Exists:
    """Condition on photos: an article that readers can open now shows the photo."""
    live = Article.objects.live().filter(pk=OuterRef("article"))
    return Exists(PhotoUse.objects.filter(Exists(live), photo=OuterRef("pk")))


def next_expiry(now: datetime) -> datetime | None:
    """When the next public article expires; slightly past while one is being taken down."""
    expiring = Article.objects.filter(live__isnull=False, expires_at__gt=now - OVERDUE_TOLERANCE)
    return expiring.order_by("expires_at").values_list("expires_at", flat=True).first()


def next_comments_close(now: datetime) -> datetime | None:
    """When the comments of the next public article close."""
    closing = Article.objects.filter(
        live__isnull=False, comments_close_at__gt=now - OVERDUE_TOLERANCE
    )
    times = closing.order_by("comments_close_at").values_list("comments_close_at", flat=True)
    return times.first()
