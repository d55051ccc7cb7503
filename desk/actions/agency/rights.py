"""Rights of agency copy, which bind the draft begun from it: use with AI, and until when it may be used."""

from datetime import datetime

from desk.errors.wire import AIUseProhibited, CopyExpired, CopyExpiresSooner, HeldByWire
from desk.models import Draft, WireHold
from newsroom.db.expressions import database_now
from wire.changes import ChangeKind
from wire.models import Version

# Disclosures of text that was made by AI from the agency's.
MADE_BY_AI = (Draft.AIUse.GENERATED, Draft.AIUse.SUMMARY)


def require_ai_permitted(draft: Draft) -> None:
    """Raise AIUseProhibited for a disclosure of text by AI where the version used, or its source, prohibits
    that. One query for such a disclosure on a draft from the wire, else none."""
    if draft.ai_kind in MADE_BY_AI and is_ai_use_prohibited(draft):
        raise AIUseProhibited


def is_ai_use_prohibited(draft: Draft) -> bool:
    """Whether the version used, or its source, prohibits AI. No query for a draft without one."""
    if draft.wire_version_id is None:
        return False
    used = Version.objects.filter(pk=draft.wire_version_id)
    flags = used.values_list("ai_use_prohibited", "story__source__ai_use_prohibited")
    return any(any(row) for row in flags)


def copy_expiry(draft: Draft) -> datetime | None:
    """Until when the version used may be used; None without a limit."""
    if draft.wire_version_id is None:
        return None
    used = Version.objects.filter(pk=draft.wire_version_id)
    return used.values_list("expires_at", flat=True).first()


def require_expiry_within_copy(draft: Draft) -> None:
    """Raise CopyExpiresSooner where the draft would come down later than its agency copy may be used."""
    limit = copy_expiry(draft)
    if limit and (draft.expires_at is None or draft.expires_at > limit):
        raise CopyExpiresSooner(limit)


def require_copy_usable(draft: Draft) -> None:
    """Raise CopyExpired where the agency copy of the draft may not be used any more."""
    limit = copy_expiry(draft)
    if limit and limit <= database_now():
        raise CopyExpired(limit)


def require_no_hold(article_id: int) -> None:
    """Raise HeldByWire where the draft of a locked article waits for the confirmation of a person."""
    hold = WireHold.objects.open().filter(draft__article=article_id).first()
    if hold is not None:
        raise HeldByWire(hold.pk, ChangeKind(hold.kind))
