"""The buttons of a story's page: what each is called, who may press it, and the one action it calls.

A button is part of the story's form: what was typed is kept first, in the same transaction, so that
a refusal undoes both and the page comes back with every word.
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
    cancel_release,
    create_preview,
    move_to_trash,
    publish_now,
    replace_scheduled,
    reschedule,
    restore,
    schedule_draft,
    send_back,
    submit,
)
from desk.errors import NothingWaiting, NotWithdrawn, WordsChanged
from desk.models import Draft, Release
from desk.permissions import may_approve, may_publish, may_restore, may_write
from newsroom.text.dates import format_short_time

PREVIEW_LIFETIME = timedelta(days=7)
Message = str | Promise
FormData = Mapping[str, Any]


@dataclass(frozen=True)
class StoryButton:
    """One button. `act(draft, by, version, asked)` calls one action and says what came of it."""

    may: Callable[[User], bool]
    act: Callable[[Draft, User, int, FormData], Message]
    judges: bool = False  # decides on the words as they were read, not on words typed with it


def hand_in(draft: Draft, by: User, version: int, asked: FormData) -> Message:
    submit(draft, by=by, version=version)
    return _("Handed in for review.")


def pass_it(draft: Draft, by: User, version: int, asked: FormData) -> Message:
    approve(draft, by=by, version=version)
    return _("Approved.")


def give_back(draft: Draft, by: User, version: int, asked: FormData) -> Message:
    send_back(draft, by=by, version=version, note=asked.get("review_note", ""))
    return _("Sent back to the writer.")


def publish(draft: Draft, by: User, version: int, asked: FormData) -> Message:
    release = publish_now(draft, by=by, version=version)
    return out_now(release)


def correct(draft: Draft, by: User, version: int, asked: FormData) -> Message:
    correction = {"kind": asked["correction_kind"], "note": asked["correction_note"]}
    release = publish_now(draft, by=by, version=version, correction=correction)  # type: ignore[arg-type]
    return out_now(release)


def out_now(release: Release) -> str:
    return _now("Published. Readers see edition %(number)d.") % {"number": release.edition.number}


def schedule(draft: Draft, by: User, version: int, asked: FormData) -> Message:
    release = schedule_draft(draft, at=asked["at"], by=by, version=version)
    return goes_out(release)


def swap(draft: Draft, by: User, version: int, asked: FormData) -> Message:
    return goes_out(replace_scheduled(draft, by=by, version=version))


def move(draft: Draft, by: User, version: int, asked: FormData) -> Message:
    return goes_out(reschedule(draft, at=asked["at"], by=by, version=version))


def goes_out(release: Release) -> str:
    told = {"number": release.edition.number, "at": format_short_time(release.due_at)}
    return _now("Edition %(number)d goes out at %(at)s.") % told


def unschedule(draft: Draft, by: User, version: int, asked: FormData) -> Message:
    release = Release.objects.waiting().filter(article=draft.article_id).first()
    if release is None:
        raise NothingWaiting
    cancel_release(release, by=by)
    return _("The plan is taken back. Nothing of this story is waiting.")


def bring_back(draft: Draft, by: User, version: int, asked: FormData) -> Message:
    if draft.article is None:
        raise NotWithdrawn
    restore(draft.article, by=by)
    return _("Restored. Readers see it again when it is published.")


def bin_it(draft: Draft, by: User, version: int, asked: FormData) -> Message:
    move_to_trash(draft, by=by, version=version)
    return _("In the trash. It can be taken out again.")


def preview(draft: Draft, by: User, version: int, asked: FormData) -> Message:
    _link, token = create_preview(draft, by=by, version=version, valid_for=PREVIEW_LIFETIME)
    address = reverse("preview-page", args=[token])
    link = format_html(
        '<a href="{}" target="_blank" rel="noopener">{}</a>', address, _("Open the preview")
    )
    words = _("Everybody with this link can read the story as it stands, for a week.")
    return format_html("{} {}", link, words)


STORY_BUTTONS: dict[str, StoryButton] = {
    "submit": StoryButton(may_write, hand_in),
    "approve": StoryButton(may_approve, pass_it, judges=True),
    "send_back": StoryButton(may_approve, give_back, judges=True),
    "publish": StoryButton(may_publish, publish),
    "correct": StoryButton(may_publish, correct),
    "schedule": StoryButton(may_publish, schedule),
    "swap": StoryButton(may_publish, swap),
    "move": StoryButton(may_publish, move),
    "unschedule": StoryButton(may_publish, unschedule),
    "restore": StoryButton(may_restore, bring_back),
    "preview": StoryButton(may_write, preview),
    "throw_away": StoryButton(may_write, bin_it),
}


def press_button(do: str, draft: Draft, *, by: User, asked: FormData, changed: bool) -> Message:
    """Press the button `do` on a draft just kept; what came of it, in a sentence.

    Raises WordsChanged for a judgement on words that were changed in the same breath, and whatever
    the action refuses with.
    """
    verb = STORY_BUTTONS[do]
    if verb.judges and changed:
        raise WordsChanged
    return verb.act(draft, by, draft.version, asked)


def permitted_buttons(user: User) -> dict[str, bool]:
    """Which buttons this person may press at all."""
    return {name: verb.may(user) for name, verb in STORY_BUTTONS.items()}
