"""API views of polls: read a poll, cast and retract a vote."""

import time
from dataclasses import replace
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication.api import READER_AUTHENTICATION
from newsroom.api.cross_site import refuse_cross_site
from newsroom.api.throttling import WriteThrottle
from newsroom.api.views import PersonalView, PublicReadView
from polls.actions import VoteCast, cast_vote, get_public_poll, retract_vote
from polls.actions.voting import get_known_poll, is_releasable, key_of
from polls.api.serializers import PollOut, VotedOut, VoteIn
from polls.api.voter_cookie import new_voter_id, set_voter_cookie, voter_of_request
from polls.cache_targets import poll_key
from polls.representation import represent_poll, tallied_sides, with_local_times
from polls.screening.ceilings import count_new_vote, may_release, uncount_vote
from polls.screening.challenges import is_passed, make_challenge
from polls.screening.origins import Origin
from polls.voter_key import Voter


class PollDetail(PublicReadView):
    @extend_schema(responses=PollOut)
    def get(self, request: Request, pk: int) -> Response:
        """A poll of an article that readers see. Hidden results are null."""
        poll = get_public_poll(pk)
        self.surrogate_keys = [poll_key(pk)]
        sides = tallied_sides([pk])[pk]
        return Response(with_local_times(represent_poll(poll, sides, now=timezone.now())))


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

        Without an account the browser is known by a cookie that says nothing but "the same browser again",
        which `me/state/` of an article with a poll gives. A vote may be held (`my_vote_state`): it is kept
        and not counted yet, and `challenge` says what counts it.
        """
        refuse_cross_site(request)
        data = VoteIn.validate_request(request)
        known = voter_of_request(request)
        voter = (
            known if known.browser else replace(known, browser=new_voter_id(), is_new_browser=True)
        )
        cast = cast_screened_vote(request, pk, voter=voter, **data)
        response = Response(represent_vote(cast, voter))
        if voter.is_new_browser:
            set_voter_cookie(response, voter.browser)
        return response

    @extend_schema(request=None, responses={200: VotedOut})
    def delete(self, request: Request, pk: int) -> Response:
        """Take one's vote back while the poll is open."""
        refuse_cross_site(request)
        voter = voter_of_request(request)
        return Response(represent_vote(retract_vote(pk, voter=voter), voter))


def cast_screened_vote(
    request: Request, pk: int, *, voter: Voter, side: str, proof: str = ""
) -> VoteCast:
    """Cast a vote, held where a rule says so (polls/screening/)."""
    poll = get_known_poll(pk)  # before anything is counted
    origin, now = Origin.of_request(request.META), time.time()
    is_known = voter.account is not None or not voter.is_new_browser
    hold = count_new_vote(pk, origin, is_known=is_known, now=now)
    uses_ceilings = is_proven = False
    try:
        is_proven = (
            bool(proof)
            and is_releasable(poll, voter=voter)
            and is_passed(proof, poll_id=pk, voter_key=voter.keys(key_of(poll))[0])
            and may_release(pk, origin, now=now)
        )
        cast = cast_vote(pk, side=side, voter=voter, hold=hold, is_proven=is_proven, poll=poll)
        # One released by a challenge has ceilings of its own (`may_release`).
        uses_ceilings = cast.is_new or (cast.is_released and not is_proven)
    finally:
        if not uses_ceilings:
            uncount_vote(pk, origin, now=now)
    return cast


def represent_vote(cast: VoteCast, voter: Voter) -> dict[str, Any]:
    """The poll with the results that this voter may see, and what became of the vote."""
    body = represent_poll(cast.poll, cast.sides, now=timezone.now(), has_voted=bool(cast.side))
    challenge = None
    if cast.is_challengeable:
        challenge = make_challenge(cast.poll.pk, voter.keys(key_of(cast.poll))[0])
    return with_local_times(body) | {
        "my_vote": cast.side or None,
        "my_vote_state": str(cast.state) or None,
        "challenge": challenge,
    }
