"""Admin of drafts (stories): the list, and the story page with its form, buttons and status panel."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import OuterRef, QuerySet
from django.forms import Script
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from desk.actions import edit, restore_from_trash, start_draft
from desk.admin.bulk_changes import BULK_ACTIONS, BulkChangesMixin
from desk.admin.filters import AssignmentFilter, OwnStoriesFilter, StatusFilter
from desk.admin.story.agency_copy import AgencyCopyPages
from desk.admin.story.autosave import (
    AutosavePages,
    newest_autosaves_of,
    promote_own_autosave,
    version_seen_by,
)
from desk.admin.story.boxed_stories import BoxedStoryPages
from desk.admin.story.draft_requests import run_and_redirect, schedule_together_page
from desk.admin.story.edit_conflict import edit_conflict_of, explain_conflict, resolve_conflict
from desk.admin.story.fieldsets import FIELDSETS, TRASHED_FIELDSETS
from desk.admin.story.form_media import FORM_SCRIPTS, FORM_STYLES
from desk.admin.story.form_preview import PreviewPages
from desk.admin.story.forms import LIST_FIELDS, DraftForm
from desk.admin.story.link_pages import LinkPages
from desk.admin.story.status_panel import status_panel_of
from desk.admin.story.story_buttons import STORY_BUTTONS, permitted_buttons, press_button
from desk.admin.story.story_editor import allow_editor_csp
from desk.admin.story.suggestion_pages import SuggestionPages
from desk.admin.story.trash_list import TrashListMixin
from desk.admin.story.unsaved_work import (
    resubmitted_draft_id,
    session_state,
    set_saved_cookie,
    signed_in_page,
)
from desk.agency_copy.status import agency_changes, agency_chip
from desk.field_rights import forbidden_fields
from desk.models import Draft, DraftAuthor
from desk.permissions import may_publish
from desk.section_rights import may_withdraw_draft, visible_drafts
from desk.status import assignment_chip, presence_chips, status_chips, with_presence, with_status
from newsroom.admin.base import ActionBackedAdmin
from newsroom.admin.changelists import CaselessSearchMixin, UncountedChangeList
from newsroom.db.expressions import JSONArraySubquery
from newsroom.text.dates import format_short_time


@admin.register(Draft)
class DraftAdmin(
    AgencyCopyPages,
    AutosavePages,
    BoxedStoryPages,
    LinkPages,
    SuggestionPages,
    PreviewPages,
    TrashListMixin,
    BulkChangesMixin,
    CaselessSearchMixin,
    ActionBackedAdmin,
):
    """Drafts. Every save and every button is one POST of the whole form, in one transaction.

    A refused save shows the form again with everything that was typed.
    """

    form = DraftForm
    change_form_template = "desk/draft_form.html"
    change_list_template = "desk/draft_list.html"
    list_display = (
        *("story_headline", "status", "section", "author_names"),
        *("assignee", "last_change"),
    )
    list_display_links = ("story_headline",)
    list_filter = (StatusFilter, OwnStoriesFilter, AssignmentFilter, "section")
    search_fields = ("headline", "deck", "slug")
    actions = ("schedule_together", *BULK_ACTIONS)
    autocomplete_fields = ()

    class Media:
        css = {"all": [f"desk/{name}.css" for name in FORM_STYLES]}
        js = [Script(f"desk/{name}.js", defer=True) for name in FORM_SCRIPTS]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("session/", session_state, name="desk_session"),
            path("signed-in/", wrap(signed_in_page), name="desk_signed_in"),
            path("<int:pk>/take-out/", wrap(self.take_out), name="desk_draft_take_out"),
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        authors = DraftAuthor.objects.filter(draft=OuterRef("pk")).order_by("position", "pk")
        drafts = with_presence(visible_drafts(request.user, Draft.objects.all()), timezone.now())
        drafts = (
            with_status(drafts)
            .select_related("section", "changed_by", "assigned_to")
            .defer("body", "notes", "article__live__body", "article__live__body_html")
            .annotate(author_rows=JSONArraySubquery(authors, name="author__name"))
        )
        return self.with_trash_columns(request, drafts)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Draft | None:
        number = int(object_id) if object_id.isdecimal() and len(object_id) < 19 else 0
        drafts = Draft.objects.select_related("article", "poll")
        draft: Draft | None = visible_drafts(request.user, drafts).filter(pk=number).first()
        return draft

    def has_change_permission(self, request: HttpRequest, obj: Draft | None = None) -> bool:
        in_trash = obj is not None and obj.trashed_at is not None
        return not in_trash and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Draft | None = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Draft | None = None) -> Any:
        return TRASHED_FIELDSETS if obj is not None and obj.trashed_at else FIELDSETS

    # -- the list --------------------------------------------------------------------------

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[UncountedChangeList]:
        return UncountedChangeList

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list; each story of the page has the change of its agency copy in `agency_change`."""
        page = super().get_changelist_instance(request)
        page.result_list = list(page.result_list)
        changes, now = agency_changes(page.result_list), timezone.now()
        for draft in page.result_list:
            draft.agency_change = changes.get(draft.pk)
            draft.shared_chips = [
                *filter(None, [assignment_chip(draft, now)]),
                *presence_chips(draft, now, user_id=request.user.pk),
            ]
        return page

    @admin.display(description=_("headline"), ordering="headline")
    def story_headline(self, draft: Draft) -> str:
        return str(draft)

    @admin.display(description=pgettext_lazy("story", "status"))
    def status(self, draft: Any) -> str:
        chips = [
            *status_chips(draft),
            *([agency_chip(draft.agency_change)] if draft.agency_change else ()),
            *draft.shared_chips,
        ]
        rows = ((chip.tone, chip.words) for chip in chips)
        return format_html_join(" ", '<span class="chip {}">{}</span>', rows)

    @admin.display(description=_("authors"))
    def author_names(self, draft: Any) -> str:
        return ", ".join(row["name"] for row in draft.author_rows)

    @admin.display(description=_("assigned to"))
    def assignee(self, draft: Draft) -> str:
        return str(draft.assigned_to) if draft.assigned_to else "–"

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
        """The form, with the fields disabled that the user may not change (`desk.field_rights`)."""
        if hasattr(request, "refusal"):
            explain_conflict(request, obj)
        # The lists are fields of the form itself: as fields of the model they would be read once more.
        names = flatten_fieldsets(self.get_fieldsets(request, obj))
        kwargs["fields"] = [name for name in names if name not in LIST_FIELDS]
        form = super().get_form(request, obj, change=change, **kwargs)
        form.restrict_choices(request.user, obj)
        if obj is not None:
            form.guarded_fields = forbidden_fields(request.user, obj)  # type: ignore[arg-type]  # staff by now
        return form

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> Any:
        """The story page. A form for a new story that is submitted twice edits the story it created."""
        if object_id is None and request.method == "POST":
            object_id = resubmitted_draft_id(request)
        return allow_editor_csp(super().changeform_view(request, object_id, *args, **kwargs))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        draft = kwargs.get("obj")
        context |= {
            "may": permitted_buttons(request.user, draft),  # type: ignore[arg-type]  # staff by now
            "may_withdraw": draft is not None and may_withdraw_draft(request.user, draft),
            "panel": status_panel_of(draft, reader=request.user) if draft else None,
            "autosaves": newest_autosaves_of(draft, request.user),
            "conflict": edit_conflict_of(request, draft, context["adminform"].form),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Draft, form: DraftForm, change: bool) -> None:
        """Save the form and press its button, if any, in the transaction of the request.

        1. Create the draft, or edit it with the changed fields and the version that the user saw, or that
           their changes were merged with. Without a changed field the draft is not written, but the button
           still expects that version.
        2. Press the button `do` (`desk.admin.story.story_buttons`).
        3. Tell the user what was done, and which HTML of the body was not stored.

        Raises Refused, on which `ActionBackedAdmin.changeform_view` shows the form again.
        """
        data, user = form.cleaned_data, cast("User", request.user)
        button = data["do"] if data["do"] in STORY_BUTTONS else ""
        fields, version, merged = resolve_conflict(
            request, form, form_version=version_seen_by(form, obj, user)
        )
        is_saved = bool(fields) or not change
        if not change:
            draft = start_draft(user, form_token=data["form_token"], **fields)
        elif fields:
            draft = edit(obj, by=user, version=version, **fields)
        else:
            draft, is_saved = promote_own_autosave(obj, user, cast("int", version))
        obj.pk = draft.pk
        message: Any = _("Saved.") if is_saved else _("There are no changes to save.")
        if merged:
            message = merged
        if button:
            message = press_button(button, draft, by=user, form_data=data, is_changed=bool(fields))
        messages.success(request, message)
        if form.dropped:
            names = ", ".join(form.dropped)
            messages.warning(request, _now("Removed from the text: %(names)s.") % {"names": names})

    def response_add(self, request: HttpRequest, obj: Draft, *args: Any) -> HttpResponse:
        return self.response_change(request, obj)

    def response_change(self, request: HttpRequest, obj: Draft) -> HttpResponse:
        """Redirect to the story page; to the list after "save and close" and after `throw_away`."""
        to_list = "_save" in request.POST or request.POST.get("do") == "throw_away"
        page = reverse("admin:desk_draft_change", args=[obj.pk])
        response = redirect("admin:desk_draft_changelist" if to_list else page)
        return set_saved_cookie(response, request, page)

    # -- bulk action -------------------------------------------------------------------------

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return may_publish(request.user)  # type: ignore[arg-type]  # staff by now

    @admin.action(description=_("Schedule as a bundle"), permissions=["publish"])
    def schedule_together(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """Freeze the selected stories and schedule them as one bundle; first ask for its time on a page."""
        return schedule_together_page(self, request, list(queryset.order_by("pk")))

    # -- further views -----------------------------------------------------------------------

    def take_out(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Restore a draft from the trash, by POST."""

        def restore(user: User) -> Draft:
            return restore_from_trash(get_object_or_404(visible_drafts(user), pk=pk), by=user)

        return run_and_redirect(request, restore, _now("Restored from the trash."))
