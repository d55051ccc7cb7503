"""Admin of releases: scheduled, published and failed ones, with their buttons."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from desk.actions import cancel_release, remove_from_bundle, reschedule_release, retry_release
from desk.admin.schedule_forms import RescheduleForm
from desk.models import Draft, Release
from desk.models.releases import WAITING
from desk.permissions import may_publish
from desk.schedule_labels import next_step_label
from desk.section_rights import visible_releases
from desk.status import TONE_GONE, TONE_LIVE, TONE_NEUTRAL, TONE_WAITING, TONE_WARNING
from newsroom.admin.base import Button, ButtonAdmin, ReadOnlyAdmin
from newsroom.text.dates import format_short_time

TONES = {
    Release.State.PENDING: TONE_WAITING,
    Release.State.DONE: TONE_LIVE,
    Release.State.FAILED: TONE_WARNING,
    Release.State.OVERTAKEN: TONE_NEUTRAL,
    Release.State.CANCELLED: TONE_GONE,
}


def release_chip(release: Release) -> str:
    """The state of a release as a status chip (HTML)."""
    if release.held_at and release.settled_at is None:
        return format_html('<span class="chip {}">{}</span>', TONE_WARNING, _("held back"))
    tone = TONES[Release.State(release.state)]
    return format_html('<span class="chip {}">{}</span>', tone, release.get_state_display())


class BundledChangeList(ChangeList):
    """List of releases where a waiting bundle is one row; a search lists its releases one by one."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        rows = super().get_queryset(request, exclude_parameters)
        if self.query:
            return rows
        in_bundle = Release.objects.waiting().filter(bundle=OuterRef("bundle")).order_by("pk")
        count = in_bundle.order_by().values("bundle").annotate(n=Count("pk")).values("n")
        annotated = rows.annotate(
            first_of_bundle=Subquery(in_bundle.values("pk")[:1]), bundle_size=Subquery(count)
        )
        settled = ~Q(state__in=WAITING)
        return annotated.filter(settled | Q(bundle__isnull=True) | Q(pk=F("first_of_bundle")))

    def url_for_result(self, result: Any) -> str:
        if is_whole_bundle(result):
            return reverse("admin:desk_bundle_change", args=[result.bundle_id])
        return super().url_for_result(result)


def is_whole_bundle(release: Any) -> bool:
    """Whether a row of the list represents all releases of its bundle."""
    return bool(release.pk == getattr(release, "first_of_bundle", None))


@admin.register(Release)
class ReleaseAdmin(ButtonAdmin, ReadOnlyAdmin):
    """Waiting releases first, the soonest on top; then the settled ones, the latest on top."""

    list_display = ("headline", "number", "due", "chip", "reason", "planned_by")
    list_filter = ("state",)
    search_fields = ("edition__headline", "article__slug")
    fields = (
        "headline",
        "story",
        "number",
        "due_at",
        "bundle_link",
        "chip",
        "reason",
        "next",
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
            _("Retry now"),
            action=retry_release,
            success_message=_("It will be retried within seconds."),
            is_allowed=may_publish,
            is_available=lambda release: release.state == Release.State.FAILED,
            tone="main",
        ),
        Button(
            "move",
            _("Reschedule"),
            action=reschedule_release,
            success_message=_("The same edition will be published at the new time."),
            is_allowed=may_publish,
            is_available=lambda release: release.settled_at is None and release.bundle_id is None,
            form=RescheduleForm,
            help_text=_("The frozen edition stays the same; only the time changes."),
        ),
        Button(
            "take_out",
            _("Remove from the bundle"),
            action=remove_from_bundle,
            success_message=_("Removed from the bundle. It keeps its publication time."),
            is_allowed=may_publish,
            is_available=lambda release: (
                release.settled_at is None and release.bundle_id is not None
            ),
        ),
        Button(
            "cancel",
            _("Cancel the schedule"),
            action=cancel_release,
            success_message=_("The schedule is cancelled."),
            is_allowed=may_publish,
            is_available=lambda release: release.settled_at is None,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        draft = Draft.objects.filter(article=OuterRef("article")).values("pk")[:1]
        rows: QuerySet[Any] = (
            visible_releases(request.user, Release.objects.all())
            .select_related("edition", "planned_by", "approved_by", "bundle")
            .defer("edition__body", "edition__body_html")
            .annotate(draft_pk=Subquery(draft), is_settled=settled_last())
        )
        return rows

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return ["is_settled", waiting_due_at(), "-settled_at", "-pk"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return BundledChangeList

    @admin.display(description=_("headline"))
    def headline(self, release: Any) -> str:
        if is_whole_bundle(release):
            params = {"title": release.bundle.title, "n": release.bundle_size}
            return str(_("%(title)s (%(n)d stories together)") % params)
        return str(release.edition.headline)

    @admin.display(description=_("in bundle"))
    def bundle_link(self, release: Release) -> str:
        """A link to the bundle of the release."""
        if release.bundle is None:
            return "–"
        url = reverse("admin:desk_bundle_change", args=[release.bundle.pk])
        return format_html('<a href="{}">{}</a>', url, release.bundle)

    @admin.display(description=_("story"))
    def story(self, release: Any) -> str:
        url = reverse("admin:desk_draft_change", args=[release.draft_pk])
        return format_html('<a href="{}">{}</a>', url, release.edition.headline)

    @admin.display(description=_("next step"))
    def next(self, release: Release) -> str:
        return next_step_label(release, timezone.now())

    @admin.display(description=_("edition"))
    def number(self, release: Release) -> int | str:
        return "–" if is_whole_bundle(release) else release.edition.number

    @admin.display(description=_("publication time"), ordering="due_at")
    def due(self, release: Release) -> str:
        return format_short_time(release.due_at)

    @admin.display(description=_("state"), ordering="state")
    def chip(self, release: Release) -> str:
        return release_chip(release)


def settled_last() -> Case:
    """Sort key: 0 for waiting releases, 1 for settled ones."""
    return Case(
        When(state__in=WAITING, then=Value(0)), default=Value(1), output_field=IntegerField()
    )


def waiting_due_at() -> Case:
    """Sort key: the due time of waiting releases, NULL for settled ones."""
    return Case(When(state__in=WAITING, then="due_at"))
