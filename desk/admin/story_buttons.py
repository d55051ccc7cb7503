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
    cancel,
    move_waiting,
    offer_preview,
    plan,
    put_out,
    replace_waiting,
    restore,
    send_back,
    submit,
    throw_away,
)
from desk.errors import NothingWaiting, NotWithdrawn, WordsChanged
from desk.models import Draft, Release
from desk.permissions import may_approve, may_publish, may_restore, may_write
from newsroom.text.dates import short

PREVIEW_LASTS = timedelta(days=7)
Said = str | Promise
Asked = Mapping[str, Any]


@dataclass(frozen=True)
class Verb:
    """One button. `act(draft, by, version, asked)` calls one action and says what came of it."""

    may: Callable[[User], bool]
    act: Callable[[Draft, User, int, Asked], Said]
    judges: bool = False  # decides on the words as they were read, not on words typed with it


def hand_in(draft: Draft, by: User, version: int, asked: Asked) -> Said:
    submit(draft, by=by, version=version)
    return _("Handed in for review.")


def pass_it(draft: Draft, by: User, version: int, asked: Asked) -> Said:
    approve(draft, by=by, version=version)
    return _("Approved.")


def give_back(draft: Draft, by: User, version: int, asked: Asked) -> Said:
    send_back(draft, by=by, version=version, note=asked.get("review_note", ""))
    return _("Sent back to the writer.")


def publish(draft: Draft, by: User, version: int, asked: Asked) -> Said:
    release = put_out(draft, by=by, version=version)
    return out_now(release)


def correct(draft: Draft, by: User, version: int, asked: Asked) -> Said:
    correction = {"kind": asked["correction_kind"], "note": asked["correction_note"]}
    release = put_out(draft, by=by, version=version, correction=correction)  # type: ignore[arg-type]
    return out_now(release)


def out_now(release: Release) -> str:
    return _now("Published. Readers see edition %(number)d.") % {"number": release.edition.number}


def schedule(draft: Draft, by: User, version: int, asked: Asked) -> Said:
    release = plan(draft, at=asked["at"], by=by, version=version)
    return goes_out(release)


def swap(draft: Draft, by: User, version: int, asked: Asked) -> Said:
    return goes_out(replace_waiting(draft, by=by, version=version))


def move(draft: Draft, by: User, version: int, asked: Asked) -> Said:
    return goes_out(move_waiting(draft, at=asked["at"], by=by, version=version))


def goes_out(release: Release) -> str:
    told = {"number": release.edition.number, "at": short(release.due_at)}
    return _now("Edition %(number)d goes out at %(at)s.") % told


def unschedule(draft: Draft, by: User, version: int, asked: Asked) -> Said:
    release = Release.objects.waiting().filter(article=draft.article_id).first()
    if release is None:
        raise NothingWaiting
    cancel(release, by=by)
    return _("The plan is taken back. Nothing of this story is waiting.")


def bring_back(draft: Draft, by: User, version: int, asked: Asked) -> Said:
    if draft.article is None:
        raise NotWithdrawn
    restore(draft.article, by=by)
    return _("Restored. Readers see it again when it is published.")


def bin_it(draft: Draft, by: User, version: int, asked: Asked) -> Said:
    throw_away(draft, by=by, version=version)
    return _("In the trash. It can be taken out again.")


def preview(draft: Draft, by: User, version: int, asked: Asked) -> Said:
    _link, token = offer_preview(draft, by=by, version=version, lasting=PREVIEW_LASTS)
    address = reverse("preview-page", args=[token])
    link = format_html(
        '<a href="{}" target="_blank" rel="noopener">{}</a>', address, _("Open the preview")
    )
    words = _("Everybody with this link can read the story as it stands, for a week.")
    return format_html("{} {}", link, words)


VERBS: dict[str, Verb] = {
    "submit": Verb(may_write, hand_in),
    "approve": Verb(may_approve, pass_it, judges=True),
    "send_back": Verb(may_approve, give_back, judges=True),
    "publish": Verb(may_publish, publish),
    "correct": Verb(may_publish, correct),
    "schedule": Verb(may_publish, schedule),
    "swap": Verb(may_publish, swap),
    "move": Verb(may_publish, move),
    "unschedule": Verb(may_publish, unschedule),
    "restore": Verb(may_restore, bring_back),
    "preview": Verb(may_write, preview),
    "throw_away": Verb(may_write, bin_it),
}


def perform(do: str, draft: Draft, *, by: User, asked: Asked, changed: bool) -> Said:
    """Press the button `do` on a draft just kept; what came of it, in a sentence.

    Raises WordsChanged for a judgement on words that were changed in the same breath, and whatever
    the action refuses with.
    """
    verb = VERBS[do]
    if verb.judges and changed:
        raise WordsChanged
    return verb.act(draft, by, draft.version, asked)


def offered(user: User) -> dict[str, bool]:
    """Which buttons this person may press at all."""
    return {name: verb.may(user) for name, verb in VERBS.items()}
