"""Block of the desk home about surges of comments, reactions and reports."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from comments.models import SurgeAlert
from desk.admin.home.blocks import Block, first_rows


def running_surges(user: Any, now: datetime) -> Block | None:
    """Surges that run now, the newest first, for moderators; None without any."""
    if not user.has_perm("comments.moderate_comment"):
        return None
    running = SurgeAlert.objects.running().select_related("article__live", "writer")
    columns = ("kind", "peak", "expected", "started_at", "article__slug", "writer__nickname")
    rows, has_more = first_rows(
        running.only(*columns, "article__live__headline").order_by("-started_at", "-pk")
    )
    if not rows:
        return None
    return Block(
        name="running_surges",
        title=gettext_lazy("Surges in the comments"),
        rows=rows,
        url=reverse("admin:comments_comment_changelist"),
        empty="",
        column="top",
        badge=str(len(rows)),
        tone="warns",
        has_more=has_more,
    )
