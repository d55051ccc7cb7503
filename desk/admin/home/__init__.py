"""Desk home, the index page of the admin: blocks of what waits for this person, goes out, and is read.

    blocks.py      Block: the rows of one block, its heading and its list
    stories.py     my stories with what each waits for, assigned ones, stories to review
    claims.py      legal clocks of claims
    releases.py    going out next, failed or late
    readers.py     comments to decide on, held votes, published today, most read now
    procedures.py  appeals and requests to block that wait
    surges.py      surges of comments, reactions and reports
    wire.py        alerts for stories we used, the latest agency copy

A further block is a function of `(user, now)` in `BLOCKS`, which returns a Block, or None where the user
may not see it, and a template `desk/home/<name>.html` that shows its rows. Each is shown in the column
that it names, in the order of `BLOCKS`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desk.admin.calendar.views import may_see_calendar
from desk.admin.home.blocks import MAX_ROWS, Block
from desk.admin.home.claims import legal_clocks
from desk.admin.home.procedures import waiting_procedures
from desk.admin.home.readers import (
    comments_to_decide,
    most_read_now,
    polls_with_held_votes,
    published_today,
)
from desk.admin.home.releases import failed_or_late, going_out_next
from desk.admin.home.stories import assigned_to_me, my_stories, stories_to_review
from desk.admin.home.surges import running_surges
from desk.admin.home.wire import latest_wire_stories, wire_alerts
from desk.metrics import SCHEDULER_STALLED_AFTER, scheduler_age
from desk.models import Notice
from desk.permissions import forbidden_notice_kinds, may_publish, may_write
from desk.section_rights import visible_notices
from newsroom.db.expressions import database_now

# In the order of the page; on a phone all columns are one.
BLOCKS: tuple[Callable[[Any, datetime], Block | None], ...] = (
    failed_or_late,
    legal_clocks,
    running_surges,
    assigned_to_me,
    my_stories,
    stories_to_review,
    wire_alerts,
    published_today,
    going_out_next,
    comments_to_decide,
    waiting_procedures,
    polls_with_held_votes,
    most_read_now,
    latest_wire_stories,
)
MAX_COUNTED_NOTICES = 100


@dataclass
class DeskHome:
    """The desk home of a user: notices, and the blocks that the user may see, by column."""

    now: datetime
    is_scheduler_stopped: bool
    notices: list[Notice]
    notices_count: int
    top: list[Block]
    work: list[Block]
    watch: list[Block]
    may_publish: bool
    may_write: bool
    may_see_calendar: bool


def desk_home_of(user: Any) -> DeskHome:
    """The desk home of a user. A constant number of queries, none of which counts the rows of a table."""
    now = database_now()
    blocks = [block for make in BLOCKS if (block := make(user, now)) is not None]
    own = Notice.objects.of(user.pk).excluding_kinds(forbidden_notice_kinds(user))
    unseen = visible_notices(user, own).unseen()
    notices = list(unseen.order_by("-pk")[:MAX_COUNTED_NOTICES])
    return DeskHome(
        now=now,
        is_scheduler_stopped=is_scheduler_stopped(now),
        notices=notices[:MAX_ROWS],
        notices_count=len(notices),
        top=[block for block in blocks if block.column == "top"],
        work=[block for block in blocks if block.column == "work"],
        watch=[block for block in blocks if block.column == "watch"],
        may_publish=may_publish(user),
        may_write=may_write(user),
        may_see_calendar=may_see_calendar(user),
    )


def is_scheduler_stopped(now: datetime) -> bool:
    """Whether the scheduler has run before and its last heartbeat is too old."""
    age = scheduler_age(now)
    return age is not None and age > SCHEDULER_STALLED_AFTER
