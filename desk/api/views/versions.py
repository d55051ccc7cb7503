"""Endpoints of a draft's versions: list, read, compare, restore."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from desk.actions import restore_version
from desk.api.base import IF_MATCH, DeskView, DraftResourceView
from desk.api.serializers.versions import (
    DiffQuery,
    DraftVersionDetailOut,
    DraftVersionDiffOut,
    DraftVersionOut,
    RestoredOut,
    RestoreIn,
    field_diff_data,
    side_data,
)
from desk.models import DraftVersion
from desk.section_rights import visible_drafts
from desk.versions.comparison import compare
from desk.versions.lookup import side_of
from newsroom.api.pagination import KeysetPagination
from newsroom.api.views import QuerySerializer, paginated_response


class NewestVersionFirst(KeysetPagination):
    """Keyset pagination, the newest version first."""

    order = ("-number",)


def versions_in_list(draft_id: int) -> Any:
    """The versions of a draft with who saved them and their marks, without content."""
    rows = DraftVersion.objects.filter(draft=draft_id).without_content()
    return rows.select_related("saved_by").prefetch_related("marks__edition")


class VersionList(DeskView):
    """GET: the versions of a draft."""

    query: ClassVar[type[QuerySerializer]] = QuerySerializer
    pagination_class = NewestVersionFirst

    @extend_schema(parameters=[QuerySerializer], responses=DraftVersionOut(many=True))
    def get(self, request: Request, draft_id: int) -> Response:
        """Every save of the story, newest first. Autosaves are kept for 30 days, one a minute."""
        draft = get_object_or_404(visible_drafts(self.staff_user), pk=draft_id)
        return paginated_response(self, versions_in_list(draft.pk), DraftVersionOut)


class VersionDetail(DeskView):
    """GET: a version with its content."""

    @extend_schema(responses=DraftVersionDetailOut)
    def get(self, request: Request, draft_id: int, number: int) -> Response:
        """What the story held when it was saved so."""
        draft = get_object_or_404(visible_drafts(self.staff_user).only("pk"), pk=draft_id)
        rows = versions_in_list(draft.pk).defer(None)
        return Response(DraftVersionDetailOut(get_object_or_404(rows, number=number)).data)


class VersionDiff(DeskView):
    """GET: the word diff of a version and another, or what is live."""

    query: ClassVar[type[QuerySerializer]] = DiffQuery

    @extend_schema(parameters=[DiffQuery], responses=DraftVersionDiffOut)
    def get(self, request: Request, draft_id: int, number: int) -> Response:
        """What changed from this version to another, word by word."""
        drafts = visible_drafts(self.staff_user).select_related("article")
        draft = get_object_or_404(drafts, pk=draft_id)
        before = side_of(draft, str(number))
        after = side_of(draft, self.params.get("to", ""))
        differences = compare(before.content, after.content)
        return Response(
            {
                "before": side_data(before),
                "after": side_data(after),
                "fields": [field_diff_data(difference) for difference in differences],
            }
        )


class RestoreVersion(DraftResourceView):
    """POST: restore a version."""

    @extend_schema(parameters=[IF_MATCH], request=RestoreIn, responses=RestoredOut)
    def post(self, request: Request, draft_id: int, number: int) -> Response:
        """Give the story the content of this version again, as a new version. Nothing is published, and an
        approval is void."""
        draft = self.get_resource(pk=draft_id)
        version = self.expected_version(draft)
        fields = RestoreIn.validate_request(request).get("fields")
        restored = restore_version(
            draft, number=number, by=self.staff_user, version=version, fields=fields
        )
        response = self.respond(restored.draft)
        response.data["missing"] = restored.missing
        return response
