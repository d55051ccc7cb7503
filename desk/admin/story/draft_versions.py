"""Versions of a story in the admin: the list, the side-by-side word diff, and the button to restore one."""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from accounts.models import User
from desk.actions import restore_version
from desk.models import Draft, DraftVersion, Release, VersionMark
from desk.permissions import may_write
from desk.status import TONE_LIVE, TONE_NEUTRAL, TONE_WAITING, Chip
from desk.versions.comparison import compare, field_labels
from desk.versions.lookup import Side, side_of
from newsroom.admin.base import BaseAdmin
from newsroom.errors import Refused
from newsroom.text.normalization import is_id

VERSIONS_PER_PAGE = 50


@dataclass(frozen=True)
class VersionLine:
    """A version in the list: its chips, the labels of what changed, and how much longer it became."""

    version: DraftVersion
    chips: list[Chip]
    changed: list[str]
    growth: int | None  # characters; None for the first version


class VersionPages(BaseAdmin):
    """The pages of a story's versions, for the admin of drafts."""

    def get_urls(self) -> list[URLPattern]:
        wrap, versions = self.admin_site.admin_view, "<int:pk>/versions/"
        own = [
            path(versions, wrap(self.version_list), name="desk_draft_versions"),
            path(f"{versions}diff/", wrap(self.version_diff), name="desk_draft_diff"),
            path(
                f"{versions}<int:number>/restore/",
                wrap(self.version_restore),
                name="desk_draft_restore_version",
            ),
        ]
        return [*own, *super().get_urls()]

    def viewed_draft(self, request: HttpRequest, pk: int) -> Draft:
        """The draft of a page. Raises Http404, PermissionDenied."""
        draft: Draft | None = self.get_object(request, str(pk))
        if draft is None:
            raise Http404
        if not self.has_view_permission(request, draft):
            raise PermissionDenied
        return draft

    def version_list(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The versions of a story, newest first; `?before=` is the number after which the page begins."""
        draft = self.viewed_draft(request, pk)
        before = request.GET.get("before", "")
        rows = DraftVersion.objects.filter(draft=draft).without_content().newest_first()
        rows = rows.select_related("saved_by").prefetch_related("marks__edition")
        if before.isdecimal() and len(before) < 10:
            rows = rows.filter(number__lt=int(before))
        found = list(rows[: VERSIONS_PER_PAGE + 1])
        lines = version_lines(draft, found)[:VERSIONS_PER_PAGE]
        context = {
            "title": _("Versions"),
            "lines": lines,
            "next_before": lines[-1].version.number if len(found) > VERSIONS_PER_PAGE else None,
            "is_first_page": not before,
        }
        return self.version_page(request, draft, "desk/versions.html", context)

    def version_diff(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Two versions side by side: `?from=` and `?to=` are numbers, or `live`; the older one is on the
        left. Without `from`, what the version `to` changed."""
        draft = self.viewed_draft(request, pk)
        names = (request.GET.get("from", ""), request.GET.get("to", ""))
        try:
            before, after = sides_of(draft, *names)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:desk_draft_versions", draft.pk)
        newest = side_of(draft, "")
        context = {
            "title": _("Compare versions"),
            "before": before,
            "after": after,
            "differences": compare(before.content, after.content),
            "restorable": restorable_sides(newest, before, after),
            "may_restore": draft.trashed_at is None and may_write(cast("User", request.user)),
            "has_live": bool(draft.article and draft.article.live_id),
        }
        return self.version_page(request, draft, "desk/version_diff.html", context)

    def version_restore(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Restore a version, by POST; `fields` are those to restore, all where none is named."""
        draft = self.viewed_draft(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        version = request.POST.get("version", "")
        fields = request.POST.getlist("fields")
        try:
            restored = restore_version(
                draft,
                number=number,
                by=cast("User", request.user),
                version=int(version) if version.isdecimal() and len(version) < 10 else 0,
                fields=fields or None,
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:desk_draft_versions", draft.pk)
        messages.success(
            request,
            _(
                "Version %(number)d is restored as the newest version. Readers see nothing of it yet."
            )
            % {"number": number},
        )
        if restored.missing:
            text = _("Not restored, because it was deleted since: %(names)s.")
            messages.warning(request, text % {"names": ", ".join(restored.missing)})
        return redirect("admin:desk_draft_change", draft.pk)

    def version_page(
        self, request: HttpRequest, draft: Draft, template: str, context: dict[str, Any]
    ) -> TemplateResponse:
        shared = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "draft": draft,
            "media": self.media,
        }
        return TemplateResponse(request, template, shared | context)


def version_lines(draft: Draft, versions: list[DraftVersion]) -> list[VersionLine]:
    """Lines of consecutive versions, newest first. The last has no growth unless it is the first of all."""
    scheduled = set(
        Release.objects.waiting().filter(article=draft.article_id).values_list("edition", flat=True)
        if draft.article_id
        else ()
    )
    live = draft.article.live_id if draft.article else None
    older = [*versions[1:], None]
    return [
        VersionLine(
            version,
            chips=version_chips(version, live=live, scheduled=scheduled),
            changed=field_labels(version.changed_fields),
            growth=version.char_count - before.char_count if before else None,
        )
        for version, before in zip(versions, older, strict=True)
    ]


def version_chips(version: DraftVersion, *, live: int | None, scheduled: set[int]) -> list[Chip]:
    """Chips of what was decided on a version; that it was submitted is not said once it was approved."""
    chips, marks = list[Chip](), list(version.marks.all())
    for mark in marks:
        if mark.edition is not None:
            tone = TONE_LIVE if mark.edition_id == live else TONE_NEUTRAL
            text = _("Edition %(number)d")
            if mark.edition_id == live:
                text = _("Edition %(number)d, live")
            elif mark.edition_id in scheduled:
                text, tone = _("Edition %(number)d, scheduled"), TONE_WAITING
            chips.append(Chip(text % {"number": mark.edition.number}, tone))
    kinds = {mark.kind for mark in marks}
    for kind in (VersionMark.Kind.APPROVED, VersionMark.Kind.SUBMITTED):
        if kind in kinds:
            chips.append(Chip(str(kind.label), TONE_NEUTRAL))
            break
    return chips


def sides_of(draft: Draft, before: str, after: str) -> tuple[Side, Side]:
    """The sides of a comparison, the older on the left; what is live is compared as it is asked for."""
    if not before:
        new = side_of(draft, after)
        numbers = DraftVersion.objects.filter(draft=draft).newest_first()
        if new.version:
            numbers = numbers.filter(number__lt=new.version.number)
        older = numbers.values_list("number", flat=True).first()
        return (side_of(draft, str(older)) if older else Side({})), new
    if is_id(before) and is_id(after) and int(before) > int(after):
        before, after = after, before
    return side_of(draft, before), side_of(draft, after)


def restorable_sides(newest: Side, *sides: Side) -> list[DraftVersion]:
    """The versions of a comparison that are not the newest."""
    current = newest.version.number if newest.version else None
    return [side.version for side in sides if side.version and side.version.number != current]
