"""Assignment: who writes a story, and by when."""

from datetime import datetime
from types import EllipsisType

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import record_audit
from desk.actions.locking import lock_draft
from desk.errors.collaboration import AssignmentReserved, DueInPast, NotAssignable
from desk.models import Draft, Notice
from desk.notifications.notify import close_notices_of, create_notices
from desk.permissions import can_act, may_write
from desk.section_rights import may_approve_draft, may_place_in, may_write_draft
from newsroom.errors import require
from newsroom.text.dates import format_short_time


@transaction.atomic
def assign(
    draft: Draft,
    *,
    by: User,
    to: User | EllipsisType | None = ...,
    due_at: datetime | EllipsisType | None = ...,
    version: int | None = None,
) -> Draft:
    """Assign the story to a person (None: to no one), and set when it is due. What is left out stays.

    1. Lock the draft. Its version stays: an open form and an approval are not affected.
    2. Check that this person may decide on it, and that the other can write it.
    3. Save, with an audit entry.
    4. Resolve the notice of the former assignee, and notify the new one.

    Raises AssignmentReserved, NotAssignable, DueInPast, Locked, EditedElsewhere, Trashed.
    """
    require(may_write(by))
    draft = lock_draft(draft, by=by, may=may_write_draft, version=version)
    before = (draft.assigned_to_id, draft.due_at)
    require_may_assign(draft, by=by, to=to, due_at=due_at)
    former_id = draft.assigned_to_id
    if not isinstance(to, EllipsisType):
        draft.assigned_to = to
    if not isinstance(due_at, EllipsisType):
        draft.due_at = due_at
    if (draft.assigned_to_id, draft.due_at) == before:
        return draft
    draft.save(update_fields=["assigned_to", "due_at"])
    name = str(draft.assigned_to) if draft.assigned_to else None
    due = draft.due_at.isoformat() if draft.due_at else None
    record_audit(draft, verb="assigned", by=by, to=name, due_at=due)
    if former_id != draft.assigned_to_id:
        close_notices_of(draft, what=Notice.What.ASSIGNED)
        notify_assignee(draft, by=by)
    return draft


def require_may_assign(
    draft: Draft,
    *,
    by: User,
    to: User | EllipsisType | None,
    due_at: datetime | EllipsisType | None,
) -> None:
    """Refuse what this person may not decide, whom it cannot be assigned to, and a due time in the past."""
    now = timezone.now()
    if not may_approve_draft(by, draft):
        takes = to == by and draft.assigned_to_id is None
        gives_back = to is None and draft.assigned_to_id == by.pk
        if not (isinstance(due_at, EllipsisType) and (takes or gives_back)):
            raise AssignmentReserved
    if isinstance(to, User) and to.pk != draft.assigned_to_id and not can_be_assigned(to, draft):
        raise NotAssignable
    if isinstance(due_at, datetime) and due_at != draft.due_at and due_at <= now:
        raise DueInPast


def can_be_assigned(person: User, draft: Draft) -> bool:
    """Whether this person can write the draft: by role, and in its section."""
    can_write = can_act(person, "desk.change_draft", timezone.now())
    return can_write and (may_write_draft(person, draft) or may_place_in(person, draft.section))


def notify_assignee(draft: Draft, *, by: User) -> None:
    """Notify the new assignee, unless they took the story themselves."""
    person = draft.assigned_to
    if person is None or person.pk == by.pk:
        return
    reason = _("%(who)s has assigned it to you.") % {"who": by}
    if draft.due_at:
        due = _("Due at %(at)s.") % {"at": format_short_time(draft.due_at)}
        reason = f"{reason} {due}"
    create_notices(draft, what=Notice.What.ASSIGNED, label=str(draft), reason=reason, owner=person)
