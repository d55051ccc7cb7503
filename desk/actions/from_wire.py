"""Start a draft from an agency story."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import record_audit
from desk.actions.agency.copy_text import (
    body_from,
    fields_from,
    notes_from,
    photos_by_caption,
)
from desk.actions.drafts import write_fields
from desk.actions.versions.versioning import record_version
from desk.agency_copy.status import takings_of
from desk.errors import NothingToStartFrom
from desk.errors.wire import AlreadyTaken, CopyExpired
from desk.models import Draft
from desk.permissions import may_write
from newsroom.db.expressions import database_now
from newsroom.errors import require
from wire.actions import lock_story_row
from wire.models import Story, Version


@transaction.atomic
def start_from_wire(story: Story, *, by: User) -> Draft:
    """Start the first draft from agency copy: headline, deck, body and source are filled in.

    Raises AlreadyTaken where a draft was begun from the story that is not in the trash,
    NothingToStartFrom for a story that the agency cancelled or withholds, or that was erased by law,
    CopyExpired for one whose time is over. The draft comes down when the copy may not be used any more.
    Dateline, time of sending, captions, restrictions and usage terms go to the notes; the photo of a
    caption stands in the body where the library has it. Reporters' e-mail addresses are not copied, nor
    is the agency's embargo, which holds beside the desk's own as long as the agency keeps it
    (`embargo_ends`).
    """
    version = lock_usable_version(story, by=by)
    # Under the lock of the story: of two who write from it at once, the second is asked.
    if takings := takings_of([version.story_id], user=by).get(version.story_id):
        first = takings[0]
        raise AlreadyTaken(
            draft=first.draft, title=first.title, taken_by=first.name, taken_at=first.at
        )
    return draft_from_version(version, by=by)


@transaction.atomic
def start_another_from_wire(story: Story, *, by: User) -> Draft:
    """As `start_from_wire`, beside the drafts that were begun from the story before."""
    return draft_from_version(lock_usable_version(story, by=by), by=by)


def lock_usable_version(story: Story, *, by: User) -> Version:
    """The current version of the story, which is locked until the transaction ends."""
    require(may_write(by))
    locked = lock_story_row(story.pk)
    if locked is None:
        raise NothingToStartFrom(
            _("This agency story was erased by law. Nothing is begun from it.")
        )
    version = locked.current
    if version is None or not locked.is_usable():
        raise NothingToStartFrom
    if version.expires_at and version.expires_at <= database_now():
        raise CopyExpired(version.expires_at)
    return version


def draft_from_version(version: Version, *, by: User) -> Draft:
    """A new draft with the words of this version, in the transaction of the caller."""
    photos = photos_by_caption(version)
    draft = Draft.objects.create(created_by=by, changed_by=by, wire_version=version)
    write_fields(
        draft,
        {
            **fields_from(version),
            "body": body_from(version, photos),
            "source_name": version.agency[:120],
            "notes": notes_from(version, photos),
            "expires_at": version.expires_at,
        },
    )
    draft.save()
    record_version(draft, by=by)
    record_audit(draft, verb="began", by=by, wire=version.pk)
    return draft
