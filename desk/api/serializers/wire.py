"""Output serializers of agency copy on drafts and articles, and the input that ends a hold."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from desk.api.serializers.fields import SingleLineField
from newsroom.api.views import StrictBooleanField, StrictIntegerField, StrictSerializer
from wire.changes import ChangeKind
from wire.models import Story


class WireRightsOut(serializers.Serializer[Any]):
    """What the agency allows with the version used."""

    ai_use_prohibited = serializers.BooleanField(
        help_text="Then `ai_disclosure` of the kinds `generated` and `summary` is refused (409)."
    )
    resale_prohibited = serializers.BooleanField()
    usage_terms = serializers.CharField()
    expires_at = serializers.DateTimeField(
        allow_null=True, help_text="The story comes down then at the latest."
    )


class WireHoldOut(serializers.Serializer[Any]):
    """The hold that is open: nothing of the story goes out before a confirmation (`end-hold/`)."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=ChangeKind.choices)
    reason = serializers.CharField()
    at = serializers.DateTimeField()
    hidden = serializers.BooleanField(help_text="The article was taken down meanwhile.")


class WireOut(serializers.Serializer[Any]):
    """The agency story that a draft was begun from."""

    story = serializers.IntegerField()
    version_used = serializers.IntegerField(help_text="Number of the version it was begun from.")
    current_version = serializers.IntegerField(allow_null=True)
    status = serializers.ChoiceField(choices=Story.Status.choices)
    rights = WireRightsOut()
    hold = WireHoldOut(allow_null=True)


class WireMixin(serializers.Serializer[Any]):
    """The field `wire`, of rows of `Draft.objects.in_full()`."""

    wire = serializers.SerializerMethodField()

    @extend_schema_field(WireOut(allow_null=True))
    def get_wire(self, draft: Any) -> Any:
        """The agency story it was begun from, as it is now; null for a story of the desk's own."""
        return wire_data(draft)


def wire_data(draft: Any) -> Any:
    """The representation of the agency copy of a row of `in_full()`; None without."""
    if draft.wire_story is None:
        return None
    return WireOut(
        {
            "story": draft.wire_story,
            "version_used": draft.wire_used,
            "current_version": draft.wire_current,
            "status": draft.wire_status,
            "rights": {
                "ai_use_prohibited": draft.wire_ai_prohibited or draft.wire_source_ai_prohibited,
                "resale_prohibited": draft.wire_resale_prohibited,
                "usage_terms": draft.wire_usage_terms,
                "expires_at": draft.wire_expires_at,
            },
            "hold": hold_data(draft),
        }
    ).data


def hold_data(draft: Any) -> dict[str, Any] | None:
    """The open hold of a row of `in_full()`."""
    if draft.wire_hold_id is None:
        return None
    return {
        "id": draft.wire_hold_id,
        "kind": draft.wire_hold_kind,
        "reason": str(ChangeKind(draft.wire_hold_kind).label),
        "at": draft.wire_hold_at,
        "hidden": draft.wire_hold_hidden,
    }


class EndHoldIn(StrictSerializer):
    """Confirms that the story may go out although its agency changed its copy."""

    hold = StrictIntegerField(
        min_value=1, help_text="`wire.hold.id` as it was read; 412 where another took its place."
    )
    note = SingleLineField(
        max_length=300, required=False, allow_blank=True, help_text="For the audit log."
    )


class FromWireIn(StrictSerializer):
    """Begins a story from agency copy."""

    again = StrictBooleanField(
        required=False, help_text="Although a story was begun from it already."
    )


class ArticleOut(WireMixin):
    """An article as the desk knows it, with the agency copy behind it. Takes rows of `in_full()`."""

    slug = serializers.CharField(source="article.slug")
    draft = serializers.IntegerField(source="pk")
    state = serializers.CharField(help_text="As that of its draft.")
    edition = serializers.IntegerField(
        source="article.live.number",
        default=None,
        allow_null=True,
        help_text="What readers see; null for nothing.",
    )
    first_published_at = serializers.DateTimeField(
        source="article.first_published_at", allow_null=True
    )
    published_at = serializers.DateTimeField(source="article.published_at", allow_null=True)
    withdrawn_at = serializers.DateTimeField(source="article.withdrawn_at", allow_null=True)
    expires_at = serializers.DateTimeField(source="article.expires_at", allow_null=True)
