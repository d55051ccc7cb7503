"""Take over what an agency changed: paragraphs into the draft, the new copy as the version used."""

from typing import NamedTuple

from django.db import transaction

from accounts.models import User
from audit.actions import record_audit
from desk.actions.agency.copy_parts import fields_of_change
from desk.actions.agency.rights import require_ai_permitted, require_expiry_within_copy
from desk.actions.drafts import save_fields
from desk.actions.locking import lock_draft
from desk.actions.versions.versioning import record_missing_version, record_version
from desk.errors import NothingToStartFrom
from desk.errors.wire import CopyChanged, CopyExpired, NothingToTakeOver, StricterRights
from desk.models import Draft
from desk.permissions import may_write
from desk.section_rights import may_write_draft
from newsroom.db.expressions import database_now
from newsroom.errors import require
from wire.actions import lock_story_row
from wire.models import Version


class LockedCopy(NamedTuple):
    """A locked draft, the version of the agency used for it, and the current one."""

    draft: Draft
    used: Version
    current: Version


@transaction.atomic
def take_over_change(
    draft: Draft, *, part: str, number: int, before: int, after: int, by: User, version: int
) -> Draft:
    """Write one change of the agency into the draft, as its next version. Nothing is published.

    `before` and `after` are the ids of the versions that were compared, `after` the current one; `part`
    (headline, deck, text) and the number of the row name the change (desk/actions/agency/copy_parts.py).

    1. Lock the story and the draft, at the `version` that the person has read.
    2. Refuse copy that may not be used, or that has other rights than those that bind the draft.
    3. Write the field as an edit does: sanitized, an approval is void.

    The version used stays as it is: `use_current_copy` changes it.
    Raises CopyChanged, NothingToStartFrom, CopyExpired, StricterRights, NothingToTakeOver, and as `edit`.
    """
    require(may_write(by))
    copy = lock_copy(draft, after=after, by=by, version=version)
    draft = copy.draft
    if has_stricter_rights(copy.current, copy.used):
        raise StricterRights
    old = Version.objects.filter(pk=before, story=copy.current.story_id).first()
    if old is None:
        raise CopyChanged
    fields = fields_of_change(draft, part, number, before=old, after=copy.current)
    if not fields:
        raise NothingToTakeOver
    record_missing_version(draft)
    save_fields(draft, fields, by=by)
    record_version(draft, by=by)
    record_audit(draft, verb="took_over_copy", by=by, part=part, wire=after, version=draft.version)
    return draft


@transaction.atomic
def use_current_copy(draft: Draft, *, after: int, by: User, version: int) -> Draft:
    """Make the current agency copy, with the id `after`, the version used: its rights bind the draft now.

    The text of the draft stays as it is, and so do its version number, an approval, and a hold.
    Raises CopyChanged, NothingToStartFrom, CopyExpired, NothingToTakeOver where it is the version used
    already, AIUseProhibited, CopyExpiresSooner, OtherSection, Locked, EditedElsewhere, Trashed.
    """
    require(may_write(by))
    copy = lock_copy(draft, after=after, by=by, version=version)
    draft = copy.draft
    if copy.used.pk == copy.current.pk:
        raise NothingToTakeOver
    draft.wire_version = copy.current
    require_ai_permitted(draft)
    require_expiry_within_copy(draft)
    draft.save(update_fields=["wire_version"])
    record_audit(draft, verb="used_newer_copy", by=by, wire=after, former=copy.used.pk)
    return draft


def lock_copy(draft: Draft, *, after: int, by: User, version: int) -> LockedCopy:
    """Lock the agency story and then the draft; the caller has compared with the version with id `after`.

    Raises CopyChanged where that is not the current one, or there is none any more; NothingToStartFrom and
    CopyExpired for copy that may not be used; as `lock_draft`.
    """
    used = Version.objects.filter(pk=draft.wire_version_id or 0).first()
    story = lock_story_row(used.story_id) if used else None
    draft = lock_draft(draft, by=by, may=may_write_draft, version=version)
    # Under the locks: another draft may have been read, and versions move between stories.
    used = Version.objects.filter(pk=draft.wire_version_id or 0).first()
    current = story.current if story else None
    if story is None or used is None or used.story_id != story.pk:
        raise CopyChanged
    if current is None or current.pk != after:
        raise CopyChanged
    if not story.is_usable():
        raise NothingToStartFrom
    if current.expires_at and current.expires_at <= database_now():
        raise CopyExpired(current.expires_at)
    return LockedCopy(draft, used, current)


def has_stricter_rights(new: Version, used: Version) -> bool:
    """Whether rights of the new copy do not bind a draft of the version used."""
    expires_sooner = new.expires_at and (
        used.expires_at is None or new.expires_at < used.expires_at
    )
    return bool(
        (new.ai_use_prohibited and not used.ai_use_prohibited)
        or (new.resale_prohibited and not used.resale_prohibited)
        or (new.usage_terms and new.usage_terms != used.usage_terms)
        or expires_sooner
    )
