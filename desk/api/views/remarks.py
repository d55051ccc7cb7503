"""Endpoints of remarks on a draft, for colleagues."""

from typing import Any, ClassVar

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from desk.actions import add_remark, change_remark, reopen_remark, resolve_remark
from desk.api.base import DeskView, known_versions
from desk.api.serializers.collaboration import RemarkChangeIn, RemarkIn, RemarkOut, RemarkQuery
from desk.errors import EditedElsewhere
from desk.etags import ANY_TAG, entity_tag
from desk.models import Draft, Remark
from desk.section_rights import visible_drafts
from newsroom.api.pagination import KeysetPagination
from newsroom.api.views import QuerySerializer, paginated_response, require_if_match
from newsroom.http.response_cache import no_cache_flush

REMARK_IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the remark as it was read, or `*`. Without: 428; stale: 412.",
)


class OldestFirst(KeysetPagination):
    """Keyset pagination, the oldest remark first."""

    order = ("pk",)


class RemarkList(DeskView):
    """GET and POST: the remarks on a draft."""

    query: ClassVar[type[QuerySerializer]] = RemarkQuery
    pagination_class = OldestFirst

    @extend_schema(parameters=[RemarkQuery], responses=RemarkOut(many=True))
    def get(self, request: Request, draft_id: int) -> Response:
        """What colleagues have said about the story, the oldest first."""
        rows = remarks_with_people().filter(draft=self.get_draft(draft_id))
        if (is_resolved := self.params.get("resolved")) is not None:
            rows = rows.filter(resolved_at__isnull=not is_resolved)
        return paginated_response(self, rows, RemarkOut)

    @extend_schema(request=RemarkIn, responses={201: RemarkOut})
    @no_cache_flush
    def post(self, request: Request, draft_id: int) -> Response:
        """Say something about a passage, or about the whole story."""
        draft = self.get_draft(draft_id)
        remark = add_remark(draft, by=self.staff_user, **RemarkIn.validate_request(request))
        return remark_response(remark.pk, status=201)

    def get_draft(self, draft_id: int) -> Draft:
        """The draft, where the user may read it. Raises Http404."""
        draft: Draft = get_object_or_404(visible_drafts(self.staff_user), pk=draft_id)
        return draft


class RemarkDetail(DeskView):
    """GET and PATCH: a remark."""

    extra_responses: ClassVar = {"get": (304,)}

    @extend_schema(responses=RemarkOut)
    def get(self, request: Request, remark_id: int) -> Response:
        """One remark."""
        return remark_response(self.get_remark(remark_id).pk)

    @extend_schema(parameters=[REMARK_IF_MATCH], request=RemarkChangeIn, responses=RemarkOut)
    @no_cache_flush
    def patch(self, request: Request, remark_id: int) -> Response:
        """Change one's own words, resolve a remark, or open it again."""
        remark = self.get_remark(remark_id)
        version = self.expected_version(remark)
        data = RemarkChangeIn.validate_request(request)
        if "text" in data:
            remark = change_remark(remark, by=self.staff_user, version=version, text=data["text"])
            version = remark.version
        if "resolved" in data:
            settle = resolve_remark if data["resolved"] else reopen_remark
            settle(remark, by=self.staff_user, version=version)
        return remark_response(remark.pk)

    def get_remark(self, remark_id: int) -> Remark:
        """The remark, on a draft that the user may read. Raises Http404."""
        drafts = visible_drafts(self.staff_user)
        remark: Remark = get_object_or_404(Remark, pk=remark_id, draft__in=drafts)
        return remark

    def expected_version(self, remark: Remark) -> int | None:
        """The version that If-Match lists; None for `*`.

        Raises PreconditionRequired, UnknownEntityTag, EditedElsewhere.
        """
        if_match = require_if_match(self.request)
        if if_match == ANY_TAG:
            return None
        if remark.version not in known_versions(if_match, ("remark", remark.pk)):
            raise EditedElsewhere
        return remark.version


def remarks_with_people() -> Any:
    """Remarks with everybody they name. Two queries."""
    people = Prefetch("mentions", User.objects.order_by("pk"), to_attr="mentioned")
    rows: Any = Remark.objects.select_related("author", "resolved_by")
    return rows.prefetch_related(people)


def remark_response(remark_id: int, *, status: int = 200) -> Response:
    """The remark as it is now, with its ETag."""
    remark = remarks_with_people().get(pk=remark_id)
    data = RemarkOut(remark).data
    etag = entity_tag("remark", remark.pk, remark.version, data)
    return Response(data, status=status, headers={"ETag": etag})
