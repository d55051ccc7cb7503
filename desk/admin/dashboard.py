"""The front page of the day at the desk: what goes out next, what failed, what waits for somebody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comments.models import Comment
from desk.admin.upcoming import Coming, releases, what_comes
from desk.metrics import CLOCK_STANDS_AFTER, clock_age
from desk.models import Draft, Notice
from desk.permissions import kinds_closed_to, may_publish, may_write
from desk.schedule_labels import what_next
from desk.status import standing, with_standing
from desk.wire_status import agency_changes, agency_chip
from newsroom.db.database_clock import database_now
from wire.models import Story

LINES = 8


@dataclass
class Day:
    """The page's lists; None where it is not this person's business."""

    now: datetime
    clock_stopped: bool
    notices: list[Notice]
    notices_count: int
    next: list[Coming] | None
    failed: list[Any] | None
    to_review: list[Draft] | None
    mine: list[Any] | None
    held: list[Comment] | None
    held_count: int
    wire: list[Story] | None
    may_publish: bool
    may_write: bool


def day_of(user: Any) -> Day:
    """What this person has to know now, in a number of queries that does not grow."""
    now = database_now()
    sees = user.has_perm
    held = Comment.objects.filter(state=Comment.State.HELD)
    news = Notice.objects.of(user.pk).not_about(kinds_closed_to(user)).unseen()
    return Day(
        now=now,
        clock_stopped=clock_stopped(now),
        notices=list(news.order_by("-pk")[:LINES]),
        notices_count=news.count(),
        next=what_comes(now, lines=LINES) if sees("desk.view_release") else None,
        failed=failed(now) if sees("desk.view_release") else None,
        to_review=to_review() if sees("desk.view_draft") else None,
        mine=mine(user) if sees("desk.view_draft") else None,
        held=list(held.select_related("author", "article__live").order_by("created_at")[:LINES])
        if sees("comments.view_comment")
        else None,
        held_count=held.count() if sees("comments.view_comment") else 0,
        wire=newest_wire() if sees("wire.view_story") else None,
        may_publish=may_publish(user),
        may_write=may_write(user),
    )


def clock_stopped(now: datetime) -> bool:
    """Whether the publishing clock was heard once and is silent now."""
    age = clock_age(now)
    return age is not None and age > CLOCK_STANDS_AFTER


def failed(now: datetime) -> list[Any]:
    """What did not go out, each with what happens next."""
    found: list[Any] = list(releases("failed")[:LINES])
    for release in found:
        release.next = what_next(release, now)
    return found


def to_review() -> list[Draft]:
    submitted = Draft.objects.on_the_desk().filter(stage=Draft.Stage.SUBMITTED)
    return list(submitted.select_related("changed_by", "section").order_by("changed_at")[:LINES])


def mine(user: Any) -> list[Any]:
    """The stories this person changed last, each with its chips."""
    own = with_standing(Draft.objects.on_the_desk().filter(changed_by=user))
    rows = own.defer("body", "article__live__body", "article__live__body_html")
    found: list[Any] = list(rows.order_by("-changed_at")[:LINES])
    changed = agency_changes(found)
    for draft in found:
        draft.chips = standing(draft)
        if draft.pk in changed:
            draft.chips.append(agency_chip(changed[draft.pk]))
    return found


def newest_wire() -> list[Story]:
    """The newest agency stories that nobody has begun to write from."""
    begun = Draft.objects.on_the_desk().filter(wire_version__isnull=False)
    usable = Story.objects.usable().filter(current__isnull=False)
    usable = usable.exclude(pk__in=begun.values("wire_version__story"))
    return list(usable.select_related("current", "source").order_by("-news_at", "-pk")[:LINES])
