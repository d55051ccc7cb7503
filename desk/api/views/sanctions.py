"""Endpoints of sanctions: the history of a reader's, impose one, lift one."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import lift_sanction, sanction, sanction_version
from accounts.authentication.api import IsStaff
from accounts.errors import SanctionsChanged
from accounts.models import Sanction, User
from accounts.permissions import may_sanction
from desk.api.base import DeskView, if_match_parameter, known_versions
from desk.api.serializers.sanctions import SanctionIn, SanctionOut
from desk.etags import ANY_TAG, entity_tag
from newsroom.api.pagination import KeysetPagination
from newsroom.api.views import QuerySerializer, paginated_response, require_if_match

SANCTIONS_IF_MATCH = if_match_parameter("the sanctions of the reader as they were read")


class CanSanction(BasePermission):
    """Permission: the role of the user allows sanctioning readers."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return may_sanction(request.user)


class NewestSanctionFirst(KeysetPagination):
    """Keyset pagination, the newest sanction first."""

    order = ("-pk",)


class ReaderSanctionsView(DeskView):
    """Base view of an endpoint whose ETag is that of all sanctions of a reader."""

    permission_classes = (IsStaff, CanSanction)

    def expected_version(self, reader: User) -> int | None:
        """The version that If-Match lists, which the action checks again under its lock; None for `*`.

        Raises PreconditionRequired (428), UnknownEntityTag and SanctionsChanged (412).
        """
        if_match = require_if_match(self.request)
        if if_match == ANY_TAG:
            return None
        version = sanction_version(reader)
        if version not in known_versions(if_match, ("sanctions", reader.pk)):
            raise SanctionsChanged
        return version

    def respond(self, row: Sanction, *, status: int = 200) -> Response:
        """A sanction as it is now, with the ETag of all sanctions of its reader."""
        row = Sanction.objects.with_people().get(pk=row.pk)
        data = SanctionOut(row).data
        headers = {"ETag": sanctions_etag(row.user_id)}
        return Response(data, status=status, headers=headers)


class ReaderSanctions(ReaderSanctionsView):
    """GET and POST: the sanctions of a reader."""

    query: ClassVar[type[QuerySerializer]] = QuerySerializer
    extra_responses: ClassVar = {"get": (304,)}
    pagination_class = NewestSanctionFirst

    @extend_schema(parameters=[QuerySerializer], responses=SanctionOut(many=True))
    def get(self, request: Request, reader_id: int) -> Response:
        """All sanctions of a reader, past ones too, the newest first."""
        reader = get_object_or_404(User.objects.filter(is_active=True), pk=reader_id)
        # Read before the rows: the tag of older ones is refused, never taken for newer ones.
        etag = sanctions_etag(reader.pk, query=request.query_params.dict())
        rows = Sanction.objects.filter(user=reader).with_people()
        response = paginated_response(self, rows, SanctionOut)
        response["ETag"] = etag
        return response

    @extend_schema(
        parameters=[SANCTIONS_IF_MATCH], request=SanctionIn, responses={201: SanctionOut}
    )
    def post(self, request: Request, reader_id: int) -> Response:
        """Warn a reader, hold their comments, mute or suspend them until a time."""
        reader = get_object_or_404(User.objects.filter(is_active=True), pk=reader_id)
        version = self.expected_version(reader)
        data = SanctionIn.validate_request(request)
        imposed = sanction(reader, by=self.staff_user, version=version, **data)
        return self.respond(imposed, status=201)


class ReaderSanction(ReaderSanctionsView):
    """DELETE: lift a sanction."""

    @extend_schema(parameters=[SANCTIONS_IF_MATCH], responses={200: SanctionOut})
    def delete(self, request: Request, reader_id: int, sanction_id: int) -> Response:
        """Lift a sanction that is in force; it stays in the history."""
        rows = Sanction.objects.filter(user=reader_id, user__is_active=True)
        imposed = get_object_or_404(rows.select_related("user"), pk=sanction_id)
        version = self.expected_version(imposed.user)
        lift_sanction(imposed, by=self.staff_user, version=version)
        return self.respond(imposed)


def sanctions_etag(reader_id: int, *, query: Mapping[str, str] | None = None) -> str:
    """The ETag of the sanctions of a reader as they are now, listed with a query.

    It covers what changes without a new version: that one has ended, the names of people.
    """
    rows = Sanction.objects.filter(user=reader_id).with_people().order_by("-pk")
    data = {"sanctions": [SanctionOut(row).data for row in rows], "query": dict(query or {})}
    return entity_tag("sanctions", reader_id, sanction_version(User(pk=reader_id)), data)
