"""Readers look at polls and vote."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication.api import READERS
from newsroom.api.throttling import WriteThrottle
from newsroom.api.views import Personal, PublicRead
from outbox.cache_targets import poll_key
from polls.actions import cast, choices_of, public_poll, retract
from polls.api.serializers import PollOut, VotedOut, VoteIn
from polls.models import Poll
from polls.representation import as_read, sides_of
from polls.voter_cookie import new_browser, refuse_foreign, remember, voter_at
from polls.voter_key import Voter


class PollDetail(PublicRead):
    @extend_schema(responses=PollOut)
    def get(self, request: Request, pk: int) -> Response:
        """A poll of an article that readers see. Hidden results are null."""
        poll = public_poll(pk)
        self.shown = [poll_key(pk)]
        return Response(PollOut(as_read(poll, sides_of([pk])[pk], now=timezone.now())).data)


class PollVote(Personal):
    authentication_classes = READERS
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
        refuse_foreign(request)
        side = VoteIn.read(request)["side"]
        known = voter_at(request)
        voter = Voter(account=known.account, browser=known.browser or new_browser())
        poll = cast(pk, side=side, voter=voter)
        answer = Response(VotedOut(as_voted(poll, voter)).data)
        if voter.browser != known.browser:
            remember(answer, voter.browser)
        return answer

    @extend_schema(request=None, responses={200: VotedOut})
    def delete(self, request: Request, pk: int) -> Response:
        """Take one's vote back while the poll is open."""
        refuse_foreign(request)
        voter = voter_at(request)
        poll = retract(pk, voter=voter)
        return Response(VotedOut(as_voted(poll, voter)).data)


def as_voted(poll: Poll, voter: Voter) -> dict[str, Any]:
    """The poll as this voter may see it, and the side taken in `my_vote`."""
    mine = choices_of([poll], voter=voter).get(poll.pk)
    sides = sides_of([poll.pk])[poll.pk]
    return as_read(poll, sides, now=timezone.now(), told=mine is not None) | {"my_vote": mine}
