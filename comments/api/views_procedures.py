"""API views of one's own sanctions and appeals, and of requests to block a comment (임시조치)."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication.api import READER_AUTHENTICATION, IsSignedIn, signed_in_user
from accounts.models import Sanction
from comments.actions.appeals import appeal_against_hiding, appeal_against_sanction
from comments.actions.blocking import object_to_block, request_block
from comments.api.serializers_procedures import (
    AppealIn,
    AppealOut,
    BlockRequestIn,
    BlockRequestOut,
    MyReportOut,
    MySanctionOut,
    ObjectionIn,
    ObjectionOut,
)
from comments.models import Appeal, Report
from newsroom.api.cross_site import refuse_cross_site
from newsroom.api.pagination import KeysetPagination
from newsroom.api.throttling import AcceptedWriteThrottle
from newsroom.api.views import (
    PersonalView,
    QuerySerializer,
    paginated_response,
)

BLOCK_REQUEST_EXAMPLE = {
    "name": "한빛",
    "email": "hanbit@example.com",
    "basis": "privacy",
    "statement": "제 전화번호가 적혀 있습니다.",
}


class NewestFirst(KeysetPagination):
    """Keyset pagination, the newest first."""

    order = ("-pk",)


class OwnProcedures(PersonalView):
    """Base view of one's own sanctions and appeals; open to suspended readers."""

    authentication_classes = READER_AUTHENTICATION
    permission_classes = [IsSignedIn]
    pagination_class = NewestFirst
    throttle_classes = [AcceptedWriteThrottle]
    throttle_scope = "appeal"


class MySanctions(OwnProcedures):
    @extend_schema(parameters=[QuerySerializer], responses=MySanctionOut(many=True))
    def get(self, request: Request) -> Response:
        """One's own sanctions, past ones too, the newest first, each with one's appeal."""
        self.params = QuerySerializer.validate_query(request)
        rows = Sanction.objects.filter(user=signed_in_user(request))
        paginator = NewestFirst()
        page = paginator.paginate_queryset(rows, request, view=self)
        appeals = Appeal.objects.filter(sanction__in=[row.pk for row in page])
        context = {"appeals": {appeal.sanction_id: appeal for appeal in appeals}}
        rows_out: Any = MySanctionOut(page, many=True, context=context)  # type: ignore[arg-type]
        return paginator.get_paginated_response(rows_out.data)


class MyAppeals(OwnProcedures):
    @extend_schema(parameters=[QuerySerializer], responses=AppealOut(many=True))
    def get(self, request: Request) -> Response:
        """One's own appeals, the newest first."""
        self.params = QuerySerializer.validate_query(request)
        rows = Appeal.objects.filter(reader=signed_in_user(request))
        return paginated_response(self, rows, AppealOut)


class MyReports(OwnProcedures):
    @extend_schema(parameters=[QuerySerializer], responses=MyReportOut(many=True))
    def get(self, request: Request) -> Response:
        """One's own reports of comments, the newest first, each with what a moderator found."""
        self.params = QuerySerializer.validate_query(request)
        rows = Report.objects.filter(reader=signed_in_user(request))
        return paginated_response(self, rows, MyReportOut)


class SanctionAppeal(OwnProcedures):
    extra_responses: ClassVar = {"post": (409,)}

    @extend_schema(
        request=AppealIn,
        responses={201: AppealOut},
        examples=[OpenApiExample("이의 제기", value={"text": "오해입니다."}, request_only=True)],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Appeal against one's own sanction, once, within 30 days."""
        data = AppealIn.validate_request(request)
        appeal = appeal_against_sanction(pk, by=signed_in_user(request), **data)
        return Response(represent_appeal(appeal), status=201)


class CommentAppeal(OwnProcedures):
    extra_responses: ClassVar = {"post": (409,)}

    @extend_schema(request=AppealIn, responses={201: AppealOut})
    def post(self, request: Request, pk: int) -> Response:
        """Appeal against the decision that hid one's own comment, once, within 30 days."""
        data = AppealIn.validate_request(request)
        appeal = appeal_against_hiding(pk, by=signed_in_user(request), **data)
        return Response(represent_appeal(appeal), status=201)


class BlockRequests(PersonalView):
    """POST: a request to block a comment; anybody, without an account."""

    authentication_classes = READER_AUTHENTICATION
    throttle_classes = [AcceptedWriteThrottle]
    throttle_scope = "block_request"

    @extend_schema(
        request=BlockRequestIn,
        responses={201: BlockRequestOut},
        examples=[OpenApiExample("사생활", value=BLOCK_REQUEST_EXAMPLE, request_only=True)],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Ask for a comment that violates one's rights to be blocked for up to 30 days."""
        refuse_cross_site(request)
        data = BlockRequestIn.validate_request(request)
        return Response(BlockRequestOut(request_block(pk, **data)).data, status=201)


class BlockObjection(OwnProcedures):
    extra_responses: ClassVar = {"post": (409,)}

    @extend_schema(request=ObjectionIn, responses={201: ObjectionOut})
    def post(self, request: Request, pk: int) -> Response:
        """Object to the block of one's own comment, once."""
        data = ObjectionIn.validate_request(request)
        blocked = object_to_block(pk, by=signed_in_user(request), **data)
        return Response(ObjectionOut(blocked).data, status=201)


def represent_appeal(appeal: Appeal) -> object:
    """An appeal as its reader sees it, read again from the database."""
    return AppealOut(Appeal.objects.get(pk=appeal.pk)).data
