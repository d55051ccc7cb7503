"""Edit lock of a draft: while one person holds it, every change and verb of others is refused (423).

The lock is three columns of the draft, so that its row lock decides between two who take it. It ends when
its holder gives it back, has been idle for `LOCK_IDLE_TIMEOUT`, or when somebody takes it over. Actions ask
for it in `desk.actions.locking.lock_draft`; the scheduler does not: what is planned is published.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import record_audit
from desk.actions.locking import (
    lock_draft,
    lock_draft_row,
    locked_by_another,
    require_version,
)
from desk.errors import Trashed
from desk.models import Draft, Notice
from desk.notifications.notify import create_notices
from desk.permissions import may_write
from desk.section_rights import may_write_draft
from newsroom.errors import require
from newsroom.text.dates import format_short_time

LOCK_FIELDS = ("locked_by", "locked_at", "lock_active_at")


@transaction.atomic
def take_lock(draft: Draft, *, by: User, version: int | None = None) -> Draft:
    """Take the lock, or keep one's own. Raises Locked, EditedElsewhere, Trashed."""
    require(may_write(by))
    draft = lock_draft(draft, by=by, may=may_write_draft, version=version)
    save_lock(draft, by=by)
    return draft


@transaction.atomic
def take_over_lock(draft: Draft, *, by: User, version: int | None = None) -> Draft:
    """Take the lock over from its holder, who is notified. Raises EditedElsewhere, Trashed."""
    require(may_write(by))
    draft = lock_draft_row(draft, by=by, may=may_write_draft)
    require_version(draft, version)
    if draft.trashed_at:
        raise Trashed
    if draft.is_locked_against(by.pk, timezone.now()):
        record_takeover(draft, by=by)
    save_lock(draft, by=by)
    return draft


@transaction.atomic
def release_lock(draft: Draft, *, by: User) -> None:
    """Give one's own lock back. Idempotent. Raises Locked where it is held by another."""
    require(may_write(by))
    draft = lock_draft_row(draft, by=by, may=may_write_draft)
    if draft.is_locked_against(by.pk, timezone.now()):
        raise locked_by_another(draft)
    draft.locked_by = draft.locked_at = draft.lock_active_at = None
    draft.save(update_fields=LOCK_FIELDS)


def save_lock(draft: Draft, *, by: User) -> None:
    """Save the lock of a locked row; its holder's time of activity is now."""
    now = timezone.now()
    if draft.locked_by_id != by.pk or not draft.is_locked(now):
        draft.locked_by, draft.locked_at = by, now
    draft.lock_active_at = now
    draft.save(update_fields=LOCK_FIELDS)


def record_takeover(draft: Draft, *, by: User) -> None:
    """Write the audit entry of a takeover, and notify the former holder."""
    holder, now = draft.locked_by, timezone.now()
    record_audit(draft, verb="took_over_lock", by=by, holder=str(holder))
    values = {"who": by, "at": format_short_time(now)}
    create_notices(
        draft,
        what=Notice.What.TAKEN_OVER,
        label=str(draft),
        reason=_("%(who)s has taken over at %(at)s. What you had not saved is still in your form.")
        % values,
        owner=holder,
    )
