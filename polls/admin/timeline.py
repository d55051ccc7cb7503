"""Views of the timeline of a poll's votes in the admin: the page, and its votes by hour as CSV."""

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.text.csv_export import csv_document
from polls.admin.timeline_page import (
    buckets_of,
    parse_hour,
    rules_of,
    step_for,
    window,
)
from polls.models import RULE_CHOICES, Poll, Vote, VoteDecision
from polls.permissions import may_void_votes
from polls.timeline import DAY, HOUR, MINUTE, Timeline, VoteCount, read_minutes, read_timeline

if TYPE_CHECKING:
    Admin = admin.ModelAdmin[Any]
else:
    Admin = admin.ModelAdmin

MAX_LISTED_DECISIONS = 20


def timeline_urls(model_admin: Admin) -> list[URLPattern]:
    """The routes of the timeline, for the admin of polls."""
    site = model_admin.admin_site
    page, votes = partial(timeline_page, model_admin), partial(timeline_csv, model_admin)
    return [
        path("<int:pk>/timeline/", site.admin_view(page), name="polls_poll_timeline"),
        path("<int:pk>/timeline.csv", site.admin_view(votes), name="polls_poll_timeline_csv"),
    ]


def poll_of_page(model_admin: Admin, request: HttpRequest, pk: int) -> Poll:
    """The poll, for who may see polls. Raises PermissionDenied, Http404."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    poll: Poll | None = model_admin.get_object(request, str(pk))
    if poll is None:
        raise Http404
    return poll


def timeline_page(model_admin: Admin, request: HttpRequest, pk: int) -> HttpResponse:
    """The votes of a poll by day or hour; with `day` the hours of one, with `hour` the minutes of one."""
    poll = poll_of_page(model_admin, request, pk)
    timeline = read_timeline(poll.pk)
    step, rows, since, trail = shown_part(request, poll, timeline)
    buckets = buckets_of(rows, step, since=since)
    within = window(since, buckets[-1].until) if since and buckets else {}
    decisions = decisions_of(poll)
    press = f"admin:{poll._meta.app_label}_{poll._meta.model_name}_press"
    next_query = {"version": poll.version, "next": request.get_full_path()}
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Timeline of votes"),
        "subtitle": str(poll),
        "opts": poll._meta,
        "poll": poll,
        "totals": total_rows(timeline),
        "tally": timeline.tally,
        "has_drift": timeline.tally != timeline.totals()[Vote.State.COUNTED],
        "trail": trail,
        "buckets": buckets,
        "listed": [bucket for bucket in reversed(buckets) if bucket.total],
        "busiest": max(buckets, key=lambda bucket: bucket.total, default=None),
        "has_sides": step != MINUTE,
        "chart_width": max(len(buckets), 1) * 10,
        "rules": rules_of(rows, within=within),
        "decisions": decisions,
        "may_undo": any(decision.undone_at is None for decision in decisions),
        "may_decide": may_void_votes(request.user),  # type: ignore[arg-type]  # staff by now
        "decide_url": f"{reverse(press, args=[pk, 'decide'])}?{urlencode(next_query)}",
        "undo_url": f"{reverse(press, args=[pk, 'undo'])}?{urlencode(next_query)}",
    }
    return TemplateResponse(request, "polls/timeline.html", context)


def shown_part(
    request: HttpRequest, poll: Poll, timeline: Timeline
) -> tuple[timedelta, list[VoteCount], datetime | None, list[tuple[str, str]]]:
    """The step of the page, its votes, when its hour or day begins, and the trail to it."""
    trail = [("", _("all votes"))]
    shown = timeline.shown_rows()
    if hour := parse_hour(request.GET.get("hour", "")):
        day = f"{hour:%Y-%m-%d}"
        trail += [(urlencode({"day": day}), day), ("", f"{hour:%H:%M}")]
        return MINUTE, read_minutes(poll.pk, hour=hour), hour, trail
    if day_begins := parse_hour(request.GET.get("day", "")):
        trail.append(("", f"{day_begins:%Y-%m-%d}"))
        rows = [row for row in shown if day_begins <= row.at < day_begins + DAY]
        return HOUR, rows, day_begins, trail
    return step_for(shown), shown, None, trail


def total_rows(timeline: Timeline) -> list[tuple[Any, int, int, int]]:
    """(state, pro, con, both) of all votes."""
    totals = timeline.totals().items()
    return [
        (Vote.State(state).label, sides["pro"], sides["con"], sum(sides.values()))
        for state, sides in totals
    ]


def decisions_of(poll: Poll) -> list[VoteDecision]:
    """The latest decisions on the poll's votes."""
    whole = VoteDecision.objects.filter(poll=poll, part_of=None).select_related("by")
    return list(whole.order_by("-pk")[:MAX_LISTED_DECISIONS])


def timeline_csv(model_admin: Admin, request: HttpRequest, pk: int) -> HttpResponse:
    """The votes by hour, class and state as CSV, of few no sides. Nothing in it names a voter."""
    poll = poll_of_page(model_admin, request, pk)
    rules, states = dict(RULE_CHOICES), dict(Vote.State.choices)
    head = [_("hour"), _("held since"), _("state"), _("pro"), _("con"), _("question"), _("votes")]
    rows = [
        (
            f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}",
            *(rules[row.rule], states[row.state]),
            *(("", "") if row.unsided else (row.pro, row.con)),
            *(poll.question, row.total),
        )
        for row in read_timeline(poll.pk).shown_rows()
    ]
    response = HttpResponse(csv_document([head, *rows]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="poll-{poll.pk}-votes.csv"'
    response["Cache-Control"] = "private, no-store"
    return response
