"""API view of autocomplete: suggested words for a typed prefix."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from articles.cache_targets import LIST_KEY, NEWEST_KEY
from articles.search.autocomplete import suggest_words
from articles.search.prefix_keys import TypedPrefix, parse_prefix
from newsroom.api.views import NoParameters, PublicReadView

EMPTY_PREFIX = _("Type a letter, a syllable or a digit.")


class SuggestQuery(NoParameters):
    q = serializers.CharField(
        max_length=40,
        help_text="How the word begins: `인공`, half a syllable `인공ㅈ`, or first letters `ㅇㄱㅈㄴ`.",
    )

    def validate_q(self, q: str) -> TypedPrefix:
        if (prefix := parse_prefix(q)) is None:
            raise serializers.ValidationError(EMPTY_PREFIX)
        return prefix


class SuggestionsOut(serializers.Serializer[dict[str, list[str]]]):
    results = serializers.ListField(child=serializers.CharField(), max_length=10)


class Suggestions(PublicReadView):
    query = SuggestQuery
    surrogate_keys = (LIST_KEY, NEWEST_KEY)

    @extend_schema(parameters=[SuggestQuery], responses=SuggestionsOut)
    def get(self, request: Request) -> Response:
        """At most ten words of live stories that begin as typed: of headlines, tags and sections."""
        return Response({"results": suggest_words(self.params["q"])})
