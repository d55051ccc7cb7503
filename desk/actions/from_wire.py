"""Start a draft from an agency story."""

from typing import Any

from django.db import transaction
from django.utils.html import escape
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import record_audit
from desk.actions.drafts import write_fields
from desk.actions.versions.versioning import record_version
from desk.errors import NothingToStartFrom
from desk.errors.wire import AlreadyTaken, CopyExpired
from desk.models import Draft
from desk.permissions import may_write
from desk.wire_status import takings_of
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
    Captions, restrictions and usage terms go to the notes. Reporters' e-mail addresses are not copied, nor
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
    draft = Draft.objects.create(created_by=by, changed_by=by, wire_version=version)
    write_fields(
        draft,
        {
            "headline": version.headline[:200],
            "deck": " ".join(version.deck)[:300],
            "body": body_from(version),
            "source_name": version.agency[:120],
            "source_credit": version.rights[:200],
            "notes": notes_from(version),
            "expires_at": version.expires_at,
        },
    )
    draft.save()
    record_version(draft, by=by)
    record_audit(draft, verb="began", by=by, wire=version.pk)
    return draft


def body_from(version: Version) -> str:
    """The text of agency copy as HTML; versions from before blocks were read have paragraphs alone."""
    blocks = version.blocks or [{"kind": "paragraph", "text": text} for text in version.paragraphs]
    return "".join(map(html_of_block, blocks))


def html_of_block(block: dict[str, Any]) -> str:
    """One block as HTML, which is normalised with the body (docs/body.md)."""
    if html := block.get("html"):
        return str(html)
    rows = block.get("rows") or ()
    if block["kind"] == "table":
        cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
        return f"<table><tbody>{''.join(f'<tr>{row}</tr>' for row in cells)}</tbody></table>"
    if block["kind"] == "list":
        items = (escape(" ".join(row)) for row in rows)
        return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
    text = escape(block["text"])
    if block["kind"] == "quote":
        return f"<blockquote><p>{text}</p></blockquote>"
    return f"<h2>{text}</h2>" if block["kind"] == "subhead" else f"<p>{text}</p>"


def notes_from(version: Version) -> str:
    """Captions, restrictions and signatures of agency copy: for the desk, not for readers."""
    lines = [credited(caption) for caption in version.captions]
    if lines:
        lines.insert(0, _("Captions:"))
    if version.ai_use_prohibited:
        lines.append(_("The agency prohibits the use of this text with AI."))
    if version.resale_prohibited:
        lines.append(_("The agency prohibits resale and storage in databases."))
    if version.usage_terms:
        lines.append(_("Usage terms: %(terms)s") % {"terms": version.usage_terms})
    signed = [f"{by['name']} {by['role']}".strip() for by in version.bylines]
    if signed:
        lines.append(_("Signed: %(names)s") % {"names": ", ".join(signed)})
    return "\n".join(lines)


def credited(caption: dict[str, Any]) -> str:
    """The caption of a picture, with its credit and a ban on resale where the agency states them."""
    marks = [caption["credit"]] if caption["credit"] else []
    if caption.get("resale_prohibited"):
        marks.append(_("no resale, no storage in databases"))
    return " ".join([caption["text"], *(f"[{mark}]" for mark in marks)])
