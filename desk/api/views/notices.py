"""Endpoints of notices (notifications to staff): each user reads only their own."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication.api import IsStaff
from desk.api.base import DeskView
from desk.api.serializers.notices import PersonalNoticeOut
from desk.api.serializers.stories import NothingIn
from desk.models import Notice
from desk.notifications import mark_notice_seen
from desk.permissions import forbidden_notice_kinds
from desk.section_rights import visible_notices
from newsroom.api.pagination import KeysetPagination
from newsroom.api.views import QuerySerializer, paginated_response


class NoticeQuery(QuerySerializer):
    unseen = serializers.BooleanField(
        required=False, help_text="Those that still hold and were not seen."
    )


class NewestFirst(KeysetPagination):
    """Keyset pagination, the newest notice first."""

    order = ("-pk",)


class OwnNoticesView(DeskView):
    """Base view of the user's own notices, open to all staff whatever their role."""

    permission_classes = (IsStaff,)  # without CanReadDrafts

    def own_notices(self) -> Any:
        """The user's notices about things that they may still read."""
        user = self.staff_user
        own = Notice.objects.of(user.pk).excluding_kinds(forbidden_notice_kinds(user))
        return visible_notices(user, own)


class NoticeList(OwnNoticesView):
    """GET: the user's notices."""

    query: ClassVar[type[QuerySerializer]] = NoticeQuery
    pagination_class = NewestFirst

    @extend_schema(parameters=[NoticeQuery], responses=PersonalNoticeOut(many=True))
    def get(self, request: Request) -> Response:
        """The user's notices, newest first."""
        rows: Any = self.own_notices()
        if self.params.get("unseen"):
            rows = rows.unseen()
        return paginated_response(self, rows, PersonalNoticeOut)


class NoticeSeen(OwnNoticesView):
    """POST: mark a notice as seen."""

    @extend_schema(request=NothingIn, responses=PersonalNoticeOut)
    def post(self, request: Request, notice_id: int) -> Response:
        """Mark one's own notice as seen. Doing it twice changes nothing."""
        notice = get_object_or_404(self.own_notices(), pk=notice_id)
        NothingIn.validate_request(request)
        return Response(PersonalNoticeOut(mark_notice_seen(notice, by=self.staff_user)).data)
