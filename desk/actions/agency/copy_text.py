"""Agency copy as the text of a draft: the body as HTML, and the notes for the desk."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _

from media.models import Photo
from media.representation import photo_file_path
from wire.models import StoryPhoto, Version

MAX_HEADLINE_CHARS, MAX_DECK_CHARS, MAX_CREDIT_CHARS = 200, 300, 200
# So much of a paragraph says which one it is.
PLACE_CHARS = 20


def photos_by_caption(version: Version) -> dict[str, Photo]:
    """{caption without surplus space: photo} of the story's photos that can be shown. One query."""
    rows = StoryPhoto.objects.in_library(version.story_id).select_related("photo")
    return {
        same_spaces(row.caption): row.photo
        for row in rows
        if row.photo and row.photo.is_ready and same_spaces(row.caption)
    }


def fields_from(version: Version) -> dict[str, str]:
    """The single-line fields of a draft with the words of agency copy, cut to their room."""
    return {
        "headline": version.headline[:MAX_HEADLINE_CHARS],
        "deck": " ".join(version.deck)[:MAX_DECK_CHARS],
        "source_credit": version.rights[:MAX_CREDIT_CHARS],
    }


def same_spaces(text: str) -> str:
    return " ".join(text.split())


def body_from(version: Version, photos: Mapping[str, Photo]) -> str:
    """The text of agency copy as HTML, with the photos whose captions have them, in the agency's order."""
    blocks, figures = blocks_of(version), defaultdict[int, list[str]](list)
    used = set[int]()
    for caption in version.captions:
        photo = photos.get(same_spaces(caption["text"]))
        if photo and photo.pk not in used:
            used.add(photo.pk)
            place = min(caption.get("place") or 0, len(blocks))
            figures[place].append(html_of_figure(photo, caption))
    parts = [html for n, block in enumerate(blocks) for html in (*figures[n], html_of_block(block))]
    return "".join([*parts, *figures[len(blocks)]])


def blocks_of(version: Version) -> list[dict[str, Any]]:
    """The blocks of a version; those from before blocks were read have paragraphs alone."""
    return version.blocks or [{"kind": "paragraph", "text": text} for text in version.paragraphs]


def html_of_figure(photo: Photo, caption: dict[str, Any]) -> str:
    """A photo of the library with the agency's caption and credit (docs/body.md)."""
    credit = f" <small>{escape(caption['credit'])}</small>" if caption["credit"] else ""
    source = escape(photo_file_path(photo, photo.sources[-1]["name"]))
    return (
        f'<figure><img src="{source}" alt="{escape(photo.alt)}">'
        f"<figcaption>{escape(caption['text'])}{credit}</figcaption></figure>"
    )


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


def notes_from(version: Version, photos: Mapping[str, Photo]) -> str:
    """What agency copy says beside its text: for the desk, not for readers."""
    lines = [*origin_lines(version), *caption_lines(version, photos)]
    if version.ai_use_prohibited:
        lines.append(_("The agency prohibits the use of this text with AI."))
    if version.resale_prohibited:
        lines.append(_("The agency prohibits resale and storage in databases."))
    if len(version.rights) > MAX_CREDIT_CHARS:
        lines.append(_("Rights: %(rights)s") % {"rights": version.rights})
    if version.usage_terms:
        lines.append(_("Usage terms: %(terms)s") % {"terms": version.usage_terms})
    signed = [f"{by['name']} {by['role']}".strip() for by in version.bylines]
    if signed:
        lines.append(_("Signed: %(names)s") % {"names": ", ".join(signed)})
    return "\n".join(lines)


def origin_lines(version: Version) -> list[str]:
    """Where and when the copy was filed, and what of headline and deck the draft has no room for."""
    lines = []
    places, deck = "·".join(version.places), " ".join(version.deck)
    if dateline := "=".join(filter(None, [places, version.dateline_agency])):
        lines.append(_("Dateline: %(dateline)s") % {"dateline": dateline})
    if version.sent_at:
        sent = timezone.localtime(version.sent_at).strftime("%Y-%m-%d %H:%M:%S")
        lines.append(_("Sent by the agency: %(at)s") % {"at": sent})
    if len(version.headline) > MAX_HEADLINE_CHARS:
        lines.append(_("Headline of the agency: %(headline)s") % {"headline": version.headline})
    if len(deck) > MAX_DECK_CHARS:
        lines.append(_("Deck of the agency: %(deck)s") % {"deck": deck})
    return lines


def caption_lines(version: Version, photos: Mapping[str, Photo]) -> list[str]:
    """The captions whose photos the library does not have, each with its place in the text."""
    missing = [c for c in version.captions if same_spaces(c["text"]) not in photos]
    blocks = blocks_of(version)
    lines = [placed(caption, blocks) for caption in missing]
    return [_("Captions:"), *lines] if lines else []


def placed(caption: dict[str, Any], blocks: list[dict[str, Any]]) -> str:
    """A caption with the block that it stands before; without, where that is the first or is unknown."""
    place, text = caption.get("place") or 0, credited(caption)
    if not 0 < place <= len(blocks):
        return text
    if place == len(blocks):
        return _("%(caption)s (at the end)") % {"caption": text}
    words = blocks[place].get("text") or ""
    start = words if len(words) <= PLACE_CHARS else f"{words[:PLACE_CHARS]}…"
    if not start:
        return _("%(caption)s (before block %(number)d)") % {"caption": text, "number": place + 1}
    return _("%(caption)s (before “%(words)s”)") % {"caption": text, "words": start}


def credited(caption: dict[str, Any]) -> str:
    """The caption of a picture, with its credit and a ban on resale where the agency states them."""
    marks = [caption["credit"]] if caption["credit"] else []
    if caption.get("resale_prohibited"):
        marks.append(_("no resale, no storage in databases"))
    return " ".join([caption["text"], *(f"[{mark}]" for mark in marks)])
