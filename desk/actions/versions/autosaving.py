"""Autosave: save a draft while it is being written, and turn an autosave into an explicit save.

An autosave changes the working copy alone. It never writes a guarded field (embargo, expiry, address,
comments), which takes effect by itself or is a decision; it creates no tag and touches no poll that people
have voted in; and it is refused while a text is submitted or approved, since it would void that silently.
"""

from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from articles.models import Tag
from articles.slugs import make_slug
from audit.actions import record_audit
from desk.actions.drafts import create_draft, save_fields
from desk.actions.locking import lock_draft, save_new_version
from desk.actions.versions.versioning import newest_version, record_missing_version, record_version
from desk.errors.versions import UnderReview
from desk.field_rights import GUARDED_FIELDS
from desk.models import Draft, DraftVersion
from desk.permissions import may_write
from desk.section_rights import may_write_draft
from desk.versions.content import changed_names, content_of
from newsroom.errors import require
from newsroom.text.normalization import normalize_line

Kind = DraftVersion.Kind


class Autosaved(NamedTuple):
    """The draft as it is now, and the names of the fields that only an explicit save writes."""

    draft: Draft
    left_out: list[str]


class NewestAutosaves(NamedTuple):
    """The form that made them, the version after which it alone has saved, and the newest version.

    Text of that form which is based on `since` or later is in no conflict with anybody; other text only if
    it is based on `newest`. Without a form the two are the same.
    """

    form_token: UUID | None
    since: int
    newest: int


@transaction.atomic
def autosave_new(by: User, *, form_token: UUID, **fields: Any) -> Autosaved:
    """Create the draft of a form that was never saved. Fields and errors as for `start_draft`."""
    require(may_write(by))
    fields, left_out = split_fields(None, fields)
    draft = create_draft(by, form_token=form_token, fields=fields)
    record_version(draft, by=by, kind=Kind.AUTOSAVE, form_token=form_token)
    record_audit(draft, verb="began", by=by)
    return Autosaved(draft, left_out)


@transaction.atomic
def autosave(
    draft: Draft, *, by: User, version: int, form_token: UUID | None = None, **fields: Any
) -> Autosaved:
    """Save the fields of a form that is being written. Fields as for `edit`.

    The first autosave of a person after anything else is audited, those that follow it are not.
    Raises OtherSection, Locked, EditedElsewhere, Trashed, and UnderReview for a text that is submitted or
    approved.
    """
    require(may_write(by))
    expected = version_seen_by_form(draft, version, by=by, form_token=form_token)
    draft = lock_draft(draft, by=by, may=may_write_draft, version=expected)
    if draft.stage != Draft.Stage.WRITING:
        raise UnderReview
    fields, left_out = split_fields(draft, fields)
    if not fields:
        return Autosaved(draft, left_out)
    record_missing_version(draft)
    before = newest_version(draft)
    save_fields(draft, fields, by=by)
    record_version(draft, by=by, kind=Kind.AUTOSAVE, form_token=form_token)
    if before is None or before.kind != Kind.AUTOSAVE or before.saved_by_id != by.pk:
        record_audit(draft, verb="autosaved", by=by, fields=sorted(fields), version=draft.version)
    return Autosaved(draft, left_out)


def split_fields(draft: Draft | None, fields: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The fields that an autosave writes, and the names of those that it leaves out."""
    left_out = [name for name in fields if name in GUARDED_FIELDS]
    if "tags" in fields and has_new_tag(fields["tags"]):
        left_out.append("tags")
    if "poll" in fields and draft and draft.poll and draft.poll.votes.exists():
        left_out.append("poll")
    return {name: fields[name] for name in fields if name not in left_out}, left_out


def has_new_tag(names: list[str]) -> bool:
    """Whether any of these names is no tag yet; perhaps it is still being typed."""
    slugs = {name: slug for name in map(normalize_line, names) if (slug := make_slug(name))}
    known = Tag.objects.filter(Q(name__in=slugs) | Q(slug__in=slugs.values()))
    names_and_slugs = {text for row in known.values_list("name", "slug") for text in row}
    return any(not {name, slug} & names_and_slugs for name, slug in slugs.items())


def version_seen_by_form(draft: Draft, version: int, *, by: User, form_token: UUID | None) -> int:
    """The version that a form is based on: a newer one where all since are autosaves of this very form,
    whose answers were lost on the way."""
    if form_token is None:
        return version
    autosaves = newest_autosaves(draft, by=by)
    is_own = autosaves.form_token == form_token and version >= autosaves.since
    return max(version, autosaves.newest) if is_own else version


def newest_autosaves(draft: Draft, *, by: User) -> NewestAutosaves:
    """The autosaves of one form of this person that nothing else follows."""
    versions = DraftVersion.objects.filter(draft=draft)
    newest = versions.without_content().newest_first().first()
    if newest is None:
        return NewestAutosaves(None, draft.version, draft.version)
    token = newest.form_token
    if newest.kind != Kind.AUTOSAVE or newest.saved_by_id != by.pk or token is None:
        return NewestAutosaves(None, newest.number, newest.number)
    others = versions.newest_of_others(by.pk, token).values_list("number", flat=True)
    return NewestAutosaves(token, others.first() or 0, newest.number)


@transaction.atomic
def promote_autosave(draft: Draft, *, by: User, version: int | None = None) -> Draft:
    """Turn one's newest autosave into an explicit save, which is kept for good.

    Does nothing where the newest version is no autosave of this person or is marked as decided on, or the
    text is under review.
    Raises OtherSection, Locked, EditedElsewhere, Trashed.
    """
    require(may_write(by))
    draft = lock_draft(draft, by=by, may=may_write_draft, version=version)
    newest = newest_version(draft)
    is_own = newest is not None and (newest.kind, newest.saved_by_id) == (Kind.AUTOSAVE, by.pk)
    if newest is None or not is_own or draft.stage != Draft.Stage.WRITING or newest.marks.exists():
        return draft  # a marked one is kept as it is
    saves = DraftVersion.objects.filter(draft=draft).exclude(kind=Kind.AUTOSAVE)
    last_save = saves.newest_first().first()
    newest.delete()  # the save has the same content
    save_new_version(draft, by=by, fields=[])
    record_version(draft, by=by)
    fields = changed_names(last_save.content, content_of(draft)) if last_save else []
    record_audit(draft, verb="edited", by=by, fields=sorted(fields), version=draft.version)
    return draft
