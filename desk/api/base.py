"""Base views of the desk API: authentication, permissions and If-Match (RFC 9110, 13.1.1)."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, cast

from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication.api import STAFF_AUTHENTICATION, IsStaff
from accounts.models import User
from comments.permissions import may_moderate_comments
from desk.api.serializers.drafts import DraftDetailOut, ReleaseOut
from desk.api.serializers.stories import NothingIn
from desk.errors import EditedElsewhere, EditedInAnotherWindow
from desk.etags import ANY_TAG, entity_tag, versions_in_if_match
from desk.models import Draft, Release
from desk.permissions import may_read
from desk.section_rights import visible_drafts, visible_releases
from desk.status import with_status
from newsroom.api.renderers import is_unstorable_text
from newsroom.api.views import (
    NoParameters,
    PersonalView,
    QuerySerializer,
    StrictSerializer,
    UnknownEntityTag,
    require_if_match,
)
from newsroom.errors import NotFound, Refused

READ_METHODS = ("GET", "HEAD", "OPTIONS")


def if_match_parameter(read: str) -> OpenApiParameter:
    """The OpenAPI parameter If-Match; `read` says whose ETag it takes."""
    return OpenApiParameter(
        "If-Match",
        OpenApiTypes.STR,
        OpenApiParameter.HEADER,
        required=True,
        description=f"The ETag of {read}, or `*`. Without: 428; stale: 412.",
    )


IF_MATCH = if_match_parameter("the draft as it was read")
BUNDLE_IF_MATCH = if_match_parameter("the bundle as it was read")
PHOTO_IF_MATCH = if_match_parameter("the photo as it was read")
RELEASE_IF_MATCH = if_match_parameter("the release or of its draft as read")


def version_in_if_match(
    request: Request, resource: Any, *, kind: str, changed: Refused
) -> int | None:
    """The version of this resource that If-Match lists, which the action checks again under its lock.

    None for `*`. Raises PreconditionRequired (428), UnknownEntityTag (412), and `changed` (412) where it
    is at another version.
    """
    if_match = require_if_match(request)
    if if_match == ANY_TAG:
        return None
    if resource.version not in known_versions(if_match, (kind, resource.pk)):
        raise changed
    return int(resource.version)


def known_versions(if_match: str, *resources: tuple[str, int]) -> set[int]:
    """The versions that If-Match lists of any of these resources, each a kind and a number.

    Raises UnknownEntityTag (412) where it lists none: that is no news about a change.
    """
    listed = [versions_in_if_match(if_match, kind=k, number=number) for k, number in resources]
    if not (versions := set().union(*listed)):
        raise UnknownEntityTag
    return versions


class CanReadDrafts(BasePermission):
    """Permission: the role of the user allows reading drafts (that of a moderator does not)."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return may_read(request.user)


class CanModerateComments(BasePermission):
    """Permission: the role of the user allows deciding on comments."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return may_moderate_comments(request.user)  # type: ignore[arg-type]  # signed in, says IsStaff


class DeskView(PersonalView):
    """Base view for staff: a token with the scope `desk` (`read` for safe methods), or a session.

    `query` is the serializer of the query parameters of GET; their validated values are in `params`.
    """

    authentication_classes = STAFF_AUTHENTICATION
    permission_classes: tuple[type[BasePermission], ...] = (IsStaff, CanReadDrafts)
    query: ClassVar[type[QuerySerializer]] = NoParameters
    params: dict[str, Any]

    @property
    def scopes(self) -> tuple[str, ...]:
        return ("desk", "read") if self.request.method in READ_METHODS else ("desk",)

    @property
    def staff_user(self) -> User:
        return cast("User", self.request.user)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        reads = request.method in READ_METHODS
        self.params = (self.query if reads else NoParameters).validate_query(request)
        if any(is_unstorable_text(str(value)) for value in kwargs.values()):
            raise NotFound


class DraftResourceView(DeskView):
    """Base view of an endpoint whose ETag is that of a draft.

    The answers 200, 201, 204 and 412 carry the current ETag.
    """

    draft_id: int | None = None

    def get_resource(self, **where: Any) -> Draft:
        """The draft of this request that the user may read, in the trash or not. Raises Http404."""
        draft: Draft = get_object_or_404(visible_drafts(self.staff_user), **where)
        self.draft_id = draft.pk
        return draft

    def expected_version(self, draft: Draft) -> int | None:
        """As `version_in_if_match`; raises EditedElsewhere, for the last editor EditedInAnotherWindow."""
        is_own = draft.changed_by_id == self.staff_user.pk
        changed = EditedInAnotherWindow() if is_own else EditedElsewhere()
        return version_in_if_match(self.request, draft, kind="draft", changed=changed)

    def respond(self, draft: Draft, *, status: int = 200) -> Response:
        """200 or 201 with the draft in full as it is now, its ETag, and what of its HTML was not stored."""
        self.draft_id = draft.pk
        data = draft_data(draft.pk, reader=self.staff_user)
        headers = {"ETag": draft_etag(data)}  # that of a GET, where `dropped` is empty
        return Response(data | {"dropped": list(draft.dropped)}, status=status, headers=headers)

    def respond_with_release(self, release: Release) -> Response:
        """200 with the release; the ETag is that of its draft."""
        row = releases_with_details(self.staff_user).get(pk=release.pk)
        return Response(ReleaseOut(row).data)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        has_etag = response.status_code in {200, 201, 204, 412}
        if self.draft_id and has_etag and "ETag" not in response:
            response["ETag"] = draft_etag(draft_data(self.draft_id, reader=self.staff_user))
        return response


class ActionView(DeskView, ABC):
    """Base view of POST endpoints that call one action: checks If-Match, validates the body, performs it.

    Combine it with a view that has `get_resource` and `expected_version`, named first.
    """

    input_class: ClassVar[type[StrictSerializer]] = NothingIn

    def post(self, request: Request, **url_kwargs: int) -> Response:
        [number] = url_kwargs.values()
        resource = self.get_resource(pk=number)
        version = self.expected_version(resource)
        data = self.input_class.validate_request(request)
        return self.perform(resource, by=self.staff_user, version=version, **data)

    @abstractmethod
    def get_resource(self, **where: Any) -> Any:
        """The row of this request. Raises Http404."""

    @abstractmethod
    def expected_version(self, resource: Any) -> int | None:
        """The version that If-Match lists; None for `*`."""

    @abstractmethod
    def perform(self, resource: Any, /, **params: Any) -> Response:
        """Call the action with `by`, `version` and the validated body, and answer."""


def draft_data(draft_id: int, *, reader: User) -> Any:
    """The representation of a draft, as GET answers it to this reader."""
    draft = with_status(Draft.objects.in_full()).get(pk=draft_id)
    return DraftDetailOut(draft, context={"reader": reader}).data


def releases_with_details(user: User) -> Any:
    """Releases that the user may read, with all columns that ReleaseOut reads. One query."""
    drafts = Draft.objects.filter(article=OuterRef("article"))
    rows = visible_releases(user, Release.objects.all()).select_related(
        "article", "edition", "planned_by", "approved_by"
    )
    text_columns = (
        "edition__body",
        "edition__body_html",
        "article__notice",
        "article__corrections",
    )
    return rows.defer(*text_columns).annotate(draft_id=Subquery(drafts.values("pk")[:1]))


def draft_etag(data: Any) -> str:
    """The ETag of a draft's representation."""
    return entity_tag("draft", data["id"], data["version"], data)
