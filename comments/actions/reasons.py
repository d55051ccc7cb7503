"""Reasons of decisions, with their messages to writers: written by those who lead moderation."""

from django.db import transaction

from accounts.models import User
from audit.actions import record_audit
from comments.models import DecisionReason
from comments.permissions import may_lead_moderation
from newsroom.errors import require

TEXT_FIELDS = ("label_ko", "label_en", "message_ko", "message_en")


@transaction.atomic
def save_reason(reason: DecisionReason, *, by: User) -> DecisionReason:
    """Add or change a reason. Decisions so far have the texts of then. Raises NotAllowed."""
    require(may_lead_moderation(by))
    former = DecisionReason.objects.select_for_update(no_key=True).filter(pk=reason.pk).first()
    fields = [*TEXT_FIELDS, "position", "is_offered"]
    if former is None:
        reason.save()
        changed = fields
    else:
        changed = [name for name in fields if getattr(former, name) != getattr(reason, name)]
        reason.save(update_fields=fields)
    record_audit(reason, verb="reason_changed", by=by, code=reason.code, fields=changed)
    return reason
