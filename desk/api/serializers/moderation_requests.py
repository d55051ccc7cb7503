"""Serializers of what moderators send: query of the queue, leases, decisions on one comment and on many."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from comments.actions import Choice
from comments.actions.deciding import MAX_BULK_DECISIONS
from comments.models import Decision, Report
from desk.api.serializers.fields import SingleLineField
from newsroom.api.renderers import MAX_INTEGER
from newsroom.api.views import StrictBooleanField, StrictIntegerField, StrictSerializer


class LeaseIn(StrictSerializer):
    take_over = StrictBooleanField(
        default=False, help_text="From a colleague; leading moderators alone may."
    )


class ChoiceIn(StrictSerializer):
    """A decision. `show` and `keep` are one for what waits: readers read it, its reports are dismissed."""

    decision = serializers.ChoiceField(choices=Decision.Kind.choices)
    reason_code = SingleLineField(
        max_length=32,
        required=False,
        allow_blank=True,
        help_text="Of `hide` alone: its message. 422 with others.",
    )
    reason = SingleLineField(
        max_length=200,
        required=False,
        allow_blank=True,
        help_text="For moderators alone; stored with each decision.",
    )
    reports = serializers.ChoiceField(
        choices=Report.Outcome.choices,
        required=False,
        help_text="Of `hide` alone: whether those who reported were right. 422 for a reported one without.",
    )


class DecisionIn(ChoiceIn):
    branch = StrictBooleanField(default=False, help_text="Its replies alike; their results follow.")


class BulkDecisionItemIn(StrictSerializer):
    id = StrictIntegerField(min_value=1, max_value=MAX_INTEGER)
    version = StrictIntegerField(min_value=1, max_value=2**31 - 1)


class BulkDecisionIn(ChoiceIn):
    """One decision for many comments. Each is decided by itself; what is refused holds up no other."""

    items = serializers.ListField(
        child=BulkDecisionItemIn(), allow_empty=False, max_length=MAX_BULK_DECISIONS
    )

    def validate_items(self, items: list[dict[str, int]]) -> list[dict[str, int]]:
        if len({item["id"] for item in items}) < len(items):
            raise ValidationError(_("Given more than once."))
        return items


def choice_of(data: dict[str, Any]) -> Choice:
    """The decision that a validated ChoiceIn describes."""
    texts = {name: data.get(name, "") for name in ("reason_code", "reason", "reports")}
    return Choice(Decision.Kind(data["decision"]), **texts)
