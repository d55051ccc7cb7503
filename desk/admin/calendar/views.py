"""Views of the calendar: the page, and moving a scheduled story or bundle to another time."""

from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from articles.models import Section
from desk.actions import reschedule_bundle, reschedule_release
from desk.admin.calendar.agenda import agenda_of
from desk.admin.calendar.period import Period, View, parse_date, parse_view
from desk.admin.calendar.sources import SOURCES, CalendarFilter
from desk.admin.local_time import truncate_to_minute
from desk.admin.schedule_forms import RescheduleForm
from desk.errors import EditedElsewhere
from desk.models import Bundle, Draft, Release
from desk.permissions import may_approve, may_publish, people_who_can_write
from desk.section_rights import visible_bundles, visible_releases
from newsroom.db.expressions import database_now
from newsroom.errors import Refused
from newsroom.text.dates import format_short_time

MAX_PEOPLE = 500
MAX_ID_DIGITS = 18


class MoveForm(RescheduleForm):
    """The new time, and the state that was read before deciding (`guard_of`)."""

    guard = forms.CharField(widget=forms.HiddenInput, max_length=64)


def calendar_urls(site: AdminSite) -> list[URLPattern]:
    page, move = partial(calendar_page, site), partial(move_page, site)
    return [
        path("calendar/", site.admin_view(page), name="calendar"),
        path("calendar/<slug:kind>/<int:pk>/move/", site.admin_view(move), name="calendar_move"),
    ]


def may_see_calendar(user: Any) -> bool:
    return bool(user.has_perm("desk.view_release") and user.has_perm("desk.view_draft"))


def calendar_page(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """The calendar of the period, section and person in the query string."""
    if not may_see_calendar(request.user):
        raise PermissionDenied
    now = database_now()
    today = timezone.localdate(now)
    query = request.GET
    period = Period(
        parse_view(query.get("view", "")), parse_date(query.get("date", ""), today=today)
    )
    filters = CalendarFilter(
        request.user, section=parse_id(query, "section"), person=parse_id(query, "person")
    )
    url = partial(calendar_url, filters=filters)
    context = {
        **site.each_context(request),
        "title": _("Calendar"),
        "period": period,
        "filters": filters,
        "days": agenda_of(period, filters, now),
        "has_past_days": period.first < today <= period.last,
        "views": [(view, url(view, period.around)) for view in View],
        "previous_url": url(period.view, period.previous),
        "following_url": url(period.view, period.following),
        "today_url": url(period.view, today),
        "day_url": url(View.DAY, None),
        "here": url(period.view, period.around),
        "sections": Section.objects.order_by("position", "name"),
        "people": people_to_filter_by(request.user, now)[:MAX_PEOPLE],
        "kinds": SOURCES,
        "may_move": may_publish(request.user),  # type: ignore[arg-type]  # staff by now
        "form": MoveForm(auto_id="move_%s"),
    }
    return TemplateResponse(request, "desk/calendar/calendar.html", context)


def people_to_filter_by(user: Any, now: datetime) -> QuerySet[User]:
    """Those who can write now: to who assigns stories all, to others those whose names they see beside
    stories."""
    people = people_who_can_write(now)
    if may_approve(user):
        return people
    own = (
        Q(created_by=OuterRef("pk")),
        Q(changed_by=OuterRef("pk")),
        Q(assigned_to=OuterRef("pk")),
    )
    has_story = [Exists(Draft.objects.filter(is_own)) for is_own in own]
    return people.filter(has_story[0] | has_story[1] | has_story[2])


def parse_id(query: Any, name: str) -> int | None:
    """A positive id in the query string; None for any other text."""
    text = query.get(name, "")
    is_id = text.isascii() and text.isdecimal() and len(text) <= MAX_ID_DIGITS
    return int(text) if is_id and int(text) else None


def calendar_url(view: View, day: Any, *, filters: CalendarFilter) -> str:
    """The address of a period with these filters; without the date for None, which a caller appends."""
    params: dict[str, Any] = {"view": view.value}
    params |= {"section": filters.section} if filters.section else {}
    params |= {"person": filters.person} if filters.person else {}
    params |= {"date": day} if day else {}
    return f"{reverse('admin:calendar')}?{urlencode(params)}"


def move_page(site: AdminSite, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Move a waiting release or bundle to another time, with the action of its own page.

    A refusal shows the form again with the time that was typed, the state as it is now, and the reason.
    """
    if not (may_see_calendar(request.user) and may_publish(request.user)):  # type: ignore[arg-type]
        raise PermissionDenied
    plan = find_plan(request.user, kind, pk)
    initial = {"at": truncate_to_minute(timezone.localtime(plan.due_at)), "guard": guard_of(plan)}
    form = MoveForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            move_plan(plan, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            plan = find_plan(request.user, kind, pk)
            form = form_after_refusal(request.POST.dict(), refusal, plan)
        else:
            values = {"title": title_of(plan), "at": format_short_time(form.cleaned_data["at"])}
            messages.success(request, _now("“%(title)s” goes out at %(at)s now.") % values)
            return redirect(next_url(request))
    context = {
        **site.each_context(request),
        "title": _("Move to another time"),
        "subtitle": title_of(plan),
        "plan": plan,
        "form": form,
        "next": next_url(request),
    }
    return TemplateResponse(request, "desk/calendar/move.html", context)


def find_plan(user: Any, kind: str, pk: int) -> Release | Bundle:
    """The release or bundle, whatever its state: an action refuses what cannot be moved any more."""
    if kind == "bundle":
        bundle: Bundle = get_object_or_404(visible_bundles(user, Bundle.objects.all()), pk=pk)
        return bundle
    if kind == "release":
        rows = visible_releases(user, Release.objects.select_related("edition"))
        rows = rows.defer("edition__body", "edition__body_html")
        release: Release = get_object_or_404(rows, pk=pk)
        return release
    raise Http404


def title_of(plan: Release | Bundle) -> str:
    return plan.title if isinstance(plan, Bundle) else plan.edition.headline


def guard_of(plan: Release | Bundle) -> str:
    """The state that a mover has read: the version of a bundle, the due time of a release."""
    return str(plan.version) if isinstance(plan, Bundle) else plan.due_at.isoformat()


def move_plan(plan: Release | Bundle, *, at: datetime, guard: str, by: Any) -> None:
    """Move the release or bundle. Raises EditedElsewhere where it is not as the guard says, and what the
    action refuses."""
    if isinstance(plan, Bundle):
        version = int(guard) if guard.isdecimal() and len(guard) < 10 else 0
        reschedule_bundle(plan, at=at, by=by, version=version)
        return
    try:
        expected = datetime.fromisoformat(guard)
    except ValueError:
        raise EditedElsewhere from None
    reschedule_release(plan, at=at, by=by, expected_due_at=expected)


def form_after_refusal(typed: dict[str, Any], refusal: Refused, plan: Release | Bundle) -> MoveForm:
    """The form with what was typed, the reason, and the state as it is now: the next attempt decides on
    that."""
    again = MoveForm({**typed, "guard": guard_of(plan)})
    again.is_valid()
    again.add_error(None, str(refusal))
    return again


def next_url(request: HttpRequest) -> str:
    """The page from which the move was begun, if it is on this site; else the calendar."""
    url = request.POST.get("next") or request.GET.get("next", "")
    is_own = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()})
    return url if url and is_own else reverse("admin:calendar")
