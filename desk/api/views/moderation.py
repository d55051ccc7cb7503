"""Endpoints of the moderators' queue: list, context, lease, decision, its undoing, many at once, pins."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication.api import IsStaff
from comments.actions import (
    BulkDecision,
    BulkOutcome,
    decide_comment,
    decide_many,
    decide_with_branch,
    lease_item,
    pin_comment,
    release_item,
    take_over_lease,
    undo_decision,
    unpin_comment,
)
from comments.models import Comment
from comments.moderation_context import (
    attach_report_reasons,
    comments_to_moderate,
    moderation_context,
    queue_items,
)
from desk.api.base import (
    CanModerateComments,
    DeskView,
    if_match_parameter,
    known_versions,
)
from desk.api.serializers.moderation import (
    BulkDecisionsOut,
    DecidedOut,
    LeaseOut,
    ModeratedCommentOut,
    ModerationContextOut,
    QueueItemOut,
    QueueQuery,
)
from desk.api.serializers.moderation_requests import (
    BulkDecisionIn,
    DecisionIn,
    LeaseIn,
    choice_of,
)
from desk.etags import ANY_TAG, comment_etag
from newsroom.api.pagination import KeysetPagination
from newsroom.api.views import QuerySerializer, require_if_match
from newsroom.db.expressions import database_now
from newsroom.http.response_cache import no_cache_flush

COMMENT_IF_MATCH = if_match_parameter("the comment as it was read (`etag`)")


class ModerationView(DeskView):
    """Base view of the queue: for moderators, who need not read drafts."""

    permission_classes: tuple[type[BasePermission], ...] = (IsStaff, CanModerateComments)

    def serializer_context(self) -> dict[str, Any]:
        return {"user": self.staff_user, "now": database_now()}

    def expected_version(self, comment: Comment) -> int | None:
        """The version that If-Match lists; None for `*`. The action compares it under its lock.

        So that a colleague's decision is named as such (409), and an edit shows the new text (412).
        Raises PreconditionRequired (428), UnknownEntityTag (412).
        """
        if_match = require_if_match(self.request)
        if if_match == ANY_TAG:
            return None
        return max(known_versions(if_match, ("comment", comment.pk)))


def respond_with_comment(comment: Comment) -> Response:
    """200 with the comment as it is now, and its ETag."""
    row = comments_to_moderate().get(pk=comment.pk)
    return Response(ModeratedCommentOut(row).data, headers={"ETag": comment_etag(row)})


class MostUrgentFirst(KeysetPagination):
    """Keyset pagination by urgency, along its index."""

    order = ("-urgency", "comment_id")


class ModerationQueue(ModerationView):
    """GET: what waits for a decision."""

    query: ClassVar[type[QuerySerializer]] = QueueQuery
    pagination_class = MostUrgentFirst

    @extend_schema(parameters=[QueueQuery], responses=QueueItemOut(many=True))
    def get(self, request: Request) -> Response:
        """Held, reported and flagged comments, the most urgent first."""
        rows: Any = queue_items()
        if kind := self.params.get("kind"):
            rows = rows.filter(**{f"is_{kind}": True})
        paginator = self.pagination_class()
        page = paginator.paginate_queryset(rows, request, view=self)
        attach_report_reasons(page, reader=self.staff_user)
        context = self.serializer_context()
        data = [QueueItemOut(item, context=context).data for item in page]
        return paginator.get_paginated_response(data)


class ModerationDetail(ModerationView):
    """GET: what a moderator reads to decide on one comment."""

    @extend_schema(responses=ModerationContextOut)
    def get(self, request: Request, comment_id: int) -> Response:
        """A comment with its thread, its writer's record, reports, former texts and decisions."""
        comment = get_object_or_404(comments_to_moderate(), pk=comment_id)
        context = self.serializer_context()
        shown = moderation_context(comment, reader=self.staff_user)
        data = ModerationContextOut(shown, context=context).data
        return Response(data, headers={"ETag": comment_etag(comment)})


class ModerationLease(ModerationView):
    """POST and DELETE: the lease of an item."""

    extra_responses: ClassVar = {"post": (423,)}

    @extend_schema(request=LeaseIn, responses=LeaseOut)
    @no_cache_flush
    def post(self, request: Request, comment_id: int) -> Response:
        """Decide on a comment oneself: colleagues see it and are refused until the lease ends.

        Again renews it. It ends by itself, with the decision, and when one signs out.
        """
        data = LeaseIn.validate_request(request)
        comment = get_object_or_404(Comment, pk=comment_id)
        take = take_over_lease if data["take_over"] else lease_item
        item = take(comment, by=self.staff_user)
        return Response(LeaseOut(item, context=self.serializer_context()).data)

    @extend_schema(request=None, responses={204: None})
    @no_cache_flush
    def delete(self, request: Request, comment_id: int) -> Response:
        """Give one's own lease back. Doing it twice changes nothing."""
        release_item(get_object_or_404(Comment, pk=comment_id), by=self.staff_user)
        return Response(status=204)


class CommentDecision(ModerationView):
    """POST and DELETE: the decision on a comment."""

    @extend_schema(parameters=[COMMENT_IF_MATCH], request=DecisionIn, responses=DecidedOut)
    def post(self, request: Request, comment_id: int) -> Response:
        """Decide on a comment, and with `branch` on its replies.

        It takes effect at once. 409 `already_decided` names a colleague's decision; 412 has the new text of
        a comment that was edited; 423 says who is deciding on it. Replies that time did not suffice for
        are `not_reached`: sent again, it goes on with them.
        """
        comment = get_object_or_404(Comment, pk=comment_id)
        version = self.expected_version(comment)
        data = DecisionIn.validate_request(request)
        choice = choice_of(data)
        by, branch = self.staff_user, list[BulkDecision]()
        if data["branch"]:
            decision, branch = decide_with_branch(comment, choice=choice, by=by, version=version)
        else:
            decision = decide_comment(comment, choice=choice, by=by, version=version)
        decided = comments_to_moderate().get(pk=comment.pk)
        body = {"comment": decided, "decision": decision, "branch": branch}
        return Response(DecidedOut(body).data, headers={"ETag": comment_etag(decided)})

    @extend_schema(
        parameters=[COMMENT_IF_MATCH], request=None, responses={200: ModeratedCommentOut}
    )
    def delete(self, request: Request, comment_id: int) -> Response:
        """Undo one's own decision within ten seconds: all is as it was before.

        State, count and reports go back, and the comment to its place in the queue; the audit log has both.
        """
        comment = get_object_or_404(Comment, pk=comment_id)
        version = self.expected_version(comment)
        undone = undo_decision(comment, by=self.staff_user, version=version)
        return respond_with_comment(undone)


class CommentPin(ModerationView):
    """PUT and DELETE: the pin of a comment."""

    @extend_schema(parameters=[COMMENT_IF_MATCH], request=None, responses=ModeratedCommentOut)
    def put(self, request: Request, comment_id: int) -> Response:
        """Pin a visible comment that answers the article. Doing it twice changes nothing.

        Readers see it before the others, until they no longer see it at all; one that reports have
        hidden is pinned again when a moderator shows it. 409 `too_many_pins` under an article that has
        as many as it may have, `not_pinnable` for a reply or what readers do not see.
        """
        comment = get_object_or_404(Comment, pk=comment_id)
        version = self.expected_version(comment)
        return respond_with_comment(pin_comment(comment, by=self.staff_user, version=version))

    @extend_schema(
        parameters=[COMMENT_IF_MATCH], request=None, responses={200: ModeratedCommentOut}
    )
    def delete(self, request: Request, comment_id: int) -> Response:
        """Unpin a comment. Doing it twice changes nothing."""
        comment = get_object_or_404(Comment, pk=comment_id)
        version = self.expected_version(comment)
        return respond_with_comment(unpin_comment(comment, by=self.staff_user, version=version))


class BulkDecisions(ModerationView):
    """POST: one decision for many comments. Versions stand in the body, in place of If-Match."""

    @extend_schema(request=BulkDecisionIn, responses=BulkDecisionsOut)
    def post(self, request: Request) -> Response:
        """Decide alike on up to 1,000 comments, each by itself, with a result for each.

        What a colleague is deciding on, or has decided, is refused and named. What time does not suffice
        for is `not_reached`: send it again.
        """
        data = BulkDecisionIn.validate_request(request)
        versions = {item["id"]: item["version"] for item in data["items"]}
        results = decide_many(versions, choice=choice_of(data), by=self.staff_user)
        outcomes = [result.outcome for result in results]
        counts = {each.value: outcomes.count(each) for each in BulkOutcome}
        return Response(BulkDecisionsOut(counts | {"results": results}).data)
