"""Versions: write one with each save of a draft, mark what is decided on it, prune old autosaves."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from articles.models import Edition
from desk.models import Draft, DraftVersion, VersionMark
from desk.versions.content import changed_names, char_count_of, content_of

PRUNE_BATCH_SIZE = 500


def record_version(
    draft: Draft,
    *,
    by: User,
    kind: DraftVersion.Kind = DraftVersion.Kind.SAVE,
    form_token: UUID | None = None,
    restored_number: int | None = None,
) -> DraftVersion:
    """Write the version of a locked draft that was just saved.

    An autosave takes the place of the autosaves that the same form made within the same minute, so that at
    most one a minute is kept; what another form of the same person saved stays.
    """
    content, now = content_of(draft), timezone.now()
    if kind == DraftVersion.Kind.AUTOSAVE:
        minute = now.replace(second=0, microsecond=0)
        delete_autosaves(draft, by=by, form_token=form_token, since=minute)
    before = newest_version(draft) if draft.version > 1 else None
    return DraftVersion.objects.create(
        draft=draft,
        number=draft.version,
        kind=kind,
        saved_at=now,
        saved_by=by,
        form_token=form_token,
        restored_number=restored_number,
        char_count=char_count_of(content),
        changed_fields=changed_names(before.content, content) if before else [],
        content=content,
    )


def delete_autosaves(draft: Draft, *, by: User, form_token: UUID | None, since: datetime) -> None:
    """Delete this form's autosaves since then, but for those that something was decided on."""
    versions = DraftVersion.objects.filter(draft=draft)
    # One that another save follows is what that save began with: a diff would show it as the other's text.
    others = versions.newest_of_others(by.pk, form_token)
    after = others.values_list("number", flat=True).first() or 0
    own = versions.autosaves_of_form(by.pk, form_token).filter(number__gt=after)
    own.filter(saved_at__gte=since, marks__isnull=True).delete()


def newest_version(draft: Draft) -> DraftVersion | None:
    return DraftVersion.objects.filter(draft=draft).newest_first().first()


def record_missing_version(draft: Draft) -> None:
    """Write the present content of a locked draft from before there were versions."""
    if not DraftVersion.objects.filter(draft=draft).exists():
        write_present_version(draft)


def write_present_version(draft: Draft) -> DraftVersion:
    """Write the first version of a locked draft, with its present content and its last editor."""
    content = content_of(draft)
    return DraftVersion.objects.create(
        draft=draft,
        number=draft.version,
        kind=DraftVersion.Kind.SAVE,
        saved_at=draft.changed_at,
        saved_by_id=draft.changed_by_id,
        char_count=char_count_of(content),
        content=content,
    )


def mark_version(
    draft: Draft, kind: VersionMark.Kind, *, edition: Edition | None = None
) -> VersionMark:
    """Mark the newest version of a locked draft: this text was submitted, approved or frozen."""
    newest = DraftVersion.objects.filter(draft=draft).newest_first().values_list("pk", flat=True)
    if (version_id := newest.first()) is None:
        version_id = write_present_version(draft).pk
    return VersionMark.objects.create(version_id=version_id, kind=kind, edition=edition)


def delete_old_autosaves(*, before: datetime, batch_size: int = PRUNE_BATCH_SIZE) -> int:
    """Delete autosaves from before this time, in small transactions; how many.

    The newest version of a draft stays, and so does every text that was submitted, approved or frozen: the
    live and the scheduled one are among them.
    """
    total = 0
    while deleted := delete_autosave_batch(before, batch_size=batch_size):
        total += deleted
        if deleted < batch_size:
            break
    return total


@transaction.atomic
def delete_autosave_batch(before: datetime, *, batch_size: int) -> int:
    rows = DraftVersion.objects.prunable(before).select_for_update(skip_locked=True, of=("self",))
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:batch_size])
    DraftVersion.objects.filter(pk__in=ids).delete()
    return len(ids)
