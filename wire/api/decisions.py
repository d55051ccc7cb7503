"""Desk API of the wire: which story a text belongs to, cancelling by hand, undoing, word diff."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, cast

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication.api import STAFF_AUTHENTICATION, IsStaff
from accounts.models import User
from newsroom.api.views import (
    NoParameters,
    PersonalView,
    QuerySerializer,
    StrictSerializer,
    UnknownEntityTag,
    require_if_match,
)
from newsroom.errors import InvalidInput
from wire.actions import cancel_story, join_story, mark_as_different, split_story, undo_decision
from wire.api.decision_serializers import (
    BelongsToIn,
    CancelIn,
    SplitIn,
    StoryDetailOut,
    WireDiffOut,
    WireDiffQuery,
)
from wire.diff import diff_versions
from wire.errors import StoryChanged, StoryJoined
from wire.etags import ANY_TAG, states_in_if_match, story_tag
from wire.models import Story, Version

SPLIT_BY_ONE = _("Send either `versions` or `other`.")
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the wire story as it was read, or `*`. Without: 428; stale: 412.",
)


class MayReadWire(BasePermission):
    """Permission to read agency copy, by role; moderators do not have it."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return cast("User", request.user).has_perm("wire.view_story")


class NothingIn(StrictSerializer):
    """For verbs that need no words."""


def story_response(story_id: int) -> Response:
    """200 with a story in full and its ETag. Raises Http404, StoryJoined."""
    stories = Story.objects.with_current_version().with_versions()
    story = get_object_or_404(stories, pk=story_id)
    if story.current is None:
        raise StoryJoined.into(story.merged_into_id) if story.merged_into_id else Http404
    tag = story_tag(story, language=get_language() or "en")
    return Response(StoryDetailOut(story).data, headers={"ETag": tag})


class InboxStory(PersonalView):
    authentication_classes = STAFF_AUTHENTICATION
    permission_classes = (IsStaff, MayReadWire)
    extra_responses: ClassVar = {"get": (410,)}

    @extend_schema(responses=StoryDetailOut)
    def get(self, request: Request, story_id: int) -> Response:
        """One story with all its versions, and the open questions about it."""
        NoParameters.validate_query(request)
        return story_response(story_id)


class StoryDecisionView(PersonalView, ABC):
    """Base view of POST endpoints of a story: checks If-Match, validates the body, decides, answers with
    the story that the user looks at next.
    """

    authentication_classes = STAFF_AUTHENTICATION
    permission_classes = (IsStaff, MayReadWire)
    scopes: ClassVar[tuple[str, ...]] = ("desk",)
    extra_responses: ClassVar = {"post": (409, 410, 422)}
    input_class: ClassVar[type[StrictSerializer]] = NothingIn

    def post(self, request: Request, story_id: int) -> Response:
        NoParameters.validate_query(request)
        story = get_object_or_404(Story, pk=story_id)
        if story.merged_into_id is not None:
            raise StoryJoined.into(story.merged_into_id)
        state = self.expected_state(request, story)
        data = self.input_class.validate_request(request)
        decided = self.decide(story, by=cast("User", request.user), state=state, **data)
        # Undoing a split leaves the story that it made as a pointer.
        return story_response(decided.merged_into_id or decided.pk)

    def expected_state(self, request: Request, story: Story) -> int | None:
        """The state that If-Match lists; None for `*`. Raises UnknownEntityTag, StoryChanged (412)."""
        if_match = require_if_match(request)
        if if_match == ANY_TAG:
            return None
        if not (states := states_in_if_match(if_match, story_id=story.pk)):
            raise UnknownEntityTag
        if story.state_number not in states:
            raise StoryChanged
        return story.state_number

    @abstractmethod
    def decide(self, story: Story, /, **params: Any) -> Story:
        """Call the action; the story to answer with."""


class BelongsTo(StoryDecisionView):
    input_class = BelongsToIn

    @extend_schema(parameters=[IF_MATCH], request=BelongsToIn, responses=StoryDetailOut)
    def post(self, request: Request, story_id: int) -> Response:
        """The texts of this story belong to another: the answer is that one, and this one is gone (410)."""
        return super().post(request, story_id)

    def decide(self, story: Story, /, **params: Any) -> Story:
        return join_story(story, to=params.pop("story"), **params)


class Split(StoryDecisionView):
    input_class = SplitIn

    @extend_schema(parameters=[IF_MATCH], request=SplitIn, responses=StoryDetailOut)
    def post(self, request: Request, story_id: int) -> Response:
        """Some versions are another story (the answer is the new one), or this story is not `other`."""
        return super().post(request, story_id)

    def decide(self, story: Story, /, **params: Any) -> Story:
        given = {name: params.pop(name) for name in ("versions", "other") if name in params}
        if len(given) != 1:
            raise InvalidInput({"versions": SPLIT_BY_ONE})
        if "versions" in given:
            return split_story(story, versions=given["versions"], **params)
        return mark_as_different(story, other=given["other"], **params)


class Cancel(StoryDecisionView):
    input_class = CancelIn

    @extend_schema(parameters=[IF_MATCH], request=CancelIn, responses=StoryDetailOut)
    def post(self, request: Request, story_id: int) -> Response:
        """Cancel a story by hand, as its agency would."""
        return super().post(request, story_id)

    def decide(self, story: Story, /, **params: Any) -> Story:
        return cancel_story(story, **params)


class Undo(StoryDecisionView):
    @extend_schema(parameters=[IF_MATCH], request=NothingIn, responses=StoryDetailOut)
    def post(self, request: Request, story_id: int) -> Response:
        """Undo the last decision about the story: everything is as it was before it."""
        return super().post(request, story_id)

    def decide(self, story: Story, /, **params: Any) -> Story:
        return undo_decision(story, **params)


class Diff(PersonalView):
    authentication_classes = STAFF_AUTHENTICATION
    permission_classes = (IsStaff, MayReadWire)
    query: ClassVar[type[QuerySerializer]] = WireDiffQuery

    @extend_schema(parameters=[WireDiffQuery], responses=WireDiffOut)
    def get(self, request: Request, story_id: int) -> Response:
        """What changed between two versions of the agency, word by word."""
        params = WireDiffQuery.validate_query(request)
        story = get_object_or_404(Story.objects.with_current_version(), pk=story_id)
        before = get_object_or_404(Version, story=story, number=params["from"])
        after = story.current
        if "to" in params or after is None:
            after = get_object_or_404(Version, story=story, number=params.get("to", 0))
        return Response(
            {
                "before": before.number,
                "after": after.number,
                "fields": [
                    {"field": name, "rows": [row_data(row) for row in rows]}
                    for name, rows in diff_versions(before, after)
                ],
            }
        )


def row_data(row: Any) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "block": row.after_kind or row.before_kind,
        "before": [{"op": segment.op, "text": segment.text} for segment in row.before],
        "after": [{"op": segment.op, "text": segment.text} for segment in row.after],
    }
