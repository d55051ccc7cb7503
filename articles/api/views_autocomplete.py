"""Words for whoever has begun to type one."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from articles.search.autocomplete import suggested
from articles.search.prefix_keys import Beginning, beginning_of
from newsroom.api.views import NoParameters, PublicRead
from outbox.cache_targets import LIST_KEY, NEWEST_KEY

NOTHING = _("Type a letter, a syllable or a digit.")


class SuggestQuery(NoParameters):
    q = serializers.CharField(
        max_length=40,
        help_text="How the word begins: `인공`, half a syllable `인공ㅈ`, or first letters `ㅇㄱㅈㄴ`.",
    )

    def validate_q(self, q: str) -> Beginning:
        if (beginning := beginning_of(q)) is None:
            raise serializers.ValidationError(NOTHING)
        return beginning


class SuggestionsOut(serializers.Serializer[dict[str, list[str]]]):
    results = serializers.ListField(child=serializers.CharField(), max_length=10)


class Suggestions(PublicRead):
    query = SuggestQuery
    shown = (LIST_KEY, NEWEST_KEY)

    @extend_schema(parameters=[SuggestQuery], responses=SuggestionsOut)
    def get(self, request: Request) -> Response:
        """At most ten words of live stories that begin as typed: of headlines, tags and sections."""
        return Response({"results": suggested(self.params["q"])})
