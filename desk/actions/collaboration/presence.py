"""Presence on the story page: heartbeats, which also keep the holder's lock from expiring.

The draft is written before the presence, in the order in which a draft is deleted with its rows.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from desk.errors.collaboration import OtherSection
from desk.models import Draft, DraftPresence
from desk.models.presence import PRESENCE_TIMEOUT
from desk.permissions import may_read
from desk.section_rights import may_read_draft
from newsroom.errors import require


@transaction.atomic
def record_presence(draft: Draft, *, by: User, is_active: bool) -> None:
    """Record a heartbeat; of an active holder, one who typed since the last, it renews the lock."""
    require(may_read(by))
    if not may_read_draft(by, draft):
        raise OtherSection
    now = timezone.now()
    if is_active:
        Draft.objects.filter(pk=draft.pk, locked_by=by).update(lock_active_at=now)
    own = DraftPresence.objects.filter(draft=draft, person=by)
    is_continued = own.filter(seen_at__gt=now - PRESENCE_TIMEOUT).update(seen_at=now)
    if not is_continued and not own.update(since=now, seen_at=now):
        create_presence(draft, by=by)


def create_presence(draft: Draft, *, by: User) -> None:
    """Create the row, where another window of the same person has not just done so."""
    now = timezone.now()
    try:
        with transaction.atomic():
            DraftPresence.objects.create(draft=draft, person=by, since=now, seen_at=now)
    except IntegrityError:
        DraftPresence.objects.filter(draft=draft, person=by).update(seen_at=now)


@transaction.atomic
def end_presence(draft: Draft, *, by: User) -> None:
    """Forget the presence of this person, who has closed the page, and their lock. Idempotent."""
    require(may_read(by))
    own_lock = Draft.objects.filter(pk=draft.pk, locked_by=by)
    own_lock.update(locked_by=None, locked_at=None, lock_active_at=None)
    DraftPresence.objects.filter(draft=draft, person=by).delete()


@transaction.atomic
def delete_ended_presences() -> int:
    """Delete rows whose heartbeats ended long ago; how many."""
    before = timezone.now() - 10 * PRESENCE_TIMEOUT
    deleted, _by_model = DraftPresence.objects.filter(seen_at__lt=before).delete()
    return deleted
