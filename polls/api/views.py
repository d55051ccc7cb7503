"""API views of polls: read a poll, cast and retract a vote."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication.api import READER_AUTHENTICATION
from newsroom.api.throttling import WriteThrottle
from newsroom.api.views import PersonalView, PublicReadView
from polls.actions import cast_vote, get_public_poll, retract_vote, sides_voted_for
from polls.api.serializers import PollOut, VotedOut, VoteIn
from polls.api.voter_cookie import (
    new_voter_id,
    refuse_cross_site,
    set_voter_cookie,
    voter_of_request,
)
from polls.cache_targets import poll_key
from polls.models import Poll
from polls.representation import represent_poll, tallied_sides
from polls.voter_key import Voter


class PollDetail(PublicReadView):
    @extend_schema(responses=PollOut)
    def get(self, request: Request, pk: int) -> Response:
        """A poll of an article that readers see. Hidden results are null."""
        poll = get_public_poll(pk)
        self.surrogate_keys = [poll_key(pk)]
        sides = tallied_sides([pk])[pk]
        return Response(PollOut(represent_poll(poll, sides, now=timezone.now())).data)


class PollVote(PersonalView):
    authentication_classes = READER_AUTHENTICATION
    throttle_classes = [WriteThrottle]
    throttle_scope = "vote"

    @extend_schema(
        request=VoteIn,
        responses=VotedOut,
        examples=[OpenApiExample("찬성", value={"side": "pro"}, request_only=True)],
    )
    def put(self, request: Request, pk: int) -> Response:
        """Vote, or change one's vote; the same side again changes nothing.

        Without an account the browser gets a cookie that says nothing but "the same browser again".
        """
        refuse_cross_site(request)
        side = VoteIn.validate_request(request)["side"]
        known = voter_of_request(request)
        voter = Voter(account=known.account, browser=known.browser or new_voter_id())
        poll = cast_vote(pk, side=side, voter=voter)
        response = Response(VotedOut(represent_poll_for_voter(poll, voter)).data)
        if voter.browser != known.browser:
            set_voter_cookie(response, voter.browser)
        return response

    @extend_schema(request=None, responses={200: VotedOut})
    def delete(self, request: Request, pk: int) -> Response:
        """Take one's vote back while the poll is open."""
        refuse_cross_site(request)
        voter = voter_of_request(request)
        poll = retract_vote(pk, voter=voter)
        return Response(VotedOut(represent_poll_for_voter(poll, voter)).data)


def represent_poll_for_voter(poll: Poll, voter: Voter) -> dict[str, Any]:
    """The poll with the results that this voter may see, and the voter's side in `my_vote`."""
    my_vote = sides_voted_for([poll], voter=voter).get(poll.pk)
    sides = tallied_sides([poll.pk])[poll.pk]
    body = represent_poll(poll, sides, now=timezone.now(), has_voted=my_vote is not None)
    return body | {"my_vote": my_vote}
