"""Block of the desk home about appeals, requests to block and objections that wait for an answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from comments.models import Appeal, BlockRequest
from comments.permissions import may_moderate_comments
from desk.admin.home.blocks import MAX_ROWS, Block

State = BlockRequest.State
APPEAL = pgettext_lazy("desk home", "appeal")
REQUEST = pgettext_lazy("desk home", "request to block")
OBJECTION = pgettext_lazy("desk home", "objection to a block")


@dataclass(frozen=True)
class WaitingProcedure:
    """A procedure that waits: what it is, its text, since when it waits, and its page."""

    what: str | Promise
    text: str
    since: datetime
    url: str
    until: datetime | None = None


def waiting_procedures(user: Any, now: datetime) -> Block | None:
    """The oldest procedures that wait for a moderator, one's own left out; no block without any."""
    if not may_moderate_comments(user):
        return None
    waiting = sorted([*appeals(user), *block_requests(user)], key=lambda row: row.since)
    if not waiting:
        return None
    has_more = len(waiting) > MAX_ROWS
    count = f"{MAX_ROWS}+" if has_more else str(len(waiting))
    oldest = gettext("oldest: %(age)s") % {"age": timesince(waiting[0].since, now)}
    is_appeal_first = waiting[0].what == APPEAL
    lists = "comments_appeal" if is_appeal_first else "comments_blockrequest"
    return Block(
        name="waiting_procedures",
        title=gettext_lazy("Appeals and requests to block"),
        rows=waiting[:MAX_ROWS],
        url=reverse(f"admin:{lists}_changelist"),
        empty="",
        column="watch",
        badge=f"{count} · {oldest}",
        tone="waits",
        has_more=has_more,
    )


def appeals(user: Any) -> Iterator[WaitingProcedure]:
    """Open appeals of others, along their index."""
    rows = Appeal.objects.open().exclude(reader=user.pk).order_by("pk")
    for row in rows.only("text", "filed_at")[: MAX_ROWS + 1]:
        url = reverse("admin:comments_appeal_change", args=[row.pk])
        yield WaitingProcedure(APPEAL, row.text, row.filed_at, url)


def block_requests(user: Any) -> Iterator[WaitingProcedure]:
    """Open requests, and blocks in force to which the author objects, about comments of others."""
    has_objection = Q(state=State.BLOCKED, objected_at__isnull=False)
    rows = BlockRequest.objects.filter(Q(state=State.OPEN) | has_objection)
    rows = rows.exclude(comment__author=user.pk).order_by("pk")
    columns = ("statement", "requested_at", "objection", "objected_at", "blocked_until")
    for row in rows.only(*columns)[: MAX_ROWS + 1]:
        url = reverse("admin:comments_blockrequest_change", args=[row.pk])
        if row.objected_at is None:
            yield WaitingProcedure(REQUEST, row.statement, row.requested_at, url)
        else:
            since, until = row.objected_at, row.blocked_until
            yield WaitingProcedure(OBJECTION, row.objection, since, url, until)
