"""What goes out next in the admin, what went out, and what failed and why."""

from typing import Any

from django.contrib import admin
from django.db.models import Case, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from desk.actions import cancel, retry
from desk.models import Draft, Release
from desk.policy import may_publish
from desk.releases import WAITING
from newsroom.backoffice import Button, ReadOnly, WithButtons
from newsroom.times import short

TONES = {
    Release.State.PENDING: "waits",
    Release.State.DONE: "live",
    Release.State.FAILED: "warns",
    Release.State.OVERTAKEN: "calm",
    Release.State.CANCELLED: "gone",
}


def chip_of(release: Release) -> str:
    """The state of a release as a chip."""
    tone = TONES[Release.State(release.state)]
    return format_html('<span class="chip {}">{}</span>', tone, release.get_state_display())


@admin.register(Release)
class ReleaseAdmin(WithButtons, ReadOnly):
    """In the order it goes out: what waits first, soonest on top; then what came of the rest."""

    list_display = ("headline", "number", "due", "chip", "reason", "planned_by")
    list_filter = ("state",)
    search_fields = ("edition__headline", "article__slug")
    fields = (
        "headline",
        "story",
        "number",
        "due_at",
        "chip",
        "reason",
        "attempts",
        "retry_at",
        "planned_by",
        "approved_by",
        "planned_at",
        "settled_at",
    )
    buttons = (
        Button(
            "retry",
            _("Try again now"),
            act=retry,
            done=_("It is tried again within seconds."),
            may=may_publish,
            when=lambda release: release.state == Release.State.FAILED,
            tone="main",
        ),
        Button(
            "cancel",
            _("Cancel the plan"),
            act=cancel,
            done=_("The plan is taken back."),
            may=may_publish,
            when=lambda release: release.settled_at is None,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        draft = Draft.objects.filter(article=OuterRef("article")).values("pk")[:1]
        return (
            Release.objects.select_related("edition", "planned_by", "approved_by")
            .defer("edition__body", "edition__body_html")
            .annotate(draft_pk=Subquery(draft), turn=turn())
        )

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return ["turn", soonest_first(), "-settled_at", "-pk"]

    @admin.display(description=_("headline"))
    def headline(self, release: Release) -> str:
        return release.edition.headline

    @admin.display(description=_("story"))
    def story(self, release: Any) -> str:
        address = reverse("admin:desk_draft_change", args=[release.draft_pk])
        return format_html('<a href="{}">{}</a>', address, release.edition.headline)

    @admin.display(description=_("edition"))
    def number(self, release: Release) -> int:
        return release.edition.number

    @admin.display(description=_("goes out"), ordering="due_at")
    def due(self, release: Release) -> str:
        return short(release.due_at)

    @admin.display(description=_("state"), ordering="state")
    def chip(self, release: Release) -> str:
        return chip_of(release)


def turn() -> Case:
    """0 for what waits, 1 for what has its outcome."""
    return Case(
        When(state__in=WAITING, then=Value(0)), default=Value(1), output_field=IntegerField()
    )


def soonest_first() -> Case:
    """The time of what waits; what has its outcome is ordered by that instead."""
    return Case(When(state__in=WAITING, then="due_at"))
