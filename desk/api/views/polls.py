"""Endpoints of polls for the newsroom: votes by hour; count held votes, take votes out, undo that."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication.api import IsStaff
from desk.api.base import ActionView, DeskView, if_match_parameter, version_in_if_match
from desk.api.serializers.polls import ReleaseVotesIn, TimelineOut, VoidVotesIn
from desk.api.serializers.stories import NothingIn
from desk.etags import entity_tag
from polls.actions import VoteClass, decide_votes, undo_last_decision
from polls.errors import DecidedMeanwhile
from polls.models import Poll, Vote
from polls.timeline import read_timeline

POLL_IF_MATCH = if_match_parameter("the timeline as it was read")


class CanViewPolls(BasePermission):
    """Permission: the role of the user allows the admin's pages of polls."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user.has_perm("polls.view_poll"))


class PollResourceView(DeskView):
    """Base view of an endpoint whose ETag is that of a poll's timeline.

    Its version is that of the decisions on votes: a new vote makes no If-Match stale.
    """

    permission_classes = (IsStaff, CanViewPolls)

    def get_resource(self, **where: Any) -> Poll:
        poll: Poll = get_object_or_404(Poll, **where)
        return poll

    def expected_version(self, poll: Poll) -> int | None:
        """As `version_in_if_match`; raises DecidedMeanwhile."""
        return version_in_if_match(self.request, poll, kind="poll", changed=DecidedMeanwhile())

    def respond(self, number: int) -> Response:
        """The timeline as it is now, with its ETag."""
        poll = self.get_resource(pk=number)
        timeline = read_timeline(poll.pk)
        data = TimelineOut(
            {
                "id": poll.pk,
                "version": poll.version,
                "question": poll.question,
                "state": poll.state(timezone.now()).value,
                "totals": timeline.totals(),
                "shown": timeline.tally,
                "hours": timeline.shown_rows(),
            }
        ).data
        return Response(data, headers={"ETag": entity_tag("poll", poll.pk, poll.version, data)})


class PollTimeline(PollResourceView):
    """GET: votes by hour."""

    extra_responses: ClassVar = {"get": (304,)}

    @extend_schema(responses=TimelineOut)
    def get(self, request: Request, poll_id: int) -> Response:
        """Votes by hour, by the rule that held them and by state; nothing identifies a voter."""
        return self.respond(poll_id)


class VotesActionView(PollResourceView, ActionView):
    """Base view of a POST that decides on votes of a poll."""


@extend_schema(
    parameters=[POLL_IF_MATCH],
    request=VoidVotesIn,
    responses=TimelineOut,
    description="Take all votes of a state, and of a rule or a time, out of the count.",
)
class VoidVotes(VotesActionView):
    """POST void/: take votes out of the count."""

    input_class = VoidVotesIn

    def perform(self, poll: Poll, /, **params: Any) -> Response:
        decide_on_class(poll, to=Vote.State.VOID, **params)
        return self.respond(poll.pk)


@extend_schema(
    parameters=[POLL_IF_MATCH],
    request=ReleaseVotesIn,
    responses=TimelineOut,
    description="Count all held votes, or those of a rule or a time.",
)
class ReleaseVotes(VotesActionView):
    """POST release/: count held votes."""

    input_class = ReleaseVotesIn

    def perform(self, poll: Poll, /, **params: Any) -> Response:
        decide_on_class(poll, to=Vote.State.COUNTED, state=Vote.State.ON_HOLD, **params)
        return self.respond(poll.pk)


@extend_schema(
    parameters=[POLL_IF_MATCH],
    request=NothingIn,
    responses=TimelineOut,
    description="Undo the last decision on votes: they get their former state back.",
)
class UndoVotes(VotesActionView):
    """POST undo/: undo the last decision."""

    def perform(self, poll: Poll, /, **params: Any) -> Response:
        undo_last_decision(poll, **params)
        return self.respond(poll.pk)


def decide_on_class(
    poll: Poll, *, to: str, by: Any, version: int | None, reason: str, **votes: Any
) -> None:
    """Decide on the votes that a validated body describes."""
    decide_votes(poll, votes=VoteClass(**votes), to=to, reason=reason, by=by, version=version)
