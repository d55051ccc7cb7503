"""Blocks of the desk home about publication: what goes out next, and what failed or is late."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.admin.home.blocks import MAX_ROWS, Block, first_rows
from desk.admin.upcoming import upcoming_items, waiting_releases
from desk.models import Release
from desk.permissions import may_publish
from desk.schedule_labels import format_duration, next_step_label

MAX_UPCOMING_ROWS = 12
# A release that is still waiting so long after its time is late; the scheduler runs every second.
LATE_AFTER = timedelta(seconds=30)


def end_of_tomorrow(now: datetime) -> datetime:
    """The midnight with which tomorrow ends, Korean time."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=2)


def going_out_next(user: Any, now: datetime) -> Block | None:
    """Releases, bundles and comes-down times of today and tomorrow, the soonest first."""
    if not user.has_perm("desk.view_release"):
        return None
    items = upcoming_items(now, user=user, until=end_of_tomorrow(now), limit=MAX_UPCOMING_ROWS + 1)
    today = timezone.localdate(now)
    for item in items:
        item.day_label = _("Today") if timezone.localdate(item.at) == today else _("Tomorrow")
    return Block(
        name="going_out",
        title=gettext_lazy("Upcoming"),
        rows=items[:MAX_UPCOMING_ROWS],
        url=reverse("admin:calendar") + "?view=week",
        empty=gettext_lazy("Nothing goes out today or tomorrow."),
        column="watch",
        has_more=len(items) > MAX_UPCOMING_ROWS,
    )


def failed_or_late(user: Any, now: datetime) -> Block | None:
    """Releases that failed, are held back or late; None without any. Who publishes can retry."""
    if not user.has_perm("desk.view_release"):
        return None
    is_stopped = Q(state=Release.State.FAILED) | Q(held_at__isnull=False)
    troubled = waiting_releases(user).filter(is_stopped | Q(due_at__lt=now - LATE_AFTER))
    releases, has_more = first_rows(troubled, limit=MAX_ROWS)
    if not releases:
        return None
    for release in releases:
        late = format_duration(now - release.due_at)
        is_late = release.due_at < now
        release.late_label = _("%(late)s late") % {"late": late} if is_late else ""
        release.next = next_step_label(release, now)
        release.may_retry = may_publish(user) and release.state == Release.State.FAILED
    return Block(
        name="failed",
        title=gettext_lazy("Failed or late"),
        rows=releases,
        url=reverse("admin:desk_release_changelist") + "?state__exact=failed",
        empty="",
        column="top",
        tone="warns",
        has_more=has_more,
    )
