"""Preview links: a secret link to one draft, until it expires or is revoked."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record_audit
from desk.actions.locking import lock_draft_row, require_version
from desk.errors import Trashed
from desk.errors.collaboration import OtherSection
from desk.models import Draft, Preview
from desk.permissions import may_write
from desk.section_rights import may_write_draft
from newsroom.errors import require


@transaction.atomic
def create_preview(
    draft: Draft, *, by: User, valid_for: timedelta, version: int | None = None
) -> tuple[Preview, str]:
    """A new link, which always shows the newest version, and its token, which is stored nowhere.

    It changes nothing of the draft, so it may be made while somebody else holds the edit lock.
    Raises Trashed, EditedElsewhere, OtherSection.
    """
    require(may_write(by))
    draft = lock_draft_row(draft, by=by, may=may_write_draft)
    require_version(draft, version)
    if draft.trashed_at:
        raise Trashed
    token = Preview.new_token()
    preview = Preview.objects.create(
        draft=draft,
        digest=Preview.digest_of(token),
        created_by=by,
        expires_at=timezone.now() + valid_for,
    )
    record_audit(
        preview, verb="offered", by=by, draft=draft.pk, until=preview.expires_at.isoformat()
    )
    return preview, token


@transaction.atomic
def revoke_preview(preview: Preview, *, by: User) -> None:
    """Revoke a preview link for ever. Idempotent."""
    require(may_write(by))
    if not may_write_draft(by, preview.draft):
        raise OtherSection
    active = Preview.objects.filter(pk=preview.pk, revoked_at=None)
    if active.update(revoked_at=timezone.now()):
        record_audit(preview, verb="revoked", by=by, draft=preview.draft_id)
