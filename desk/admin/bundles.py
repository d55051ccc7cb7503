"""Admin of bundles: stories scheduled for one instant, published all together or not at all."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from audit.descriptions import format_entries
from audit.models import Entry
from desk.actions import cancel_bundle, reschedule_bundle, retry_release
from desk.admin.schedule_forms import RescheduleForm
from desk.errors import BundleOver
from desk.models import Bundle, Draft, Release
from desk.models.releases import WAITING
from desk.permissions import may_publish
from desk.section_rights import visible_bundles
from desk.status import bundle_chip
from newsroom.admin.base import Button, ButtonAdmin, ReadOnlyAdmin
from newsroom.text.dates import format_short_time


class BundleStateFilter(admin.SimpleListFilter):
    """Filter by state; `waiting` is pending or failed."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("waiting", _("waiting")),
            ("failed", _("did not go out")),
            ("done", _("published")),
            ("cancelled", _("cancelled")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        states = {"waiting": WAITING}.get(self.value() or "", [self.value()])
        return queryset.filter(state__in=states) if self.value() else queryset


def is_waiting(bundle: Any) -> bool:
    """Whether the bundle has releases that are pending or failed."""
    return bundle.state in WAITING


def retry_failed(bundle: Bundle, *, by: Any, version: int | None = None) -> None:
    """Retry the failed releases of a bundle. Raises BundleOver where none is failed any more."""
    failed = Release.objects.filter(bundle=bundle, state=Release.State.FAILED).first()
    if failed is None:
        raise BundleOver
    retry_release(failed, by=by)


@admin.register(Bundle)
class BundleAdmin(ButtonAdmin, ReadOnlyAdmin):
    """Bundles are created from the list of stories; their page has the buttons."""

    change_form_template = "desk/bundle.html"
    list_display = ("title", "due", "chip", "stories", "planned_by")
    list_filter = (BundleStateFilter,)
    search_fields = ("title", "releases__edition__headline")
    fields = ("chip", "due_at", "planned_by", "planned_at")
    buttons = (
        Button(
            "retry",
            _("Retry now"),
            action=retry_failed,
            success_message=_("It will be retried within seconds."),
            is_allowed=may_publish,
            is_available=lambda bundle: bundle.state == Release.State.FAILED,
            tone="main",
        ),
        Button(
            "move",
            _("Reschedule"),
            action=reschedule_bundle,
            success_message=_("All its stories will be published at the new time."),
            is_allowed=may_publish,
            is_available=is_waiting,
            form=RescheduleForm,
            help_text=_(
                "All waiting stories of the bundle are published together at the new time."
            ),
        ),
        Button(
            "cancel",
            _("Cancel the schedule"),
            action=cancel_bundle,
            success_message=_("The bundle is cancelled. None of its stories will be published."),
            is_allowed=may_publish,
            is_available=is_waiting,
        ),
    )

    class Media:
        css = {"all": ("desk/draft.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        waiting = Count("releases", filter=Q(releases__state__in=WAITING))
        rows: QuerySet[Any] = (
            visible_bundles(request.user, Bundle.objects.with_state())
            .select_related("planned_by")
            .annotate(member_count=Count("releases"), waiting_count=waiting)
            .order_by("-due_at", "-pk")
        )
        return rows

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        bundle = kwargs["obj"]
        releases = bundle_releases(bundle)
        context |= {
            "bundle": bundle,
            "releases": releases,
            "may_publish": may_publish(request.user),  # type: ignore[arg-type]  # staff by now
            "audit_lines": format_entries(bundle_audit_entries(bundle, releases)),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("publication time"), ordering="due_at")
    def due(self, bundle: Bundle) -> str:
        return format_short_time(bundle.due_at)

    @admin.display(description=_("state"))
    def chip(self, bundle: Any) -> str:
        chip = bundle_chip(bundle)
        return format_html('<span class="chip {}">{}</span>', chip.tone, chip.words)

    @admin.display(description=_("stories"))
    def stories(self, bundle: Any) -> str:
        return str(_("%(n)d stories") % {"n": bundle.member_count})


def bundle_releases(bundle: Bundle) -> list[Any]:
    """The releases of a bundle, the waiting ones first, the id of their draft in `draft_pk`."""
    draft = Draft.objects.filter(article=OuterRef("article")).values("pk")[:1]
    rows = (
        Release.objects.filter(bundle=bundle)
        .select_related("edition", "article", "planned_by", "approved_by")
        .defer("edition__body", "edition__body_html", "article__notice")
        .annotate(draft_pk=Subquery(draft))
        .order_by("pk")
    )
    return sorted(rows, key=lambda release: release.settled_at is not None)


def bundle_audit_entries(bundle: Bundle, releases: list[Any]) -> list[Entry]:
    """The newest audit entries about the bundle and its releases."""
    own = Q(kind="desk.bundle", subject=str(bundle.pk))
    of_releases = Q(kind="desk.release", subject__in=[str(release.pk) for release in releases])
    return list(Entry.objects.filter(own | of_releases)[:40])
