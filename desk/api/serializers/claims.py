"""Serializers of claims under the Press Arbitration Act."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from articles.models import Article
from desk.api.serializers.fields import CleanTextField, LocalDateTimeField, SingleLineField
from desk.api.serializers.stories import unknown_names_message
from desk.models import Claim
from desk.permissions import may_view_claimants
from desk.section_rights import claimable_articles
from newsroom.api.views import (
    QuerySerializer,
    StrictBooleanField,
    StrictIntegerField,
    StrictSerializer,
)
from newsroom.text.normalization import canonical_slug

MAX_CLAIM_TEXT = 5000


class ClaimQuery(QuerySerializer):
    state = serializers.ChoiceField(
        choices=[*Claim.State.values, "running", "late"],
        required=False,
        help_text="`running` waits for an answer or for publication; `late` is past its day.",
    )
    kind = serializers.ChoiceField(choices=Claim.Kind.choices, required=False)


class ClaimantIn(StrictSerializer):
    """Who claims. Personal data: deleted some time after the claim is closed."""

    name = SingleLineField(max_length=80)
    address = SingleLineField(max_length=200, required=False, allow_blank=True)
    phone = SingleLineField(max_length=40, required=False, allow_blank=True)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)


class ClaimIn(StrictSerializer):
    """A claim as it came in. The days of its clocks follow from it."""

    article = SingleLineField(max_length=120, help_text="Address of the article.")
    kind = serializers.ChoiceField(choices=Claim.Kind.choices)
    received_at = LocalDateTimeField(help_text="When it arrived. Without an offset, Korean time.")
    known_on = serializers.DateField(
        help_text="The day on which the claimant learned of the report; for `follow_up`, of the acquittal."
    )
    reported_on = serializers.DateField(
        required=False, help_text="The day of the report; left out, of its first publication."
    )
    passage = CleanTextField(max_length=MAX_CLAIM_TEXT, help_text="What is complained of.")
    reason = CleanTextField(max_length=MAX_CLAIM_TEXT, required=False, allow_blank=True)
    wanted_text = CleanTextField(max_length=MAX_CLAIM_TEXT, required=False, allow_blank=True)
    wants_story_corrected = StrictBooleanField(required=False)
    claimant = ClaimantIn()

    def validate_article(self, slug: str) -> Article:
        found = Article.objects.filter(slug=canonical_slug(slug))
        article: Article | None = claimable_articles(self.context["user"], found).first()
        if article is None:
            raise ValidationError(unknown_names_message([slug]))
        return article


class ClaimChangeIn(ClaimIn):
    """What changes; what is left out stays as it is. A claim stays with its article."""

    article = None  # type: ignore[assignment]  # DRF's way to take an inherited field back


class AnswerIn(StrictSerializer):
    """The answer that was sent to the claimant."""

    decision = serializers.ChoiceField(choices=["accept", "refuse"])
    refusal_reason = serializers.ChoiceField(
        choices=Claim.RefusalReason.choices, required=False, help_text="Needed to refuse (§15 ④)."
    )
    note = CleanTextField(
        max_length=MAX_CLAIM_TEXT,
        required=False,
        allow_blank=True,
        help_text="Agreed content, size, number of times and place; or why it is refused.",
    )
    publish_by = serializers.DateField(
        required=False, help_text="The day that an arbitration has set; counts after one alone."
    )

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if data["decision"] == "refuse" and "refusal_reason" not in data:
            raise ValidationError(
                {"refusal_reason": [self.fields["refusal_reason"].error_messages["required"]]}
            )
        return data


class ClaimPublishIn(StrictSerializer):
    """A note, with which the story is published as it stands; or the edition that says it already."""

    note = CleanTextField(max_length=2000, required=False)
    draft_version = StrictIntegerField(
        min_value=1, required=False, help_text="The version of the draft that was read."
    )
    edition = StrictIntegerField(
        min_value=1, required=False, help_text="Number of a correction that is published."
    )

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if ("note" in data) == ("edition" in data):
            raise ValidationError({"note": [self.fields["note"].error_messages["required"]]})
        return data


class ClaimantOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    address = serializers.CharField()
    phone = serializers.CharField()
    email = serializers.CharField()


class ClaimOut(serializers.Serializer[Any]):
    """A claim with its clocks. The days are the last on which something is in time."""

    id = serializers.IntegerField()
    version = serializers.IntegerField()
    article = serializers.CharField(source="article.slug")
    kind = serializers.ChoiceField(choices=Claim.Kind.choices)
    state = serializers.ChoiceField(choices=Claim.State.choices)
    received_at = serializers.DateTimeField()
    reported_on = serializers.DateField()
    known_on = serializers.DateField()
    admissible_until = serializers.DateField()
    is_admissible = serializers.BooleanField(help_text="Whether it came within its period.")
    answer_by = serializers.DateField()
    publish_by = serializers.DateField()
    due_on = serializers.DateField(
        source="due_day", allow_null=True, help_text="Of the clock that runs; null where none does."
    )
    passage = serializers.CharField()
    reason = serializers.CharField()
    wanted_text = serializers.CharField()
    wants_story_corrected = serializers.BooleanField()
    refusal_reason = serializers.CharField(help_text="Why it was refused; empty otherwise.")
    answer_note = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)
    edition = serializers.IntegerField(
        source="edition.number", allow_null=True, default=None, help_text="What fulfils it."
    )
    settled_at = serializers.DateTimeField(allow_null=True)
    claimant = serializers.SerializerMethodField(
        help_text="null without the permission to see it, and once it was deleted."
    )

    @extend_schema_field(ClaimantOut(allow_null=True))
    def get_claimant(self, claim: Claim) -> Any:
        if not may_view_claimants(self.context["request"].user) or not hasattr(claim, "claimant"):
            return None
        return ClaimantOut(claim.claimant).data
