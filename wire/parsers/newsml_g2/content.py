"""Content of a NewsML-G2 item: inline XML (XHTML, NITF), inline data, remote content, groups."""

import base64
import binascii
from html import unescape
from typing import TYPE_CHECKING, Any

from wire.decoding import decode
from wire.embargo import Embargo
from wire.errors import Unreadable
from wire.parsers.markup import Content, html_content, pixels, text_content
from wire.parsers.newsml_g2.metadata import code_of, joined, name_of
from wire.parsers.nitf.body import body_content
from wire.parsers.nitf.parser import nitf_head
from wire.parsers.result import Block, Media, ParsedStory
from wire.parsers.usage_terms import forbids_ai, forbids_resale
from wire.parsers.xml_documents import attribute, children, every, first, local_name, text_of
from wire.parsers.xml_markup import to_html

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
else:
    Element = Any

# Renditions from the best; a remote content without one of them comes after these, by its width.
RENDITIONS = ("highres", "print", "original", "web", "lowres", "preview", "thumbnail")
# From the mildest to the strictest.
PUB_STATUSES = ("usable", "withheld", "canceled")
SIGNALS = ("", "text", "correction", "cancellation")
EMBARGOES = (Embargo.NONE, Embargo.UNTIL, Embargo.OPEN)
HTML_TYPES = ("text/html", "application/xhtml")


def read_content(item: Element, story: ParsedStory) -> Content:
    """The content of an item: the first inline form that has text, and the best remote rendition."""
    contents = first(item, "contentSet")
    content = Content()
    for inline in (*children(contents, "inlineXML"), *children(contents, "inlineData")):
        is_xml = local_name(inline) == "inlineXML"
        content = xml_content(inline, story) if is_xml else data_content(inline)
        if content.blocks:
            break
    remote = children(contents, "remoteContent")
    if remote:
        content.media.append(remote_media(item, remote, story))
    return content


def xml_content(inline: Element, story: ParsedStory) -> Content:
    """The content of inline XML. What an NITF head says fills in what the item does not say."""
    root = inline[0] if len(inline) else None
    name = "" if root is None else local_name(root)
    if root is not None and name == "nitf":
        fill_in(story, nitf_head(root))
        return body_content(first(root, "body", "body.content"), notes=story.notes)
    if root is not None and name in {"body.content", "block"}:
        return body_content(root, notes=story.notes)
    body = next(every(inline, "body"), inline)
    return html_content(to_html(body))


def fill_in(story: ParsedStory, inner: ParsedStory) -> None:
    """Fill fields that the item leaves empty from the NITF document inside."""
    for name in ("headline", "deck", "bylines", "sent_at", "urgency", "language", "rights"):
        if not getattr(story, name):
            setattr(story, name, getattr(inner, name))
    if not story.dateline.places:
        story.dateline = inner.dateline
    story.usage_terms = joined(story.usage_terms, inner.usage_terms)
    story.notes += inner.notes
    story.contacts += inner.contacts
    take_restrictions(story, inner)


def take_restrictions(story: ParsedStory, inner: ParsedStory) -> None:
    """Take what the inner document forbids and the item does not: of two, the stricter one holds."""
    if embargo_strictness(inner) > embargo_strictness(story):
        story.embargo, story.embargo_until = inner.embargo, inner.embargo_until
        if inner.embargo == Embargo.OPEN:
            story.warn("embargo_unreadable")
    story.embargo_lines += inner.embargo_lines
    ends = [at for at in (story.expires_at, inner.expires_at) if at]
    story.expires_at = min(ends, default=None)
    story.pub_status = max(story.pub_status, inner.pub_status, key=PUB_STATUSES.index)
    story.signal = max(story.signal, inner.signal, key=SIGNALS.index)
    story.ai_use_prohibited = story.ai_use_prohibited or inner.ai_use_prohibited
    if forbids_ai(inner.rights) or forbids_resale(inner.rights):
        story.usage_terms = joined(story.usage_terms, inner.rights)


def embargo_strictness(story: ParsedStory) -> tuple[int, float]:
    """No embargo, one until a time, a later time, an unknown end."""
    until = story.embargo_until.timestamp() if story.embargo_until else 0.0
    return EMBARGOES.index(story.embargo), until


def data_content(inline: Element) -> Content:
    """The content of inline data: plain text or HTML, Base64 where it says so."""
    text = "".join(str(part) for part in inline.itertext())
    if "base64" in attribute(inline, "encoding").lower():
        try:
            text = decode(base64.b64decode(text, validate=False)).text
        except (binascii.Error, ValueError, Unreadable):
            return Content()
    kind = attribute(inline, "contenttype").lower()
    if kind.startswith(HTML_TYPES):
        return html_content(text)
    return text_content(unescape(text) if "&#" in text else text)


def remote_media(item: Element, remote: list[Element], story: ParsedStory) -> Media:
    """The best rendition of a picture or file, with the item's caption, credit and rights."""
    best = min(remote, key=rendition_rank)
    meta = first(item, "contentMeta")
    captions = [text_of(line) for line in children(meta, "description")]
    credit = text_of(first(meta, "creditline")) or text_of(first(meta, "by"))
    creator = first(meta, "creator")
    return Media(
        href=attribute(best, "href"),
        media_type=attribute(best, "contenttype"),
        caption=next(filter(None, captions), ""),
        credit=credit or text_of(first(creator, "name")),
        rights=joined(story.rights, story.usage_terms),
        width=pixels(attribute(best, "width")),
        height=pixels(attribute(best, "height")),
    )


def rendition_rank(remote: Element) -> tuple[int, int]:
    """The order of renditions: those with an address first, then by name, then the widest first."""
    name = code_of(remote) or attribute(remote, "rendition", "renditionuri")
    word = name.lower().replace("-", "").rpartition(":")[2].rpartition("/")[2]
    rank = RENDITIONS.index(word) if word in RENDITIONS else len(RENDITIONS)
    has_address = bool(attribute(remote, "href"))
    return rank + (0 if has_address else 100), -(pixels(attribute(remote, "width")) or 0)


def package_content(item: Element) -> Content:
    """The content of a package without its items: a list of what it refers to, and pictures' addresses."""
    content = Content()
    rows: list[tuple[str, ...]] = []
    for reference in every(first(item, "groupSet"), "itemRef"):
        title = text_of(first(reference, "headline")) or text_of(first(reference, "title"))
        title = title or name_of(reference) or attribute(reference, "residref")
        if title:
            rows.append((title,))
        href, kind = attribute(reference, "href"), attribute(reference, "contenttype")
        if href and kind.startswith("image/"):
            caption = text_of(first(reference, "description"))
            content.media.append(Media(href=href, media_type=kind, caption=caption or title))
    if rows:
        content.blocks.append(Block("list", "\n".join(row[0] for row in rows), "", tuple(rows)))
    return content


def references_of(item: Element) -> set[str]:
    """The identifiers that an item refers to: links of a news item, references of a package."""
    elements = (*children(first(item, "itemMeta"), "link"), *every(item, "itemRef"))
    return {value for e in elements if (value := attribute(e, "residref"))}
