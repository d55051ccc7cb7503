"""The list of stories in the trash: who put each there and when, and a button that restores it."""

from typing import Any

from django.contrib import admin
from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from audit.models import Entry
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

    def with_trash_columns(self, request: HttpRequest, drafts: QuerySet[Any]) -> QuerySet[Any]:
        """In the trash with `trashed_by`, who put it there: the audit log says it, the draft does not."""
        if request.GET.get("standing") != "trash":
            return drafts
        subject = Cast(OuterRef("pk"), CharField())
        entries = Entry.objects.filter(kind="desk.draft", subject=subject, verb="threw_away")
        trashed: QuerySet[Any] = drafts.annotate(
            trashed_by=Subquery(entries.order_by("-at").values("by_name")[:1])
        )
        return trashed

    @admin.display(description=_("trashed"), ordering="-trashed_at")
    def trashed(self, draft: Any) -> str:
        if draft.trashed_at is None:
            return "–"
        at = format_short_time(draft.trashed_at)
        return format_html('{} <span class="quiet">{}</span>', at, draft.trashed_by or "")

    @admin.display(description=_("what to do"))
    def restore_button(self, draft: Draft) -> str:
        return format_html(
            '<button type="submit" class="press" formaction="{}">{}</button>',
            reverse("admin:desk_draft_take_out", args=[draft.pk]),
            _("Restore from the trash"),
        )
