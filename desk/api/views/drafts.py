"""Endpoints of drafts: list, create, read, update, move to the trash."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from desk.actions import edit, move_to_trash, start_draft
from desk.api.base import IF_MATCH, DraftResourceView
from desk.api.serializers.draft_rows import DraftRowOut
from desk.api.serializers.drafts import DraftDetailOut, DraftQuery
from desk.api.serializers.stories import DraftIn, draft_fields_of
from desk.models import Draft
from desk.section_rights import pickable_articles, visible_drafts
from desk.status import with_presence, with_status
from newsroom.api.pagination import KeysetPagination
from newsroom.api.views import QuerySerializer, paginated_response


class NewestChangeFirst(KeysetPagination):
    """Keyset pagination, the newest change first."""

    order = ("-changed_at", "-pk")


class DraftList(DraftResourceView):
    """GET and POST: the drafts."""

    query: ClassVar[type[QuerySerializer]] = DraftQuery
    pagination_class = NewestChangeFirst

    @extend_schema(parameters=[DraftQuery], responses=DraftRowOut(many=True))
    def get(self, request: Request) -> Response:
        """The working copies, newest change first, each with who has it open."""
        drafts = with_status(filter_drafts(self.params, staff_user=self.staff_user))
        return paginated_response(self, with_presence(drafts, timezone.now()), DraftRowOut)

    @extend_schema(request=DraftIn, responses={201: DraftDetailOut})
    def post(self, request: Request) -> Response:
        """Begin a story. Anything may still be missing."""
        context = {"pickable": pickable_articles(self.staff_user)}
        fields = draft_fields_of(DraftIn.validate_request(request, context=context))
        return self.respond(start_draft(self.staff_user, **fields), status=201)


def filter_drafts(params: dict[str, Any], *, staff_user: User) -> Any:
    """The drafts that match all filters of a validated DraftQuery; `mine` means those of `staff_user`."""
    in_trash = params.get("trashed", params.get("state") == "trashed")
    drafts = Draft.objects.trashed() if in_trash else Draft.objects.not_trashed()
    drafts = visible_drafts(staff_user, drafts.in_full())
    if state := params.get("state"):
        drafts = drafts.in_state(state)
    if slug := params.get("section"):
        drafts = drafts.filter(section__slug=slug)
    if text := params.get("q"):
        drafts = drafts.filter(headline__icontains=text)
    if params.get("mine"):
        drafts = drafts.of(staff_user.pk)
    if person := params.get("assigned_to"):
        drafts = drafts.assigned_to(staff_user if person == "me" else int(person))
    if params.get("overdue"):
        drafts = drafts.overdue(timezone.now())
    return drafts


class DraftDetail(DraftResourceView):
    """GET, PATCH and DELETE: a draft."""

    extra_responses: ClassVar = {"get": (304,)}

    @extend_schema(responses=DraftDetailOut)
    def get(self, request: Request, draft_id: int) -> Response:
        """One working copy, with what is missing, its editions, and what waits to go out."""
        return self.respond(self.get_resource(pk=draft_id))

    @extend_schema(parameters=[IF_MATCH], request=DraftIn, responses=DraftDetailOut)
    def patch(self, request: Request, draft_id: int) -> Response:
        """Change the working copy; readers see nothing of it. What is left out stays as it is."""
        draft = self.get_resource(pk=draft_id)
        version = self.expected_version(draft)
        context = {"pickable": pickable_articles(self.staff_user, draft)}
        fields = draft_fields_of(DraftIn.validate_request(request, context=context))
        return self.respond(edit(draft, by=self.staff_user, version=version, **fields))

    @extend_schema(parameters=[IF_MATCH], request=None, responses={204: None})
    def delete(self, request: Request, draft_id: int) -> Response:
        """Put it into the trash, from which it can be restored."""
        draft = self.get_resource(pk=draft_id)
        move_to_trash(draft, by=self.staff_user, version=self.expected_version(draft))
        return Response(status=204)
