"""What is personal on a page that is the same for everybody."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication.api import READERS
from newsroom.api.views import Personal
from pages.api.serializers import StateOut, StateQuery
from pages.reader_state import standing
from polls.voter_cookie import voter_at

EXAMPLE = {
    "signed_in": True,
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


class State(Personal):
    authentication_classes = READERS

    @extend_schema(
        parameters=[StateQuery],
        responses=StateOut,
        examples=[OpenApiExample("로그인한 독자", value=EXAMPLE, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """How one stands to these articles; without an account only one's votes in this browser."""
        slugs = StateQuery.of(request)["articles"]
        voter = voter_at(request)
        state = {
            "signed_in": voter.account is not None,
            "articles": standing(slugs, voter=voter, now=timezone.now()),
        }
        return Response(StateOut(state).data)
