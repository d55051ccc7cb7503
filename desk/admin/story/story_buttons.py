"""Buttons of the story page: who may press each, and the one action that it calls.

A button is part of the story form, which is saved first in the same transaction. So a refused action
also undoes the save, and the form is shown again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from desk.actions import (
    approve,
    assign,
    create_preview,
    keep_wire_addresses,
    move_to_trash,
    publish_now,
    replace_scheduled,
    reschedule,
    restore,
    schedule_draft,
    send_back,
    submit,
    unschedule,
)
from desk.admin.local_time import truncate_to_minute
from desk.errors import NotWithdrawn, WordsChanged
from desk.models import Draft, Release
from desk.permissions import may_approve, may_publish, may_restore, may_write
from desk.section_rights import (
    DraftRight,
    may_approve_draft,
    may_publish_draft,
    may_restore_draft,
    may_write_draft,
)
from newsroom.text.dates import format_short_time

PREVIEW_LIFETIME = timedelta(days=7)
Message = str | Promise
FormData = Mapping[str, Any]


@dataclass(frozen=True)
class StoryButton:
    """One button: the permission to press it, for a new story and for this draft, and the handler that
    calls one action.

    `handle(draft, user, version, form_data)` returns the message for the user. A button with `is_judgement`
    decides on the text that the user has read, so it is refused when the same form changes the text.
    """

    is_allowed: Callable[[User], bool]
    may: DraftRight
    handle: Callable[[Draft, User, int, FormData], Message]
    is_judgement: bool = False


def handle_submit(draft: Draft, user: User, version: int, form_data: FormData) -> Message:
    submit(draft, by=user, version=version)
    return _("Submitted for review.")


def handle_approve(draft: Draft, user: User, version: int, form_data: FormData) -> Message:
    approve(draft, by=user, version=version)
    return _("Approved.")


def handle_send_back(draft: Draft, user: User, version: int, form_data: FormData) -> Message:
    send_back(draft, by=user, version=version, note=form_data.get("review_note", ""))
    return _("Sent back to the writer.")


def handle_publish(draft: Draft, user: User, version: int, form_data: FormData) -> Message:
    return published_message(publish_now(draft, by=user, version=version))


def handle_correct(draft: Draft, user: User, version: int, form_data: FormData) -> Message:
    correction: Any = {
        "kind": form_data["correction_kind"],
        "note": form_data["correction_note"],
    }
    return published_message(publish_now(draft, by=user, version=version, correction=correction))


def published_message(release: Release) -> str:
    return _now("Published. Readers see edition %(number)d.") % {"number": release.edition.number}


def handle_schedule(draft: Draft, user: User, version: int, form_data: FormData) -> Message:
    return scheduled_message(schedule_draft(draft, at=form_data["at"], by=user, version=version))


def handle_swap(draft: Draft, user: User, version: int, form_data: FormData) -> Message:
    return scheduled_message(replace_scheduled(draft, by=user, version=version))


def handle_move(draft: Draft, user: User, version: int, form_data: FormData) -> Message:
    return scheduled_message(reschedule(draft, at=form_data["at"], by=user, version=version))


def scheduled_message(release: Release) -> str:
    params = {"number": release.edition.number, "at": format_short_time(release.due_at)}
    return _now("Edition %(number)d will be published at %(at)s.") % params


def handle_unschedule(draft: Draft, user: User, version: int, form_data: FormData) -> Message:
    unschedule(draft, by=user)  # whatever version of the draft the user has seen
    return _("The schedule is cancelled. No edition of this story is waiting.")


def handle_restore(draft: Draft, user: User, version: int, form_data: FormData) -> Message:
    if draft.article is None:
        raise NotWithdrawn
    restore(draft.article, by=user)
    return _("Restored. Readers see it again once it is published.")


def handle_preview(draft: Draft, user: User, version: int, form_data: FormData) -> Message:
    _preview, token = create_preview(draft, by=user, version=version, valid_for=PREVIEW_LIFETIME)
    link = format_html(
        '<a href="{}" target="_blank" rel="noopener">{}</a>',
        reverse("preview-page", args=[token]),
        _("Open the preview"),
    )
    explanation = _("Anyone with this link can read the current text for one week.")
    return format_html("{} {}", link, explanation)


def handle_throw_away(draft: Draft, user: User, version: int, form_data: FormData) -> Message:
    move_to_trash(draft, by=user, version=version)
    return _("Moved to the trash. It can be restored.")


def handle_assign(draft: Draft, user: User, version: int, form_data: FormData) -> Message:
    """Assign the story; a due time that the form shows as it is stays, with its seconds."""
    due_at: Any = form_data["assign_due_at"]
    if due_at == truncate_to_minute(draft.due_at):
        due_at = ...
    assign(draft, by=user, to=form_data["assign_to"], due_at=due_at, version=version)
    return _("The assignment is saved.")


def handle_take(draft: Draft, user: User, version: int, form_data: FormData) -> Message:
    assign(draft, by=user, to=user, version=version)
    return _("The story is assigned to you.")


def handle_give_back(draft: Draft, user: User, version: int, form_data: FormData) -> Message:
    assign(draft, by=user, to=None, version=version)
    return _("The story is assigned to nobody.")


def handle_keep_addresses(draft: Draft, user: User, version: int, form_data: FormData) -> Message:
    keep_wire_addresses(draft, by=user, version=version)
    return _("The address stays in the story. Readers will see it.")


# The keys are the values of the form field `do`.
STORY_BUTTONS: dict[str, StoryButton] = {
    "submit": StoryButton(may_write, may_write_draft, handle_submit),
    "approve": StoryButton(may_approve, may_approve_draft, handle_approve, is_judgement=True),
    "send_back": StoryButton(may_approve, may_approve_draft, handle_send_back, is_judgement=True),
    "publish": StoryButton(may_publish, may_publish_draft, handle_publish),
    "correct": StoryButton(may_publish, may_publish_draft, handle_correct),
    "schedule": StoryButton(may_publish, may_publish_draft, handle_schedule),
    "swap": StoryButton(may_publish, may_publish_draft, handle_swap),
    "move": StoryButton(may_publish, may_publish_draft, handle_move),
    "unschedule": StoryButton(may_publish, may_publish_draft, handle_unschedule),
    "restore": StoryButton(may_restore, may_restore_draft, handle_restore),
    "assign": StoryButton(may_approve, may_approve_draft, handle_assign),
    "take": StoryButton(may_write, may_write_draft, handle_take),
    "give_back": StoryButton(may_write, may_write_draft, handle_give_back),
    "keep_addresses": StoryButton(
        may_publish, may_publish_draft, handle_keep_addresses, is_judgement=True
    ),
    "preview": StoryButton(may_write, may_write_draft, handle_preview),
    "throw_away": StoryButton(may_write, may_write_draft, handle_throw_away),
}


def press_button(
    name: str, draft: Draft, *, by: User, form_data: FormData, is_changed: bool
) -> Message:
    """Call the action of a button with a draft that was just saved; returns the message for the user.

    `is_changed` says whether the form changed the draft. Raises WordsChanged for a judgement on a changed
    draft, and the refusals of the action. The action checks the permission.
    """
    button = STORY_BUTTONS[name]
    if button.is_judgement and is_changed:
        raise WordsChanged
    return button.handle(draft, by, draft.version, form_data)


def permitted_buttons(user: User, draft: Draft | None) -> dict[str, bool]:
    """Whether the user may press each button, by its name; `draft` is None for a new story."""
    if draft is None:
        return {name: button.is_allowed(user) for name, button in STORY_BUTTONS.items()}
    rights = {button.may for button in STORY_BUTTONS.values()}
    allowed = {right: right(user, draft) for right in rights}
    return {name: allowed[button.may] for name, button in STORY_BUTTONS.items()}
