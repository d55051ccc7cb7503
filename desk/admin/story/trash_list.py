"""The list of stories in the trash: who put each there and when, and a button that restores it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.models import Draft
from desk.permissions import may_write
from newsroom.text.dates import format_short_time


class TrashListMixin:
    """Columns of a list of drafts that is filtered by the trash; other lists have those of the page."""

    list_display: Any = ()

    def get_list_display(self, request: HttpRequest) -> Any:
        if request.GET.get("standing") != "trash":
            return self.list_display
        restore = ("restore_button",) if may_write(request.user) else ()  # type: ignore[arg-type]
        return (*self.list_display[:-1], "trashed", *restore)

    @admin.display(description=pgettext_lazy("story", "in the trash since"), ordering="-trashed_at")
    def trashed(self, draft: Draft) -> str:
        if draft.trashed_at is None:
            return "–"
        at = format_short_time(draft.trashed_at)
        return format_html('{} <span class="quiet">{}</span>', at, draft.changed_by)

    @admin.display(description=_("what to do"))
    def restore_button(self, draft: Draft) -> str:
        return format_html(
            '<button type="submit" class="press" formaction="{}">{}</button>',
            reverse("admin:desk_draft_take_out", args=[draft.pk]),
            _("Take out of the trash"),
        )
