"""Block of the desk home about surges of comments, reactions and reports, and its buttons."""

from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, gettext_lazy

from accounts.models import User
from comments.actions.surge_restrictions import Restriction, restrict_surge, undo_restriction
from comments.models import SurgeAlert
from comments.permissions import may_moderate_comments
from desk.admin.home.blocks import Block, first_rows
from newsroom.errors import Refused

UNDO = "undo"
DONE_MESSAGES = {
    Restriction.SLOW: gettext_lazy("Slow mode: one comment a minute of each reader, from now on."),
    Restriction.HOLD: gettext_lazy("Every new comment under this story waits for a moderator now."),
    Restriction.NEWEST: gettext_lazy("Readers read the newest comments first, in no other order."),
    UNDO: gettext_lazy("The rules of the comments are again what they were before."),
}


def surge_urls(site: AdminSite) -> list[URLPattern]:
    view = site.admin_view(partial(restrict_view, site))
    return [path("surges/<int:alert_id>/<slug:verb>/", view, name="surge_restriction")]


def restrict_view(_site: AdminSite, request: HttpRequest, alert_id: int, verb: str) -> HttpResponse:
    """Restrict the thread of an alert, or take that back, by POST; then the desk home."""
    user = request.user
    if not isinstance(user, User) or not may_moderate_comments(user):
        raise PermissionDenied
    if verb not in DONE_MESSAGES:
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    alert = get_object_or_404(SurgeAlert, pk=alert_id)
    try:
        if verb == UNDO:
            undo_restriction(alert, by=user)
        else:
            restrict_surge(alert, restriction=Restriction(verb), by=user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, str(DONE_MESSAGES[verb]))
    return redirect("admin:index")


def running_surges(user: Any, now: datetime) -> Block | None:
    """Surges that run now or whose thread is restricted still, the newest first, for moderators."""
    if not may_moderate_comments(user):
        return None
    restricting = SurgeAlert.objects.restricting()
    alerts = SurgeAlert.objects.select_related("article__live", "writer").annotate(
        is_restricted=Exists(restricting.filter(article=OuterRef("article"))),
        policy_mode=F("article__thread_policy__mode"),
        newest_first=F("article__thread_policy__newest_first"),
        slow_seconds=F("article__thread_policy__slow_mode_seconds"),
    )
    shown = alerts.filter(Q(ended_at=None) | Q(pk__in=restricting.values("pk")))
    columns = ("kind", "peak", "expected", "started_at", "ended_at", "article__slug")
    rows, has_more = first_rows(
        shown.only(
            *columns, "writer__nickname", "article__live__headline", "article__first_published_at"
        ).order_by("-started_at", "-pk")
    )
    if not rows:
        return None
    for alert in rows:
        alert.rules = rules_in_words(alert)
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


def rules_in_words(alert: Any) -> list[str]:
    """What the policy of the thread restricts now."""
    rules = []
    if alert.slow_seconds:
        rules.append(gettext("slow mode %(seconds)d s") % {"seconds": alert.slow_seconds})
    if alert.policy_mode == "hold":
        rules.append(gettext("all comments held"))
    if alert.policy_mode == "closed":
        rules.append(gettext("comments closed"))
    if alert.newest_first:
        rules.append(gettext("newest first alone"))
    return rules
