"""Blocks of the desk home about agency copy: alerts for stories we used, and the latest stories."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.admin.home.blocks import MAX_ROWS, Block, first_rows
from desk.agency_copy.status import agency_changes, agency_chip
from desk.models import Draft
from desk.permissions import may_write
from desk.section_rights import visible_drafts
from desk.status import TONE_WARNING, Chip
from newsroom.db.expressions import IdArray
from wire.changes import ChangeKind, StoryChange, is_urgent
from wire.models import Story, Version

ALERT_AGE = timedelta(hours=48)
# So many stories that were begun from recently changed agency copy are compared with it.
MAX_COMPARED = 100
MAX_CHANGED_STORIES = 500
# So many of the newest stories are looked at for those that no draft has been started from.
MAX_NEWEST_STORIES = 60
ALERTING_KINDS = {
    ChangeKind.CANCELLED,
    ChangeKind.CANCELLED_BY_HAND,
    ChangeKind.WITHHELD,
    ChangeKind.EMBARGO,
    ChangeKind.CORRECTION,
}


@dataclass(frozen=True)
class WireAlert:
    """A story of ours whose agency copy was cancelled, corrected, or followed by an urgent version."""

    draft: Any
    change: StoryChange
    chip: Chip
    is_live: bool


def wire_alerts(user: Any, now: datetime) -> Block | None:
    """What the agencies sent in the last two days that concerns stories we used; None without any."""
    if not (user.has_perm("wire.view_story") and user.has_perm("desk.view_draft")):
        return None
    drafts = list(drafts_with_newer_copy(user, now - ALERT_AGE)[:MAX_COMPARED])
    changes = agency_changes(drafts)
    alerts = [alert_of(draft, changes[draft.pk]) for draft in drafts if draft.pk in changes]
    rows = sorted((a for a in alerts if a), key=lambda a: -a.change.version.pk)
    if not rows:
        return None
    return Block(
        name="wire_alerts",
        title=gettext_lazy("Wire alerts"),
        rows=rows[:MAX_ROWS],
        url=reverse("admin:wire_story_changelist"),
        empty="",
        tone="warns",
        badge=str(len(rows)),
        has_more=len(rows) > MAX_ROWS,
    )


def drafts_with_newer_copy(user: Any, since: datetime) -> Any:
    """Stories begun from agency copy of which a further version has arrived since then."""
    later = Version.objects.filter(delivery__received_at__gte=since, number__gt=1)
    # The ids first: in one statement PostgreSQL reads all drafts.
    story_ids = later.order_by("-pk").values_list("story", flat=True)[:MAX_CHANGED_STORIES]
    return (
        visible_drafts(user)
        .not_trashed()
        .filter(wire_version__story__in_array=IdArray(set(story_ids)))
        .select_related("article")
        .only("headline", "wire_version", "created_at", "trashed_at", "article__live")
        .order_by("-pk")
    )


def alert_of(draft: Any, change: StoryChange) -> WireAlert | None:
    """The alert for a change; None for newer copy that is neither a correction nor urgent."""
    is_live = draft.article is not None and draft.article.live_id is not None
    if change.kinds[0] in ALERTING_KINDS:
        return WireAlert(draft, change, agency_chip(change), is_live)
    if is_urgent(change.version):
        return WireAlert(draft, change, Chip(_("urgent new version"), TONE_WARNING), is_live)
    return None


def latest_wire_stories(user: Any, now: datetime) -> Block | None:
    """The newest usable agency stories that no draft has been started from, of the latest
    MAX_NEWEST_STORIES."""
    if not user.has_perm("wire.view_story"):
        return None
    usable = Story.objects.usable().filter(current__isnull=False).order_by("-news_at", "-pk")
    newest = list(usable.values_list("pk", flat=True)[:MAX_NEWEST_STORIES])
    started = Draft.objects.not_trashed().filter(wire_version__story__in_array=IdArray(newest))
    unused = set(newest) - set(started.values_list("wire_version__story", flat=True))
    stories = Story.objects.filter(pk__in_array=IdArray(unused)).select_related("current")
    rows, has_more = first_rows(stories.order_by("-news_at", "-pk"))
    for story in rows:
        story.may_start = may_write(user)
    return Block(
        name="wire_stories",
        title=gettext_lazy("Latest wire stories"),
        rows=rows,
        url=reverse("admin:wire_story_changelist"),
        empty=gettext_lazy("There are no wire stories."),
        column="watch",
        has_more=has_more,
    )
