"""Endpoints of suggestions for a draft: summary lines, headlines, subheads; and which were taken over."""

from typing import ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from desk.actions import mark_taken_over, suggest
from desk.api.base import DeskView
from desk.api.serializers.stories import NothingIn
from desk.api.serializers.suggestions import SuggestionIn, SuggestionOut
from desk.models import Draft, Suggestion
from desk.section_rights import visible_drafts
from newsroom.http.response_cache import no_cache_flush


class SuggestionList(DeskView):
    """POST: ask for lines."""

    extra_responses: ClassVar = {"post": (409, 422, 423)}

    @extend_schema(request=SuggestionIn, responses={201: SuggestionOut, 202: SuggestionOut})
    @no_cache_flush
    def post(self, request: Request, draft_id: int) -> Response:
        """Suggest lines for the saved text: by extraction at once (201), by the assistant later (202).

        The story stays as it is: say that you take lines over (`taken/`), then write them with PATCH.
        """
        draft: Draft = get_object_or_404(visible_drafts(self.staff_user), pk=draft_id)
        row = suggest(draft, by=self.staff_user, **SuggestionIn.validate_request(request))
        status = 202 if row.state == Suggestion.State.WAITING else 201
        return Response(SuggestionOut(row).data, status=status)


class SuggestionDetail(DeskView):
    """GET: the answer."""

    @extend_schema(responses=SuggestionOut)
    def get(self, request: Request, draft_id: int, suggestion_id: int) -> Response:
        """Suggested lines, or that they are still awaited."""
        draft = get_object_or_404(visible_drafts(self.staff_user), pk=draft_id)
        row = get_object_or_404(Suggestion, pk=suggestion_id, draft=draft)
        return Response(SuggestionOut(row).data)


class SuggestionTaken(DeskView):
    """POST and DELETE: lines of the suggestion are taken over, or none is any longer."""

    extra_responses: ClassVar = {"post": (409, 423), "delete": (409, 423)}

    @extend_schema(request=NothingIn, responses=SuggestionOut)
    @no_cache_flush
    def post(self, request: Request, draft_id: int, suggestion_id: int) -> Response:
        """Say that you take lines over, changed or not: the story's next change discloses the use of AI.

        Doing it twice changes nothing.
        """
        NothingIn.validate_request(request)
        row = self.mark(draft_id, suggestion_id, is_taken=True)
        return Response(SuggestionOut(row).data)

    @extend_schema(request=None, responses={204: None})
    @no_cache_flush
    def delete(self, request: Request, draft_id: int, suggestion_id: int) -> Response:
        """Say that none of the lines is in the story any longer. A disclosure that stands there stays."""
        self.mark(draft_id, suggestion_id, is_taken=False)
        return Response(status=204)

    def mark(self, draft_id: int, suggestion_id: int, *, is_taken: bool) -> Suggestion:
        draft = get_object_or_404(visible_drafts(self.staff_user), pk=draft_id)
        row = get_object_or_404(Suggestion, pk=suggestion_id, draft=draft)
        return mark_taken_over(row, by=self.staff_user, is_taken=is_taken)
