"""Serializers of the links of a draft's body: what readers could not follow, and links to other sites."""

from typing import Any

from rest_framework import serializers

from desk.links import LinkFault
from desk.models.link_checks import LinkState


class LinkProblemOut(serializers.Serializer[Any]):
    """A link of the body that readers could not follow, or could follow more safely; a warning only."""

    url = serializers.CharField(help_text="The address as it is written.")
    text = serializers.CharField(help_text="The words that are linked, at most 80 characters.")
    fault = serializers.ChoiceField(choices=LinkFault.choices)
    sentence = serializers.CharField(help_text="The same for people.")


class ExternalLinkOut(serializers.Serializer[Any]):
    """A link of the body to another site, with what the last check of it found."""

    url = serializers.CharField(help_text="The address as it is written.")
    text = serializers.CharField(help_text="The words that are linked, at most 80 characters.")
    state = serializers.ChoiceField(choices=LinkState.choices)
    status = serializers.IntegerField(allow_null=True, help_text="The last HTTP status.")
    checked_at = serializers.DateTimeField(allow_null=True)
    sentence = serializers.CharField(help_text="The same for people.")
