"""Bulk changes: one change for many stories, each in a transaction of its own through its own action.

A preview runs the same actions and rolls each back, so that it refuses exactly what the change would refuse
at that moment. What changed between the preview and the change is refused by its version.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from accounts.models import User
from articles.models import Section
from desk.actions.drafts import edit
from desk.actions.legal.legal_hold import end_legal_hold, put_on_legal_hold
from desk.actions.locking import lock_draft
from desk.errors import NeverPublished, TooManyStories
from desk.models import Draft, DraftTag
from desk.permissions import may_withdraw, may_write
from desk.section_rights import may_write_draft, visible_drafts
from newsroom.errors import NotFound, Refused, require
from newsroom.text.dates import format_short_time
from newsroom.text.normalization import normalize_line

MAX_BULK_STORIES = 200


class BulkKind(models.TextChoices):
    """What a bulk change does."""

    SET_SECTION = "set_section", _("Set the section")
    ADD_TAG = "add_tag", _("Add a tag")
    REMOVE_TAG = "remove_tag", _("Remove a tag")
    PUT_ON_HOLD = "put_on_hold", _("Put on legal hold")
    END_HOLD = "end_hold", _("End the legal hold")
    SET_EXPIRY = "set_expiry", _("Set the time to come down")


class BulkOutcome(models.TextChoices):
    """What becomes of one story."""

    CHANGED = "changed", pgettext_lazy("bulk", "changed")
    UNCHANGED = "unchanged", pgettext_lazy("bulk", "stays as it is")
    REFUSED = "refused", _("cannot be changed")


@dataclass(frozen=True)
class BulkChange:
    """A change: its kind and the value that this kind needs."""

    kind: BulkKind
    section: Section | None = None
    tag: str = ""
    reason: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True)
class BulkResult:
    """What became of one story, or would: its value before and after, or why it is refused.

    `ended_stage` is the stage of the review that the change ends: `approved` or `submitted`; "" for none.
    """

    draft_id: int
    version: int | None
    headline: str
    outcome: BulkOutcome
    before: str = ""
    after: str = ""
    refusal: Refused | None = None
    ended_stage: str = ""


@dataclass(frozen=True)
class BulkOperation:
    """A kind of change: who may make it, the value it concerns in words, the action.

    `apply(draft, change, by=, version=)` calls the action; it is not called where the value is already that
    of the change (`is_done`).
    """

    is_allowed: Callable[[User], bool]
    value_label: Callable[[Draft], str]
    is_done: Callable[[Draft, BulkChange], bool]
    apply: Callable[..., Any]


def change_stories(
    versions: Mapping[int, int | None], change: BulkChange, *, by: User
) -> list[BulkResult]:
    """Make the change to each of these drafts ({id: version that was previewed}), one after the other.

    Raises NotAllowed where the person may not make this change at all, TooManyStories.
    """
    require_bulk(versions, change, by=by)
    return [change_story(pk, version, change, by=by) for pk, version in versions.items()]


def preview_changes(
    versions: Mapping[int, int | None], change: BulkChange, *, by: User
) -> list[BulkResult]:
    """What `change_stories` would do with each; nothing is changed. Raises as `change_stories`."""
    require_bulk(versions, change, by=by)
    return [preview_change(pk, version, change, by=by) for pk, version in versions.items()]


def require_bulk(versions: Mapping[int, int | None], change: BulkChange, *, by: User) -> None:
    require(BULK_OPERATIONS[change.kind].is_allowed(by))
    if len(versions) > MAX_BULK_STORIES:
        raise TooManyStories


def change_story(pk: int, version: int | None, change: BulkChange, *, by: User) -> BulkResult:
    """Make the change to one draft, in one transaction; a refusal is its result."""
    try:
        with transaction.atomic():
            return apply_locked(pk, version, change, by=by)
    except Refused as refusal:
        return refused_result(pk, refusal, by=by)


def preview_change(pk: int, version: int | None, change: BulkChange, *, by: User) -> BulkResult:
    """The result of the change to one draft, which is rolled back."""
    try:
        with transaction.atomic():
            result = apply_locked(pk, version, change, by=by)
            transaction.set_rollback(True)
            return result
    except Refused as refusal:
        return refused_result(pk, refusal, by=by)


def apply_locked(pk: int, version: int | None, change: BulkChange, *, by: User) -> BulkResult:
    """Lock the draft at this version, and call the action unless its value is that of the change already.

    Raises NotFound, Trashed, EditedElsewhere, and what the action refuses.
    """
    operation = BULK_OPERATIONS[change.kind]
    draft = visible_drafts(by, Draft.objects.all()).filter(pk=pk).first()
    if draft is None:
        raise NotFound
    draft = lock_draft(draft, by=by, may=may_write_draft, version=version)
    before = operation.value_label(draft)
    if operation.is_done(draft, change):
        return BulkResult(
            pk, draft.version, str(draft), BulkOutcome.UNCHANGED, before=before, after=before
        )
    version, stage = draft.version, draft.stage
    operation.apply(draft, change, by=by, version=version)
    changed = Draft.objects.get(pk=pk)
    return BulkResult(
        *(pk, version, str(draft), BulkOutcome.CHANGED),
        before=before,
        after=operation.value_label(changed),
        ended_stage=stage if stage != changed.stage else "",
    )


def count_ended(results: Iterable[BulkResult], stage: Draft.Stage) -> int:
    """How many of these stories leave this stage of the review."""
    return sum(result.ended_stage == stage for result in results)


def refused_result(pk: int, refusal: Refused, *, by: User) -> BulkResult:
    """The result of a refused change, with the story's version as it is now."""
    draft = visible_drafts(by, Draft.objects.all()).filter(pk=pk).first()
    label = _("(no such story)") if draft is None else str(draft)
    version = draft.version if draft else None
    return BulkResult(pk, version, str(label), BulkOutcome.REFUSED, refusal=refusal)


# -- the kinds of change -------------------------------------------------------------------------


def section_label(draft: Draft) -> str:
    return draft.section.name if draft.section else pgettext("bulk", "none")


def tag_names(draft: Draft) -> list[str]:
    rows = DraftTag.objects.filter(draft=draft).order_by("position", "pk")
    return list(rows.values_list("tag__name", flat=True))


def tags_label(draft: Draft) -> str:
    return ", ".join(tag_names(draft)) or pgettext("bulk", "none")


def hold_label(draft: Draft) -> str:
    return (
        pgettext("bulk", "on legal hold") if is_on_hold(draft) else pgettext("bulk", "not on hold")
    )


def is_on_hold(draft: Draft) -> bool:
    return draft.article is not None and draft.article.held_at is not None


def expiry_label(draft: Draft) -> str:
    return format_short_time(draft.expires_at) if draft.expires_at else pgettext("bulk", "no end")


def has_tag(draft: Draft, name: str) -> bool:
    return normalize_line(name) in tag_names(draft)


def set_section(draft: Draft, change: BulkChange, *, by: User, version: int) -> None:
    edit(draft, by=by, version=version, section=change.section)


def add_tag(draft: Draft, change: BulkChange, *, by: User, version: int) -> None:
    edit(draft, by=by, version=version, tags=[*tag_names(draft), change.tag])


def remove_tag(draft: Draft, change: BulkChange, *, by: User, version: int) -> None:
    others = [name for name in tag_names(draft) if name != normalize_line(change.tag)]
    edit(draft, by=by, version=version, tags=others)


def put_story_on_hold(draft: Draft, change: BulkChange, *, by: User, version: int) -> None:
    if draft.article is None:
        raise NeverPublished
    put_on_legal_hold(draft.article, reason=change.reason, by=by)


def end_story_hold(draft: Draft, change: BulkChange, *, by: User, version: int) -> None:
    if draft.article is None:
        raise NeverPublished
    end_legal_hold(draft.article, by=by)


def set_expiry(draft: Draft, change: BulkChange, *, by: User, version: int) -> None:
    edit(draft, by=by, version=version, expires_at=change.expires_at)


BULK_OPERATIONS: dict[BulkKind, BulkOperation] = {
    BulkKind.SET_SECTION: BulkOperation(
        may_write,
        section_label,
        lambda draft, change: draft.section == change.section,
        set_section,
    ),
    BulkKind.ADD_TAG: BulkOperation(
        may_write, tags_label, lambda draft, change: has_tag(draft, change.tag), add_tag
    ),
    BulkKind.REMOVE_TAG: BulkOperation(
        may_write, tags_label, lambda draft, change: not has_tag(draft, change.tag), remove_tag
    ),
    BulkKind.PUT_ON_HOLD: BulkOperation(
        may_withdraw, hold_label, lambda draft, _change: is_on_hold(draft), put_story_on_hold
    ),
    BulkKind.END_HOLD: BulkOperation(
        may_withdraw, hold_label, lambda draft, _change: not is_on_hold(draft), end_story_hold
    ),
    BulkKind.SET_EXPIRY: BulkOperation(
        may_write,
        expiry_label,
        lambda draft, change: draft.expires_at == change.expires_at,
        set_expiry,
    ),
}
