"""Serializers of sanctions as readers see them, appeals, and requests to block a comment."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Sanction, SanctionKind, SanctionReason
from comments.actions.appeals import MAX_APPEAL_CHARS
from comments.actions.blocking import MAX_STATEMENT_CHARS
from comments.api.serializers import MAX_REQUEST_TEXT_CHARS, MyCommentOut, ReportOut
from comments.models import Appeal, BlockRequest, Report
from comments.own_procedures import PROCEDURES
from newsroom.api.views import StrictCharField, StrictSerializer

MAX_NAME_CHARS = 80


class AppealIn(StrictSerializer):
    text = StrictCharField(
        max_length=MAX_REQUEST_TEXT_CHARS,
        help_text=f"Why the decision is wrong; at most {MAX_APPEAL_CHARS:,} characters (NFC).",
    )


class AppealOut(serializers.Serializer[Appeal]):
    """One's own appeal. Another moderator than the one who decided answers it."""

    id = serializers.IntegerField()
    comment = serializers.IntegerField(source="comment_id", allow_null=True)
    sanction = serializers.IntegerField(source="sanction_id", allow_null=True)
    text = serializers.CharField()
    state = serializers.ChoiceField(choices=Appeal.State.choices)
    answer = serializers.CharField()
    filed_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)


class OwnProcedureOut(MyCommentOut):
    """A comment on one's own list, with what one can do about its state (`attach_procedures`)."""

    procedure = serializers.ChoiceField(
        choices=PROCEDURES,
        allow_null=True,
        help_text="What one can begin: an appeal against the hiding, an objection to the block.",
    )
    appeal = AppealOut(allow_null=True, help_text="One's appeal against the decision in force.")


class MyReportOut(ReportOut):
    """One's own report and its outcome, without who decided and what became of the comment."""

    settled_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.ChoiceField(
        choices=Report.Outcome.choices,
        allow_null=True,
        help_text="What a moderator found. Null while nobody has decided, and where nothing was left to"
        " decide: the comment was deleted, or is blocked on request.",
    )

    def to_representation(self, instance: Report) -> Any:
        answer = super().to_representation(instance)
        return {**answer, "outcome": answer["outcome"] or None}


class MySanctionOut(serializers.Serializer[Sanction]):
    """One's own sanction, without who imposed it."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=SanctionKind.choices)
    reason_code = serializers.ChoiceField(choices=SanctionReason.choices)
    reason = serializers.CharField()
    starts_at = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True, help_text="Null for a warning.")
    lifted_at = serializers.DateTimeField(allow_null=True)
    in_force = serializers.SerializerMethodField()
    appeal = serializers.SerializerMethodField()

    def get_in_force(self, row: Sanction) -> bool:
        return row.is_in_force(timezone.now())

    @extend_schema_field(AppealOut(allow_null=True))
    def get_appeal(self, row: Sanction) -> Any:
        appeal = self.context["appeals"].get(row.pk)
        return AppealOut(appeal).data if appeal else None


class BlockRequestIn(StrictSerializer):
    """A request of the person concerned (정보통신망법 제44조의2). Only moderators see who made it."""

    name = StrictCharField(max_length=MAX_NAME_CHARS)
    email = serializers.EmailField(
        max_length=254, help_text="Where the decision and the end of the block are mailed to."
    )
    basis = serializers.ChoiceField(choices=BlockRequest.Basis.choices)
    statement = StrictCharField(
        max_length=MAX_REQUEST_TEXT_CHARS,
        help_text=f"Which rights are violated, and how; at most {MAX_STATEMENT_CHARS:,} characters.",
    )


class BlockRequestOut(serializers.Serializer[BlockRequest]):
    """The number under which the request stands, without what the requester wrote."""

    id = serializers.IntegerField()
    comment = serializers.IntegerField(source="comment_id")
    state = serializers.ChoiceField(choices=BlockRequest.State.choices)


class ObjectionIn(StrictSerializer):
    text = StrictCharField(
        max_length=MAX_REQUEST_TEXT_CHARS,
        help_text=f"Why the block is wrong; at most {MAX_STATEMENT_CHARS:,} characters.",
    )


class ObjectionOut(serializers.Serializer[BlockRequest]):
    """One's objection to the block of one's own comment."""

    comment = serializers.IntegerField(source="comment_id")
    blocked_until = serializers.DateTimeField()
    objection = serializers.CharField()
    objected_at = serializers.DateTimeField()
