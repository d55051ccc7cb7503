"""What every address of the desk's API stands on: who may come in, and what If-Match asks for."""

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
from desk.api.serializers.drafts import DraftOut, ReleaseOut
from desk.errors import EditedElsewhere, EditedInAnotherWindow
from desk.etags import ANY_TAG, entity_tag, versions_in_if_match
from desk.models import Draft, Release
from desk.permissions import may_read
from desk.status import with_status
from newsroom.api.renderers import is_unstorable_text
from newsroom.api.views import NoParameters, PersonalView, QuerySerializer, require_if_match
from newsroom.errors import NotFound

READ_METHODS = ("GET", "HEAD", "OPTIONS")
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the draft as it was read, or `*`. Without: 428; stale: 412.",
)

BUNDLE_IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the bundle as it was read, or `*`. Without: 428; stale: 412.",
)
RELEASE_IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the release or of its draft as read, or `*`. Without: 428; stale: 412.",
)


class CanReadDrafts(BasePermission):
    """Somebody whose role lets them read drafts; moderators, for one, have no business here."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return may_read(request.user)


class DeskView(PersonalView):
    """An address for staff: a token with the scope `desk` (`read` for reading), or a session."""

    authentication_classes = STAFF_AUTHENTICATION
    permission_classes = (IsStaff, CanReadDrafts)
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
    """An address whose ETag is that of a draft, the refusal of a stale one included."""

    draft_id: int | None = None

    def get_resource(self, **where: Any) -> Draft:
        """The draft this request is about, in the trash or not."""
        draft = get_object_or_404(Draft, **where)
        self.draft_id = draft.pk
        return draft

    def expected_version(self, draft: Draft) -> int | None:
        """The version that If-Match names, to be checked again under the lock; None for `*`.

        Raises PreconditionRequired (428), EditedElsewhere (412).
        """
        given = require_if_match(self.request)
        if given == ANY_TAG:
            return None
        if draft.version not in versions_in_if_match(given, kind="draft", number=draft.pk):
            own = draft.changed_by_id == self.staff_user.pk
            raise EditedInAnotherWindow if own else EditedElsewhere
        return draft.version

    def respond(self, draft: Draft, *, status: int = 200) -> Response:
        """The draft in full, as it stands now."""
        self.draft_id = draft.pk
        words = draft_data(draft.pk)
        headers = {"ETag": draft_etag(words)}  # of what a reading tells, which drops nothing
        return Response(words | {"dropped": list(draft.dropped)}, status=status, headers=headers)

    def respond_with_release(self, release: Release) -> Response:
        """The release, with the tag of its draft."""
        return Response(ReleaseOut(releases_with_details().get(pk=release.pk)).data)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        changed = answer.status_code in {200, 201, 204, 412}
        if self.draft_id and changed and "ETag" not in answer:
            answer["ETag"] = draft_etag(draft_data(self.draft_id))
        return answer


def draft_data(draft_id: int) -> Any:
    return DraftOut(with_status(Draft.objects.in_full()).get(pk=draft_id)).data


def releases_with_details() -> Any:
    """Releases with all that is told of them. One query."""
    drafts = Draft.objects.filter(article=OuterRef("article"))
    rows = Release.objects.select_related("article", "edition", "planned_by", "approved_by")
    heavy = ("edition__body", "edition__body_html", "article__notice", "article__corrections")
    return rows.defer(*heavy).annotate(draft_id=Subquery(drafts.values("pk")[:1]))


def draft_etag(words: Any) -> str:
    return entity_tag("draft", words["id"], words["version"], words)
