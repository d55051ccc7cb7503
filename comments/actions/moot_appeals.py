"""Close appeals that leave nothing to decide: their sanction was lifted or replaced, or is over.

Found from the rows, as the notifications of ended sanctions are: sanctions end by time too, without a job.
May run twice, anywhere, at once.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.actions import lock_account
from audit.actions import record_audit
from comments.models import Appeal
from newsroom.errors import NotAllowed


def close_moot_appeals(now: datetime) -> int:
    """Close the open appeals against sanctions that are over, each in its own transaction; how many."""
    due = moot_appeals(now).order_by("pk").values_list("pk", "reader")
    return sum(close_if_moot(number, reader_id=reader, now=now) for number, reader in list(due))


def moot_appeals(now: datetime) -> QuerySet[Appeal]:
    """The open appeals against sanctions that were lifted or replaced, or have ended."""
    is_over = Q(sanction__lifted_at__isnull=False) | Q(sanction__until__lte=now)
    return Appeal.objects.open().filter(is_over)


@transaction.atomic
def close_if_moot(number: int, *, reader_id: int, now: datetime) -> bool:
    """Close an appeal as `moot` under the locks of a decision; False where one has come first."""
    try:
        reader = lock_account(reader_id)
    except NotAllowed:  # the account was closed meanwhile, which erases its appeals
        return False
    locked = Appeal.objects.select_for_update(no_key=True, of=["self"]).filter(pk=number)
    appeal = locked.filter(pk__in=moot_appeals(now)).first()
    if appeal is None:
        return False
    appeal.state, appeal.answered_at = Appeal.State.MOOT, timezone.now()
    appeal.save(update_fields=["state", "answered_at"])
    details = {"reference": appeal.pk, "decided_by": appeal.decided_by_id}
    record_audit(reader, verb="appeal_moot", by=None, **details)
    return True
