"""Dashboard, the index page of the admin: notices, upcoming and failed releases, review queue, wire."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comments.models import Comment
from desk.admin.upcoming import UpcomingItem, releases_in_state, upcoming_items
from desk.metrics import SCHEDULER_STALLED_AFTER, scheduler_age
from desk.models import Draft, Notice
from desk.permissions import forbidden_notice_kinds, may_publish, may_write
from desk.schedule_labels import next_step_label
from desk.section_rights import visible_drafts, visible_notices
from desk.status import status_chips, with_status
from desk.wire_status import agency_changes, agency_chip
from newsroom.db.expressions import database_now
from wire.models import Story

MAX_ROWS_PER_CARD = 8


@dataclass
class Dashboard:
    """The lists of the dashboard; None where the user lacks the permission to see them."""

    now: datetime
    is_scheduler_stopped: bool
    notices: list[Notice]
    notices_count: int
    upcoming: list[UpcomingItem] | None
    failed_releases: list[Any] | None
    to_review: list[Draft] | None
    own_drafts: list[Any] | None
    held_comments: list[Comment] | None
    held_comments_count: int
    wire_stories: list[Story] | None
    may_publish: bool
    may_write: bool


def dashboard_of(user: Any) -> Dashboard:
    """The dashboard of a user. A constant number of queries."""
    now = database_now()
    sees_releases, sees_drafts = (
        user.has_perm("desk.view_release"),
        user.has_perm("desk.view_draft"),
    )
    sees_comments = user.has_perm("comments.view_comment")
    own_notices = Notice.objects.of(user.pk).excluding_kinds(forbidden_notice_kinds(user))
    unseen = visible_notices(user, own_notices).unseen()
    comments_to_review = Comment.objects.filter(state=Comment.State.HELD)
    oldest_held = comments_to_review.select_related("author", "article__live").order_by(
        "created_at"
    )
    return Dashboard(
        now=now,
        is_scheduler_stopped=is_scheduler_stopped(now),
        notices=list(unseen.order_by("-pk")[:MAX_ROWS_PER_CARD]),
        notices_count=unseen.count(),
        upcoming=upcoming_items(now, user=user, limit=MAX_ROWS_PER_CARD) if sees_releases else None,
        failed_releases=failed_releases(now, user) if sees_releases else None,
        to_review=drafts_to_review(user) if sees_drafts else None,
        own_drafts=own_drafts(user) if sees_drafts else None,
        held_comments=list(oldest_held[:MAX_ROWS_PER_CARD]) if sees_comments else None,
        held_comments_count=comments_to_review.count() if sees_comments else 0,
        wire_stories=newest_wire_stories() if user.has_perm("wire.view_story") else None,
        may_publish=may_publish(user),
        may_write=may_write(user),
    )


def is_scheduler_stopped(now: datetime) -> bool:
    """Whether the scheduler has run before and its last heartbeat is too old."""
    age = scheduler_age(now)
    return age is not None and age > SCHEDULER_STALLED_AFTER


def failed_releases(now: datetime, user: Any) -> list[Any]:
    """Failed releases, the label of their next step in `next`."""
    releases: list[Any] = list(releases_in_state("failed", user=user)[:MAX_ROWS_PER_CARD])
    for release in releases:
        release.next = next_step_label(release, now)
    return releases


def drafts_to_review(user: Any) -> list[Draft]:
    """Drafts submitted for review, the longest waiting first."""
    submitted = visible_drafts(user).not_trashed().filter(stage=Draft.Stage.SUBMITTED)
    rows = submitted.select_related("changed_by", "section").order_by("changed_at")
    return list(rows[:MAX_ROWS_PER_CARD])


def own_drafts(user: Any) -> list[Any]:
    """The drafts that the user changed last, the latest first, with status chips in `chips`."""
    own = with_status(Draft.objects.not_trashed().filter(changed_by=user))
    rows = own.defer("body", "article__live__body", "article__live__body_html")
    drafts: list[Any] = list(rows.order_by("-changed_at")[:MAX_ROWS_PER_CARD])
    changes = agency_changes(drafts)
    for draft in drafts:
        draft.chips = status_chips(draft)
        if draft.pk in changes:
            draft.chips.append(agency_chip(changes[draft.pk]))
    return drafts


def newest_wire_stories() -> list[Story]:
    """The newest usable agency stories that no draft has been started from."""
    started = Draft.objects.not_trashed().filter(wire_version__isnull=False)
    usable = Story.objects.usable().filter(current__isnull=False)
    unused = usable.exclude(pk__in=started.values("wire_version__story"))
    rows = unused.select_related("current", "source").order_by("-news_at", "-pk")
    return list(rows[:MAX_ROWS_PER_CARD])
