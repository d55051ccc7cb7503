"""Views of the moderation queue: the screen, its rows for the live list, and the panel of one comment.

Decisions, leases and undoing are requests of the screen's script to the desk API.
"""

import hashlib
from functools import partial
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import Q, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from comments.finding_texts import finding_words, findings_of, marked_excerpt
from comments.models import Comment, ModerationItem, Report
from comments.moderation_context import (
    KINDS,
    attach_report_reasons,
    comments_to_moderate,
    headline_of,
    moderation_context,
    offered_reasons,
    queue_items,
    state_tone,
)
from comments.permissions import may_lead_moderation, may_moderate_comments
from desk.admin.moderation.sanctions import sanction_rows, sanction_url
from desk.etags import comment_etag
from newsroom.db.expressions import database_now
from newsroom.http.etag import matching_etag

POLL_SECONDS = 5
PAGE_ROWS = 30
MAX_CURSOR_DIGITS = 18
LISTED_CHARS = 140  # of a comment in the list
KIND_LABELS = {
    "": pgettext_lazy("comments", "all that waits"),
    "held": _("held"),
    "reported": _("reported"),
    "flagged": _("flagged"),
}


def moderation_urls(site: AdminSite) -> list[URLPattern]:
    page, rows = partial(queue_page, site), partial(queue_rows, site)
    panel = partial(comment_panel, site)
    return [
        path("moderation/", site.admin_view(page), name="moderation"),
        path("moderation/rows/", site.admin_view(rows), name="moderation_rows"),
        path("moderation/<int:comment_id>/", site.admin_view(panel), name="moderation_item"),
    ]


def moderation_menu_entry() -> dict[str, Any]:
    """The queue as an entry of the menu, in the shape of a model's."""
    return {
        "name": _("Moderation queue"),
        "object_name": "ModerationItem",
        "admin_url": reverse("admin:moderation"),
        "add_url": None,
        "view_only": True,
        "perms": {"view": True},
    }


def queue_page(site: AdminSite, request: HttpRequest, *, wanted: int | None = None) -> HttpResponse:
    """The screen: the queue, and the panel of the comment that is decided on.

    An item that is `wanted` from behind the first page is its last row.
    """
    require_moderator(request)
    rows = rows_context(request)
    tag = rows_tag(request, rows["items"], rows["now"])
    if wanted is not None and wanted not in {item.pk for item in rows["items"]}:
        further = list(queue_items().filter(pk=wanted))
        prepare_rows(further, request, rows["now"])
        rows["items"] += further
    context = {
        **site.each_context(request),
        **rows,
        "title": _("Moderation queue"),
        "kinds": [(kind, label, kind_url(kind)) for kind, label in KIND_LABELS.items()],
        "reasons": offered_reasons(),
        "outcomes": Report.Outcome.choices,
        "poll_seconds": POLL_SECONDS,
        "live_tag": tag,
        "may_lead": may_lead_moderation(request.user),  # type: ignore[arg-type]  # staff by now
    }
    return TemplateResponse(request, "desk/moderation/queue.html", context)


def queue_rows(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """The table of the page, for the live list; 304 while nothing has happened."""
    require_moderator(request)
    context = rows_context(request)
    tag = rows_tag(request, context["items"], context["now"])
    if matching_etag(request, tag):
        return HttpResponseNotModified(headers={"ETag": tag})
    return TemplateResponse(request, "desk/moderation/rows.html", context, headers={"ETag": tag})


def comment_panel(site: AdminSite, request: HttpRequest, comment_id: int) -> HttpResponse:
    """What a moderator reads to decide on a comment: a part of the screen, or a page of its own."""
    user = require_moderator(request)
    comment = get_object_or_404(comments_to_moderate(), pk=comment_id)
    if request.headers.get("X-Requested-With") != "fetch":
        if not ModerationItem.objects.filter(pk=comment_id).exists():
            raise Http404
        return queue_page(site, request, wanted=comment_id)
    context = moderation_context(comment, reader=user)
    now = database_now()
    item = context.item
    is_leased = item and item.leased_until and item.leased_until > now
    shown: Any = comment
    values = {
        "context": context,
        "found_words": dict.fromkeys(map(finding_words, context.findings)),
        "comment": comment,
        "headline": headline_of(comment.article, shown.last_headline),
        "tone": state_tone(comment),
        "etag": comment_etag(comment),
        "is_own": comment.author_id == user.pk,
        "sanctions": sanction_rows(context.record.sanctions, now),
        "sanction_url": sanction_url(context, by=user),
        "lease": item if is_leased and item and item.leased_by_id != user.pk else None,
        "states": [(Comment.State(s).label, n) for s, n in sorted(context.record.states.items())],
        "may_lead": may_lead_moderation(user),
        "may_see_people": user.has_perm("accounts.view_user"),
    }
    headers = {"ETag": comment_etag(comment), "Cache-Control": "no-store"}
    return TemplateResponse(request, "desk/moderation/panel.html", values, headers=headers)


def require_moderator(request: HttpRequest) -> User:
    """The user of the request. Raises PermissionDenied unless a moderator."""
    user = request.user
    if not isinstance(user, User) or not may_moderate_comments(user):
        raise PermissionDenied
    return user


def rows_context(request: HttpRequest) -> dict[str, Any]:
    """The items of one page, most urgent first, by an index. Four queries."""
    kind = request.GET.get("kind", "")
    items: Any = queue_items()
    if kind in KINDS:
        items = items.filter(**{f"is_{kind}": True})
    if after := parse_cursor(request.GET.get("after", "")):
        urgency, number = after
        behind = Q(urgency__lt=urgency) | Q(urgency=urgency, comment__gt=number)
        items = items.filter(behind, urgency__lte=urgency)
    found = list(items.most_urgent_first()[: PAGE_ROWS + 1])
    page = found[:PAGE_ROWS]
    now = database_now()
    prepare_rows(page, request, now)
    older = ""
    if len(found) > PAGE_ROWS:
        last = page[-1]
        values = {"after": f"{last.urgency}.{last.pk}"} | ({"kind": kind} if kind in KINDS else {})
        older = f"?{urlencode(values)}"
    links = {"older_url": older, "newer_url": kind_url(kind) if after else ""}
    return {"items": page, "cl": links, "kind": kind, "now": now, "is_first": not after}


def prepare_rows(items: list[Any], request: HttpRequest, now: Any) -> None:
    """Set what the rows of items show: reasons of reports, passages found, headline, lease."""
    reader: Any = request.user
    attach_report_reasons(items, reader=reader)
    prefetch_related_objects([item.comment for item in items], "findings")
    for item in items:
        found = findings_of(item.comment)
        item.parts = marked_excerpt(item.comment.text, found, limit=LISTED_CHARS)
        item.headline = headline_of(item.comment.article, item.last_headline)
        item.is_leased = bool(item.leased_by_id and item.leased_until and item.leased_until > now)
        item.is_mine = item.leased_by_id == request.user.pk


def rows_tag(request: HttpRequest, items: list[Any], now: Any) -> str:
    """The entity tag of the rows for this person."""
    facts = [
        (item.pk, item.comment.version, item.reports, item.is_leased, item.leased_by_id)
        for item in items
    ]
    person = (request.user.pk, get_language(), request.GET.urlencode())
    return f'"queue-{hashlib.sha256(repr((facts, person)).encode()).hexdigest()[:20]}"'


def kind_url(kind: str) -> str:
    """The URL of the queue for one kind of items."""
    return reverse("admin:moderation") + (f"?kind={kind}" if kind in KINDS else "")


def parse_cursor(text: str) -> tuple[int, int] | None:
    """The urgency and the id at which a page begins; None for the first page."""
    urgency, _dot, number = text.partition(".")
    for digits in (urgency.removeprefix("-"), number):
        if not digits.isascii() or not digits.isdecimal() or len(digits) > MAX_CURSOR_DIGITS:
            return None
    return int(urgency), int(number)
