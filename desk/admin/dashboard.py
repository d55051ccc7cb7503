"""The front page of the day at the desk: what goes out next, what failed, what waits for somebody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comments.models import Comment
from desk.admin.upcoming import UpcomingItem, releases_in_state, upcoming_items
from desk.metrics import SCHEDULER_STALLED_AFTER, scheduler_age
from desk.models import Draft, Notice
from desk.permissions import forbidden_notice_kinds, may_publish, may_write
from desk.schedule_labels import next_step_label
from desk.status import status_chips, with_status
from desk.wire_status import agency_changes, agency_chip
from newsroom.db.expressions import database_now
from wire.models import Story

MAX_ROWS_PER_CARD = 8


@dataclass
class Dashboard:
    """The page's lists; None where it is not this person's business."""

    now: datetime
    is_scheduler_stopped: bool
    notices: list[Notice]
    notices_count: int
    next: list[UpcomingItem] | None
    failed: list[Any] | None
    to_review: list[Draft] | None
    mine: list[Any] | None
    held: list[Comment] | None
    held_count: int
    wire: list[Story] | None
    may_publish: bool
    may_write: bool


def dashboard_of(user: Any) -> Dashboard:
    """What this person has to know now, in a number of queries that does not grow."""
    now = database_now()
    sees = user.has_perm
    held = Comment.objects.filter(state=Comment.State.HELD)
    news = Notice.objects.of(user.pk).excluding_kinds(forbidden_notice_kinds(user)).unseen()
    return Dashboard(
        now=now,
        is_scheduler_stopped=is_scheduler_stopped(now),
        notices=list(news.order_by("-pk")[:MAX_ROWS_PER_CARD]),
        notices_count=news.count(),
        next=upcoming_items(now, lines=MAX_ROWS_PER_CARD) if sees("desk.view_release") else None,
        failed=failed_releases(now) if sees("desk.view_release") else None,
        to_review=drafts_to_review() if sees("desk.view_draft") else None,
        mine=own_drafts(user) if sees("desk.view_draft") else None,
        held=list(
            held.select_related("author", "article__live").order_by("created_at")[
                :MAX_ROWS_PER_CARD
            ]
        )
        if sees("comments.view_comment")
        else None,
        held_count=held.count() if sees("comments.view_comment") else 0,
        wire=newest_wire_stories() if sees("wire.view_story") else None,
        may_publish=may_publish(user),
        may_write=may_write(user),
    )


def is_scheduler_stopped(now: datetime) -> bool:
    """Whether the publishing clock was heard once and is silent now."""
    age = scheduler_age(now)
    return age is not None and age > SCHEDULER_STALLED_AFTER


def failed_releases(now: datetime) -> list[Any]:
    """What did not go out, each with what happens next."""
    found: list[Any] = list(releases_in_state("failed")[:MAX_ROWS_PER_CARD])
    for release in found:
        release.next = next_step_label(release, now)
    return found


def drafts_to_review() -> list[Draft]:
    submitted = Draft.objects.not_trashed().filter(stage=Draft.Stage.SUBMITTED)
    return list(
        submitted.select_related("changed_by", "section").order_by("changed_at")[:MAX_ROWS_PER_CARD]
    )


def own_drafts(user: Any) -> list[Any]:
    """The stories this person changed last, each with its chips."""
    own = with_status(Draft.objects.not_trashed().filter(changed_by=user))
    rows = own.defer("body", "article__live__body", "article__live__body_html")
    found: list[Any] = list(rows.order_by("-changed_at")[:MAX_ROWS_PER_CARD])
    changed = agency_changes(found)
    for draft in found:
        draft.chips = status_chips(draft)
        if draft.pk in changed:
            draft.chips.append(agency_chip(changed[draft.pk]))
    return found


def newest_wire_stories() -> list[Story]:
    """The newest agency stories that nobody has begun to write from."""
    begun = Draft.objects.not_trashed().filter(wire_version__isnull=False)
    usable = Story.objects.usable().filter(current__isnull=False)
    usable = usable.exclude(pk__in=begun.values("wire_version__story"))
    return list(
        usable.select_related("current", "source").order_by("-news_at", "-pk")[:MAX_ROWS_PER_CARD]
    )
