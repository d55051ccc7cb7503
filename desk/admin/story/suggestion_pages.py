"""Suggestions of the story form: the endpoints that its script (desk/static/desk/suggestions.js) calls."""

from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from accounts.models import User
from desk.actions import mark_taken_over, suggest
from desk.models import Draft, Suggestion
from desk.suggestions.chat_completions import is_configured
from newsroom.admin.base import BaseAdmin
from newsroom.errors import Refused


class SuggestionPages(BaseAdmin):
    """The endpoints of suggestions, for the admin of drafts: {"id", "state", "lines", "reason"} as JSON, or
    {"code", "detail"} of a refusal."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/suggestions/", wrap(self.ask_suggestion), name="desk_draft_suggest"),
            path(
                "<int:pk>/suggestions/<int:number>/",
                wrap(self.show_suggestion),
                name="desk_draft_suggestion",
            ),
            path(
                "<int:pk>/suggestions/<int:number>/taken/",
                wrap(self.mark_suggestion),
                name="desk_draft_suggestion_taken",
            ),
        ]
        return [*own, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        context["has_assistant"] = is_configured()
        return super().render_change_form(request, context, *args, **kwargs)

    def ask_suggestion(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Ask for lines: `kind` and `origin` of the form."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        draft = self.changeable_draft(request, pk)
        kind, origin = request.POST.get("kind", ""), request.POST.get("origin", "")
        is_extraction = origin == Suggestion.Origin.EXTRACTION
        if (
            kind not in Suggestion.Kind.values
            or origin not in Suggestion.Origin.values
            or (is_extraction and kind != Suggestion.Kind.SUMMARY)
        ):
            raise Http404
        by = cast("User", request.user)
        return response_to(lambda: suggest(draft, by=by, kind=kind, origin=origin))

    def show_suggestion(self, request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
        """The answer, or that it is still awaited."""
        return suggestion_response(self.suggestion_of(self.changeable_draft(request, pk), number))

    def mark_suggestion(self, request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
        """Record that lines were taken over (`taken` 1), or that all were taken back (0)."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        row = self.suggestion_of(self.changeable_draft(request, pk), number)
        by, is_taken = cast("User", request.user), request.POST.get("taken") != "0"
        return response_to(lambda: mark_taken_over(row, by=by, is_taken=is_taken))

    def suggestion_of(self, draft: Draft, number: int) -> Suggestion:
        row = Suggestion.objects.filter(pk=number, draft=draft).first()
        if row is None:
            raise Http404
        return row

    def changeable_draft(self, request: HttpRequest, pk: int) -> Draft:
        draft: Draft | None = self.get_object(request, str(pk))
        if draft is None:
            raise Http404
        if not self.has_change_permission(request, draft):
            raise PermissionDenied
        return draft


def response_to(action: Callable[[], Suggestion]) -> JsonResponse:
    """The suggestion that the action gives, or its refusal."""
    try:
        return suggestion_response(action())
    except Refused as refusal:
        return JsonResponse({"code": refusal.code, "detail": str(refusal)}, status=refusal.status)


def suggestion_response(row: Suggestion) -> JsonResponse:
    return JsonResponse(
        {"id": row.pk, "state": row.state, "lines": row.lines, "reason": row.reason}
    )
