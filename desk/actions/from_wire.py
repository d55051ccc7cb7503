"""From the wire to the desk."""

from django.db import transaction
from django.utils.html import escape
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import record_audit
from desk.actions.drafts import write_fields
from desk.errors import NothingToStartFrom
from desk.models import Draft
from desk.permissions import may_write
from newsroom.errors import require
from wire.models import Story, Version


@transaction.atomic
def start_from_wire(story: Story, *, by: User) -> Draft:
    """Begin a story from agency copy: headline, deck, paragraphs and source are filled in.

    Raises NothingToStartFrom for a story that the agency cancelled or withholds.
    Captions and restrictions go to the notes; reporters' addresses stay with the wire.  So does the
    agency's embargo, which counts beside the desk's own for as long as the agency keeps it.
    """
    require(may_write(by))
    version = story.current
    if version is None or not story.is_usable():
        raise NothingToStartFrom
    draft = Draft.objects.create(created_by=by, changed_by=by, wire_version=version)
    write_fields(
        draft,
        {
            "headline": version.headline[:200],
            "deck": " ".join(version.deck)[:300],
            "body": "".join(f"<p>{escape(words)}</p>" for words in version.paragraphs),
            "source_name": version.agency[:120],
            "source_credit": version.rights[:200],
            "notes": notes_from(version),
        },
    )
    draft.save()
    record_audit(draft, verb="began", by=by, wire=version.pk)
    return draft


def notes_from(version: Version) -> str:
    """What the desk must know of agency copy and readers must not see: captions, restrictions, signs."""
    lines = [credited(caption) for caption in version.captions]
    if lines:
        lines.insert(0, _("Captions:"))
    if version.ai_use_prohibited:
        lines.append(_("The agency prohibits the use of this text with AI."))
    if version.resale_prohibited:
        lines.append(_("The agency prohibits resale and storage in databases."))
    signed = [f"{by['name']} {by['role']}".strip() for by in version.bylines]
    if signed:
        lines.append(_("Signed: %(names)s") % {"names": ", ".join(signed)})
    return "\n".join(lines)


def credited(caption: dict[str, str]) -> str:
    """The words under a picture, with whose picture it is where the agency says so."""
    return f"{caption['text']} [{caption['credit']}]" if caption["credit"] else caption["text"]
