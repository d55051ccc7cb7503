"""Restore an older version of a draft as its next version."""

from collections.abc import Collection
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.dateparse import parse_date, parse_datetime

from accounts.models import User
from audit.actions import record_audit
from desk.actions.drafts import save_fields
from desk.actions.embargo import TERM_FIELDS
from desk.actions.locking import lock_draft
from desk.actions.versions.versioning import record_missing_version, record_version
from desk.errors.versions import NoSuchVersion, NothingToRestore, PollHasVotesSince
from desk.models import Draft, DraftVersion
from desk.permissions import may_write
from desk.section_rights import may_write_draft
from desk.versions.content import POLL_TIMES, VERSIONED_FIELDS, Content, changed_names, content_of
from newsroom.errors import require
from polls.models import Poll

# Embargo and expiry take effect at once: they are restored where they are named, never along with the text.
RESTORED_FIELDS = tuple(name for name in VERSIONED_FIELDS if name not in TERM_FIELDS)


class Restored(NamedTuple):
    """The draft, and the names of what the version referred to and that was deleted since."""

    draft: Draft
    missing: list[str]


@transaction.atomic
def restore_version(
    draft: Draft,
    *,
    number: int,
    by: User,
    version: int | None = None,
    fields: Collection[str] | None = None,
) -> Restored:
    """Give the draft the content of its version `number` again, as a new version. Nothing is published.

    1. Find the fields that differ from the present content: of `fields`, else all but embargo and expiry.
    2. Write them as an edit does: with the same permissions for guarded fields, and an approval is void.

    Raises OtherSection, Locked, EditedElsewhere, Trashed, NoSuchVersion, NothingToRestore, FieldGuarded,
    SlugTaken, PollHasVotes, and for embargo and expiry what `apply_terms` refuses.
    """
    require(may_write(by))
    draft = lock_draft(draft, by=by, may=may_write_draft, version=version)
    old = DraftVersion.objects.filter(draft=draft, number=number).first()
    if old is None:
        raise NoSuchVersion
    record_missing_version(draft)
    names = names_to_restore(draft, old, RESTORED_FIELDS if fields is None else fields)
    if "poll" in names:
        attach_stored_poll(draft, old.content["poll"])
    values, missing = stored_values(old.content, names)
    if not values:
        raise NothingToRestore
    save_fields(draft, values, by=by)
    record_version(draft, by=by, kind=DraftVersion.Kind.RESTORE, restored_number=number)
    record_audit(
        draft,
        verb="restored_version",
        by=by,
        number=number,
        fields=sorted(values),
        version=draft.version,
    )
    return Restored(draft, missing)


def names_to_restore(draft: Draft, old: DraftVersion, wanted: Collection[str]) -> list[str]:
    """Those of the wanted fields in which the version differs; the lead photo together with its text."""
    names = [name for name in changed_names(content_of(draft), old.content) if name in wanted]
    photo = ("lead_photo", "lead_photo_text")
    return list(dict.fromkeys([*names, *photo])) if set(photo) & set(names) else names


def stored_values(content: Content, names: list[str]) -> tuple[dict[str, Any], list[str]]:
    """The stored values of these fields as `desk.actions.edit` takes them, and the names of rows that no
    longer exist. A field whose only row is missing is left out."""
    values, missing = dict[str, Any](), list[str]()
    for name in names:
        stored, model = content[name], Draft._meta.get_field(name).related_model
        if name in TERM_FIELDS:
            values[name] = parse_datetime(stored) if stored else None
        elif name == "poll" and stored:
            values[name] = stored_poll_data(stored)
        elif stored and isinstance(model, type) and name != "tags":
            references = stored if isinstance(stored, list) else [stored]
            rows = model._default_manager.in_bulk([row["id"] for row in references])
            missing += [row["name"] for row in references if row["id"] not in rows]
            found = [rows[row["id"]] for row in references if row["id"] in rows]
            if isinstance(stored, list):
                values[name] = found
            elif found:
                values[name] = found[0]
        else:
            values[name] = stored
    if "lead_photo" in names and "lead_photo" not in values:
        del values["lead_photo_text"]  # it describes the photo that is missing
    return values, missing


def stored_poll_data(stored: dict[str, Any]) -> dict[str, Any]:
    """A stored poll as `polls.actions.create_poll` takes it."""
    data = {name: value for name, value in stored.items() if name != "id"}
    times = {name: parse_datetime(data[name]) if data[name] else None for name in POLL_TIMES}
    election_day = parse_date(data.get("election_day") or "")
    return data | times | {"election_day": election_day}


def attach_stored_poll(draft: Draft, stored: dict[str, Any] | None) -> None:
    """Let a locked draft refer to the poll that the version had, if that poll still exists.

    Its stored data are compared afterwards, as for an edit. Raises PollHasVotesSince where people have
    voted in another poll that the draft has now.
    """
    is_other = stored is None or draft.poll_id != stored["id"]
    if draft.poll and is_other and draft.poll.votes.exists():
        raise PollHasVotesSince
    if stored and is_other:
        draft.poll = Poll.objects.filter(pk=stored["id"]).first()
