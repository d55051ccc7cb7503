"""Remarks on a draft for colleagues: write, change, resolve, open again; mentions notify.

A remark changes nothing of the draft: neither its version nor an edit lock matters.
"""

import re

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import record_audit
from desk.errors import EditedElsewhere
from desk.errors.collaboration import NotYourRemark, OtherSection, RemarkEmpty
from desk.models import Draft, Notice, Remark
from desk.notifications.notify import create_notices
from desk.permissions import may_read, may_write
from desk.section_rights import may_read_draft, may_write_draft, people_with_right
from newsroom.errors import require
from newsroom.text.normalization import is_blank, normalize_line, normalize_text

MENTION = re.compile(r"@(\S+)")
MAX_QUOTE_CHARS, MAX_REMARK_CHARS = 500, 2000


@transaction.atomic
def add_remark(draft: Draft, *, by: User, text: str, quote: str = "") -> Remark:
    """Add a remark on a passage (`quote`), or on the whole draft. `@name` notifies that colleague.

    Raises OtherSection, RemarkEmpty.
    """
    require_may_remark(draft, by=by)
    text = normalize_text(text)[:MAX_REMARK_CHARS]
    if is_blank(text):
        raise RemarkEmpty
    remark = Remark.objects.create(
        draft=draft, author=by, text=text, quote=normalize_line(quote)[:MAX_QUOTE_CHARS]
    )
    record_audit(draft, verb="remarked", by=by, remark=remark.pk)
    notify_mentioned(remark, by=by)
    return remark


@transaction.atomic
def change_remark(remark: Remark, *, by: User, text: str, version: int | None = None) -> Remark:
    """Change the text of one's own remark. Those newly mentioned are notified.

    Raises NotYourRemark, RemarkEmpty, OtherSection.
    """
    remark = lock_remark(remark, by=by, version=version)
    if remark.author_id != by.pk:
        raise NotYourRemark
    text = normalize_text(text)[:MAX_REMARK_CHARS]
    if is_blank(text):
        raise RemarkEmpty
    if text != remark.text:
        remark.text = text
        save_remark(remark, verb="changed_remark", by=by, fields=["text"])
        notify_mentioned(remark, by=by)
    return remark


@transaction.atomic
def resolve_remark(remark: Remark, *, by: User, version: int | None = None) -> Remark:
    """Mark a remark as resolved. Idempotent."""
    remark = lock_remark(remark, by=by, version=version)
    if remark.resolved_at is None:
        remark.resolved_at, remark.resolved_by = timezone.now(), by
        save_remark(remark, verb="resolved_remark", by=by, fields=["resolved_at", "resolved_by"])
    return remark


@transaction.atomic
def reopen_remark(remark: Remark, *, by: User, version: int | None = None) -> Remark:
    """Take back that a remark is resolved. Idempotent."""
    remark = lock_remark(remark, by=by, version=version)
    if remark.resolved_at is not None:
        remark.resolved_at = remark.resolved_by = None
        save_remark(remark, verb="reopened_remark", by=by, fields=["resolved_at", "resolved_by"])
    return remark


def require_may_remark(draft: Draft, *, by: User) -> None:
    require(may_write(by))
    if not may_write_draft(by, draft):
        raise OtherSection


def lock_remark(remark: Remark, *, by: User, version: int | None) -> Remark:
    """Lock the remark, and check that this person may work on its draft. Raises EditedElsewhere."""
    locked: Remark = Remark.objects.select_for_update().get(pk=remark.pk)
    require_may_remark(locked.draft, by=by)
    if version is not None and locked.version != version:
        raise EditedElsewhere
    return locked


def save_remark(remark: Remark, *, verb: str, by: User, fields: list[str]) -> None:
    """Save these fields of a locked remark as its next version, with an audit entry of its draft."""
    remark.version += 1
    remark.save(update_fields=[*fields, "version"])
    record_audit(remark.draft, verb=verb, by=by, remark=remark.pk)


def notify_mentioned(remark: Remark, *, by: User) -> None:
    """Notify the colleagues whom the remark mentions, each once, if they may read the draft."""
    words = MENTION.findall(remark.text)
    if not words:
        return
    known = set(remark.mentions.values_list("pk", flat=True))
    readers = people_with_right(may_read_draft, "desk.view_draft", remark.draft, timezone.now())
    people = [person for person in readers if is_mentioned(person, words) and may_read(person)]
    for person in people:
        if person.pk in known or person.pk == by.pk:
            continue
        reason = _("%(who)s: %(text)s") % {"who": by, "text": remark.text}
        label = str(remark.draft)
        what = Notice.What.MENTIONED
        create_notices(remark.draft, what=what, label=label, reason=reason, owner=person)
    remark.mentions.add(*people)


def is_mentioned(person: User, words: list[str]) -> bool:
    """Whether a word after an @ begins with the person's name, its spaces left out (`@김서윤님`)."""
    name = "".join(str(person).split()).casefold()
    return any(word.casefold().startswith(name) for word in words)
