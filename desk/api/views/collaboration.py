"""Endpoints of what colleagues share of a draft: assignment, lock, presence, people."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from desk.actions import (
    assign,
    end_presence,
    record_presence,
    release_lock,
    take_lock,
    take_over_lock,
)
from desk.api.base import IF_MATCH, DeskView, DraftResourceView
from desk.api.serializers.collaboration import (
    AssignIn,
    HeartbeatIn,
    LockIn,
    LockOut,
    PersonOut,
    PresenceOut,
)
from desk.api.serializers.drafts import DraftOut
from desk.api.serializers.stories import unknown_names_message
from desk.api.views.draft_actions import DraftActionView
from desk.models import Draft, DraftPresence
from desk.permissions import may_approve, people_who_can_write
from newsroom.api.pagination import KeysetPagination
from newsroom.api.views import QuerySerializer, paginated_response
from newsroom.errors import InvalidInput
from newsroom.http.response_cache import no_cache_flush


@extend_schema(
    parameters=[IF_MATCH],
    request=AssignIn,
    responses=DraftOut,
    description="Give the story to a colleague, or take it oneself, and say when it is due.",
)
class AssignDraft(DraftActionView):
    """POST assign/: set the assignee and the due time."""

    input_class = AssignIn

    def perform(self, draft: Draft, /, **params: Any) -> Response:
        if (number := params.get("to")) is not None:
            params["to"] = find_colleague(number)
        return self.respond(assign(draft, **params))


def find_colleague(number: int) -> User:
    """The member of staff of this id. Raises InvalidInput."""
    person = User.objects.filter(pk=number, is_staff=True, is_active=True).first()
    if person is None:
        raise InvalidInput({"to": unknown_names_message([str(number)])})
    return person


class OldestAccountFirst(KeysetPagination):
    """Keyset pagination, the oldest account first."""

    order = ("pk",)


class PeopleList(DeskView):
    """GET: the people who write."""

    query: ClassVar[type[QuerySerializer]] = QuerySerializer
    pagination_class = OldestAccountFirst

    @extend_schema(parameters=[QuerySerializer], responses=PersonOut(many=True))
    def get(self, request: Request) -> Response:
        """Those to whom one may assign a story: to editors all who write, to reporters themselves."""
        people: Any = people_who_can_write(timezone.now())
        if not may_approve(self.staff_user):
            people = people.filter(pk=self.staff_user.pk)
        return paginated_response(self, people, PersonOut)


class DraftLock(DraftResourceView):
    """PUT and DELETE: the lock of a draft."""

    @extend_schema(parameters=[IF_MATCH], request=LockIn, responses=LockOut)
    @no_cache_flush
    def put(self, request: Request, draft_id: int) -> Response:
        """Keep all changes and verbs to oneself, until it is given back or not used for ten minutes."""
        draft = self.get_resource(pk=draft_id)
        version = self.expected_version(draft)
        data = LockIn.validate_request(request)
        take = take_over_lock if data["take_over"] else take_lock
        draft = take(draft, by=self.staff_user, version=version)
        return Response(LockOut(draft, context={"user": self.staff_user}).data)

    @extend_schema(parameters=[IF_MATCH], request=None, responses={204: None})
    @no_cache_flush
    def delete(self, request: Request, draft_id: int) -> Response:
        """Give one's own lock back. Doing it twice changes nothing."""
        draft = self.get_resource(pk=draft_id)
        self.expected_version(draft)
        release_lock(draft, by=self.staff_user)
        return Response(status=204)


class PresenceOfDraft(DraftResourceView):
    """GET, PUT and DELETE: who has a draft open."""

    @extend_schema(responses=PresenceOut)
    def get(self, request: Request, draft_id: int) -> Response:
        """Who has the story open, and who holds its lock."""
        return self.respond_with_presence(self.get_resource(pk=draft_id))

    @extend_schema(request=HeartbeatIn, responses=PresenceOut)
    @no_cache_flush
    def put(self, request: Request, draft_id: int) -> Response:
        """A heartbeat: one has the story open. Without one for 50 seconds, one has not."""
        draft = self.get_resource(pk=draft_id)
        data = HeartbeatIn.validate_request(request)
        record_presence(draft, by=self.staff_user, **data)
        draft.refresh_from_db(fields=["locked_by", "locked_at", "lock_active_at"])
        return self.respond_with_presence(draft)

    @extend_schema(request=None, responses={204: None})
    @no_cache_flush
    def delete(self, request: Request, draft_id: int) -> Response:
        """One has closed the story: one's presence ends, and one's lock."""
        end_presence(self.get_resource(pk=draft_id), by=self.staff_user)
        return Response(status=204)

    def respond_with_presence(self, draft: Draft) -> Response:
        now = timezone.now()
        rows = DraftPresence.objects.filter(draft=draft).current(now).select_related("person")
        lock = draft if draft.is_locked(now) else None
        data = {"people": rows, "lock": lock, "version": draft.version, "stage": draft.stage}
        return Response(PresenceOut(data, context={"user": self.staff_user}).data)
