"""Buttons on the page of a story's agency copy: take a change over, use the current version."""

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from accounts.models import User
from desk.actions import take_over_change, use_current_copy
from desk.admin.story.draft_versions import VersionPages
from desk.models import Draft
from newsroom.admin.row_ids import is_id
from newsroom.errors import Refused
from wire.models import Version


class TakeOverPages(VersionPages):
    """The requests that write agency copy into a draft, for the admin of drafts; each is a POST."""

    def get_urls(self) -> list[URLPattern]:
        wrap, agency = self.admin_site.admin_view, "<int:pk>/agency/"
        own = [
            path(f"{agency}take-over/", wrap(self.take_over), name="desk_draft_take_over"),
            path(f"{agency}used/", wrap(self.use_copy), name="desk_draft_use_copy"),
        ]
        return [*own, *super().get_urls()]

    def take_over(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write one change into the draft; `change` is the part and the row: `text-3`."""
        part, _dash, number = request.POST.get("change", "").rpartition("-")

        def act(draft: Draft, by: User) -> str:
            take_over_change(
                draft,
                part=part,
                number=int(number) if number == "0" or is_id(number) else -1,
                before=posted_id(request, "before"),
                after=posted_id(request, "after"),
                by=by,
                version=posted_id(request, "version"),
            )
            return _("Taken over as the newest version. Readers see nothing of it yet.")

        return self.write(request, pk, act, at=f"#copy-{part}")

    def use_copy(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make the current copy the version used."""

        def act(draft: Draft, by: User) -> str:
            after, version = posted_id(request, "after"), posted_id(request, "version")
            use_current_copy(draft, after=after, by=by, version=version)
            return _("The agency's newest version is the version used now.")

        return self.write(request, pk, act)

    def write(
        self, request: HttpRequest, pk: int, act: Callable[[Draft, User], str], *, at: str = ""
    ) -> HttpResponse:
        """Call an action, say what came of it, and go back to the comparison."""
        draft = self.viewed_draft(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if draft.wire_version_id is None:
            raise Http404
        number = (
            Version.objects.filter(pk=posted_id(request, "before")).values_list("number").first()
        )
        try:
            messages.success(request, act(draft, cast("User", request.user)))
        except Refused as refusal:
            messages.error(request, str(refusal))
        address = reverse("admin:desk_draft_agency", args=[draft.pk])
        return redirect(f"{address}?from={number[0]}{at}" if number else address)


def posted_id(request: HttpRequest, name: str) -> int:
    """The number of a hidden input; 0 for anything else."""
    text = request.POST.get(name, "")
    return int(text) if is_id(text) else 0


def copy_versions(story_id: int) -> list[Version]:
    """The texts of an agency story, by their numbers, with what a list of them shows."""
    rows = Version.objects.filter(story=story_id).exclude(signal=Version.Signal.CANCELLATION)
    return list(
        rows.only("number", "headline", "marks", "sent_at", "signal", "story").order_by("number")
    )


def compared_version(used: Version, number: str) -> Version:
    """The version of this number of the same story; the version used where there is none."""
    if not is_id(number):
        return used
    rows = Version.objects.filter(story=used.story_id, number=int(number))
    return rows.exclude(signal=Version.Signal.CANCELLATION).first() or used
