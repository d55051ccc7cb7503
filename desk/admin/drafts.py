"""Stories in the admin: the list, and the page an editor works on all day."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet
from django.forms import Script
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from articles.models.editorial import EDITORIAL_FIELD_NAMES
from desk.actions import add_to_bundle, edit, restore_from_trash, start_draft, start_from_wire
from desk.actions import schedule_bundle as make_bundle
from desk.admin.edit_conflict import edit_conflict_of, mark_own_conflict
from desk.admin.editor_csp import allow_editor_csp
from desk.admin.filters import OwnStoriesFilter, StatusFilter
from desk.admin.forms import DraftForm
from desk.admin.schedule_forms import BundleForm, submitted_versions
from desk.admin.status_panel import status_panel_of
from desk.admin.story_buttons import STORY_BUTTONS, permitted_buttons, press_button
from desk.admin.unsaved_work import (
    resubmitted_draft_id,
    session_state,
    set_saved_cookie,
    signed_in_page,
)
from desk.field_rights import forbidden_fields
from desk.models import Bundle, Draft, DraftAuthor
from desk.permissions import may_publish, may_withdraw, may_write
from desk.status import status_chips, with_status
from desk.wire_status import agency_changes, agency_chip
from newsroom.admin.base import ActionBackedAdmin
from newsroom.db.json_rows import JSONArraySubquery
from newsroom.errors import Refused
from newsroom.text.dates import format_short_time
from wire.models import Story

SUMMARY = ("summary_1", "summary_2", "summary_3")
PHOTO_TEXT = ("photo_alt", "photo_caption", "photo_credit")
FIELDSETS = [
    (None, {"fields": ("headline", *EDITORIAL_FIELD_NAMES, *SUMMARY, "body")}),
    (_("Placing"), {"fields": ("section", "authors", "tags", "lead_photo", *PHOTO_TEXT)}),
    (
        _("Booki and Moki: the poll"),
        {
            "classes": ("collapse",),
            "fields": (
                "poll_question",
                "poll_title",
                "poll_pro",
                "poll_con",
                ("poll_opens_at", "poll_closes_at"),
                "poll_results",
            ),
        },
    ),
    (
        _("Source, use of AI, comments"),
        {
            "classes": ("collapse",),
            "fields": (
                ("source_name", "source_credit"),
                "source_url",
                ("ai_kind", "ai_note"),
                "comments_mode",
                "slug",
            ),
        },
    ),
    (_("When readers may see it"), {"fields": (("embargo_until", "expires_at"),)}),
    (_("Related articles"), {"classes": ("collapse",), "fields": ("related",)}),
    (None, {"fields": ("notes",)}),
]
TRASHED_FIELDSETS = [(None, {"fields": ("headline", *EDITORIAL_FIELD_NAMES, *SUMMARY, "notes")})]


@admin.register(Draft)
class DraftAdmin(ActionBackedAdmin):
    """Every save and every button is one POST of the whole page; what is typed is never lost."""

    form = DraftForm
    change_form_template = "desk/draft_form.html"
    change_list_template = "desk/draft_list.html"
    list_display = ("headline_shown", "where_it_stands", "section", "signed_by", "last_change")
    list_display_links = ("headline_shown",)
    list_filter = (StatusFilter, OwnStoriesFilter, "section")
    search_fields = ("headline", "deck", "slug")
    actions = ("send_out_together",)
    autocomplete_fields = ()

    class Media:
        css = {"all": ("desk/draft.css",)}
        js = (Script("desk/draft.js", defer=True), Script("desk/unsaved.js", defer=True))

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("from-wire/<int:pk>/", wrap(self.from_wire), name="desk_draft_from_wire"),
            path("session/", session_state, name="desk_session"),
            path("signed-in/", wrap(signed_in_page), name="desk_signed_in"),
            path("<int:pk>/take-out/", wrap(self.take_out), name="desk_draft_take_out"),
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        authors = DraftAuthor.objects.filter(draft=OuterRef("pk")).order_by("position", "pk")
        return (
            with_status(Draft.objects.all())
            .select_related("section", "changed_by")
            .defer("body", "notes", "article__live__body", "article__live__body_html")
            .annotate(author_rows=JSONArraySubquery(authors, name="author__name"))
        )

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Draft | None:
        number = int(object_id) if object_id.isdecimal() and len(object_id) < 19 else 0
        return Draft.objects.select_related("article", "poll").filter(pk=number).first()

    def has_change_permission(self, request: HttpRequest, obj: Draft | None = None) -> bool:
        in_trash = obj is not None and obj.trashed_at is not None
        return not in_trash and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Draft | None = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Draft | None = None) -> Any:
        return TRASHED_FIELDSETS if obj is not None and obj.trashed_at else FIELDSETS

    # -- the list --------------------------------------------------------------------------

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The page of the list, each story with what became of its agency's."""
        page = super().get_changelist_instance(request)
        page.result_list = list(page.result_list)  # of this page only
        changed = agency_changes(page.result_list)
        for draft in page.result_list:
            draft.agency = changed.get(draft.pk)
        return page

    @admin.display(description=_("headline"), ordering="headline")
    def headline_shown(self, draft: Draft) -> str:
        return str(draft)

    @admin.display(description=_("where it stands"))
    def where_it_stands(self, draft: Any) -> str:
        chips = [*status_chips(draft), *([agency_chip(draft.agency)] if draft.agency else ())]
        told = ((chip.tone, chip.words) for chip in chips)
        return format_html_join(" ", '<span class="chip {}">{}</span>', told)

    @admin.display(description=_("authors"))
    def signed_by(self, draft: Any) -> str:
        return ", ".join(row["name"] for row in draft.author_rows)

    @admin.display(description=_("last change"), ordering="-changed_at")
    def last_change(self, draft: Draft) -> str:
        return format_html(
            '{} <span class="quiet">{}</span>',
            format_short_time(draft.changed_at),
            draft.changed_by,
        )

    # -- the page --------------------------------------------------------------------------

    def get_form(
        self, request: HttpRequest, obj: Draft | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form, with the fields closed that are not this person's to change; of a conflict with oneself
        it says so."""
        mark_own_conflict(request, obj)
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is not None:
            form.closed = forbidden_fields(request.user, obj)  # type: ignore[arg-type]  # staff by now
        return form

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> Any:
        """The page; a second sending of the page that began a story goes on with that story."""
        if object_id is None and request.method == "POST":
            object_id = resubmitted_draft_id(request)
        return allow_editor_csp(super().changeform_view(request, object_id, *args, **kwargs))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        draft = kwargs.get("obj")
        context |= {
            "may": permitted_buttons(request.user),  # type: ignore[arg-type]  # staff by now
            "may_withdraw": may_withdraw(request.user),  # type: ignore[arg-type]
            "state": status_panel_of(draft) if draft else None,
            "theirs": edit_conflict_of(request, draft),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_through_action(self, obj: Draft, *, form: DraftForm, by: Any) -> Draft:
        """Keep what was typed, then press the button, if it was one."""
        words, asked = form.words(), form.cleaned_data
        do = asked["do"] if asked["do"] in STORY_BUTTONS else ""
        if obj._state.adding:
            draft = start_draft(by, form_token=asked["form_token"], **words)
        elif words:
            draft = edit(obj, by=by, version=asked["overwrite"] or asked["version"], **words)
        else:
            draft = Draft.objects.get(pk=obj.pk)
            draft.version = asked["overwrite"] or asked["version"]
        if do:
            form.said = press_button(do, draft, by=by, asked=asked, changed=bool(words))
        else:
            form.said = _("Saved.") if words or obj._state.adding else _("Nothing was changed.")
        return draft

    def save_model(self, request: HttpRequest, obj: Draft, form: DraftForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        messages.success(request, form.said)
        if form.dropped:
            names = ", ".join(form.dropped)
            messages.warning(request, _now("Not kept of the text: %(names)s.") % {"names": names})

    def response_add(self, request: HttpRequest, obj: Draft, *args: Any) -> HttpResponse:
        return self.response_change(request, obj)

    def response_change(self, request: HttpRequest, obj: Draft) -> HttpResponse:
        """Back to the story, except where "save and close" or the trash was pressed."""
        leaves = "_save" in request.POST or request.POST.get("do") == "throw_away"
        page = reverse("admin:desk_draft_change", args=[obj.pk])
        answer = redirect("admin:desk_draft_changelist" if leaves else page)
        return set_saved_cookie(answer, request, page)

    # -- several at once ---------------------------------------------------------------------

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return may_publish(request.user)  # type: ignore[arg-type]  # staff by now

    @admin.action(description=_("Send out together"), permissions=["publish"])
    def send_out_together(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """Ask for a time, then freeze the chosen stories and plan them as one bundle."""
        drafts = list(queryset.order_by("pk"))
        form = BundleForm(request.POST if "asked" in request.POST else None)
        if form.is_bound and form.is_valid():
            try:
                made = schedule_together(request, drafts, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _now("Planned together: all of them, or none."))
                return redirect("admin:desk_bundle_change", made.pk)
        for draft in drafts:
            draft.chips = status_chips(draft)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Send out together"),
            "opts": self.opts,
            "drafts": drafts,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "desk/ask_bundle.html", context)

    # -- doors of their own ----------------------------------------------------------------

    def from_wire(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A story from agency copy, opened to go on writing."""
        return run_and_redirect(request, lambda: self.begin_from(request, pk))

    def begin_from(self, request: HttpRequest, pk: int) -> str:
        draft = start_from_wire(get_object_or_404(Story, pk=pk), by=request.user)  # type: ignore[arg-type]
        messages.success(request, _now("Begun from the wire."))
        return reverse("admin:desk_draft_change", args=[draft.pk])

    def take_out(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A thrown-away story back on the desk."""
        return run_and_redirect(request, lambda: self.put_back(request, pk))

    def put_back(self, request: HttpRequest, pk: int) -> str:
        draft = restore_from_trash(get_object_or_404(Draft, pk=pk), by=request.user)  # type: ignore[arg-type]
        messages.success(request, _now("Back on the desk."))
        return reverse("admin:desk_draft_change", args=[draft.pk])


def schedule_together(
    request: HttpRequest, drafts: list[Draft], *, title: str, at: Any, bundle: Bundle | None
) -> Bundle:
    """The bundle made of these stories, or the one that they joined."""
    asked: Any = {"by": request.user, "versions": submitted_versions(request.POST, drafts)}
    if bundle:
        return add_to_bundle(bundle, drafts=drafts, **asked)
    return make_bundle(drafts, title=title, at=at, **asked)


def run_and_redirect(request: HttpRequest, act: Callable[[], str]) -> HttpResponse:
    """Only by POST and only for writers; on to the address `act` gives, or back with its refusal."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not may_write(request.user):  # type: ignore[arg-type]  # the admin lets only staff this far
        raise PermissionDenied
    try:
        return redirect(act())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:index")
