"""Output serializer of the list of drafts: each with who has it open."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from desk.api.serializers.collaboration import LockOut, PersonOut
from desk.api.serializers.drafts import DraftOut
from desk.models import Draft


class DraftRowOut(DraftOut):
    """A draft in a list, with who has it open. Takes rows of `with_presence` besides."""

    people = serializers.SerializerMethodField()
    lock = serializers.SerializerMethodField()

    @extend_schema_field(PersonOut(many=True))
    def get_people(self, draft: Any) -> list[dict[str, Any]]:
        """Who has the story open at the moment, as `desk/drafts/{id}/presence/` says."""
        return [
            {"id": row["person"], "name": row["name"] or row["nickname"]}
            for row in draft.presence_rows
        ]

    @extend_schema_field(LockOut(allow_null=True))
    def get_lock(self, draft: Draft) -> Any:
        """Who alone may change it."""
        context = {"user": self.context["view"].staff_user}
        return LockOut(draft, context=context).data if draft.is_locked(timezone.now()) else None
