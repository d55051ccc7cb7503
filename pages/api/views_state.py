"""Endpoint of the reader state of articles, the personal part of pages that are cached for everybody."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication.api import READER_AUTHENTICATION
from accounts.models import ignored_nicknames
from newsroom.api.views import PersonalView
from pages.api.serializers import StateOut, StateQuery
from pages.reader_state import reader_states
from polls.api.voter_cookie import new_voter_id, set_voter_cookie, voter_of_request

STATE_EXAMPLE = {
    "signed_in": True,
    "ignored": ["새벽산책"],
    "articles": {
        "로봇이-문을-열다": {
            "is_saved": True,
            "my_vote": "pro",
            "poll": None,
            "my_comments": [12],
            "my_reaction": {"9": "like"},
        }
    },
}


class ReaderStateView(PersonalView):
    """GET: the reader state of articles."""

    authentication_classes = READER_AUTHENTICATION

    @extend_schema(
        parameters=[StateQuery],
        responses=StateOut,
        examples=[OpenApiExample("로그인한 독자", value=STATE_EXAMPLE, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """How one stands to these articles; without an account only one's votes in this browser.

        Where an article has an open poll, a browser gets the cookie by which it is known when it votes.
        """
        slugs = StateQuery.validate_query(request)["articles"]
        voter = voter_of_request(request)
        articles = reader_states(slugs, voter=voter, now=timezone.now())
        ignored = ignored_nicknames(voter.account) if voter.account else []
        state = {
            "signed_in": voter.account is not None,
            "ignored": ignored,
            "articles": articles,
        }
        response = Response(StateOut(state).data)
        if not voter.browser and any(state["has_open_poll"] for state in articles.values()):
            set_voter_cookie(response, new_voter_id())
        return response
