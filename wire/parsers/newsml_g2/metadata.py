"""Metadata of a NewsML-G2 item: identity, state, times, rights, descriptions."""

from typing import TYPE_CHECKING, Any

from wire.parsers.finishing import (
    KEYWORD,
    PLACE,
    SLUGLINE,
    add_byline,
    add_embargo,
    add_place,
    add_subject,
    add_time,
    pub_status_of,
    signal_of,
    urgency_of,
)
from wire.parsers.result import ParsedStory
from wire.parsers.times import parse_time
from wire.parsers.xml_documents import attribute, children, first, text_of
from wire.parsers.yonhap.header import parse_opening

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
else:
    Element = Any

DEFAULT_VERSION = "1"  # NewsML-G2: an item without @version is its first
PLACE_TYPES = ("cpttype:5", "cptype:5", "cptype/5", "geoarea", "cpnat:geoarea", "cpnat:poi")
SUB_HEADLINE_ROLES = ("sub", "deck")
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def code_of(element: Element | None) -> str:
    """The concept that an element names: QCode, address, or literal."""
    return attribute(element, "qcode", "uri", "literal")


def name_of(element: Element | None) -> str:
    """The name of a concept: `name`, else its literal; empty for a code alone."""
    if element is None:
        return ""
    return text_of(first(element, "name")) or attribute(element, "literal") or text_of(element)


def read_metadata(item: Element, story: ParsedStory) -> None:
    """Read everything about an item but its content."""
    story.identifier = attribute(item, "guid")
    story.agency_version = attribute(item, "version") or DEFAULT_VERSION
    story.language = attribute(item, XML_LANG)
    read_item_meta(first(item, "itemMeta"), story)
    for rights in children(item, "rightsInfo"):
        read_rights(rights, story)
    for meta in children(item, "contentMeta"):
        read_content_meta(meta, story)
    if not story.headline:
        story.headline = text_of(first(item, "itemMeta", "title"))


def read_item_meta(meta: Element | None, story: ParsedStory) -> None:
    story.agency = name_of(first(meta, "provider"))
    add_time(story, text_of(first(meta, "versionCreated")), text_of(first(meta, "firstCreated")))
    add_embargo(story, text_of(first(meta, "embargoed")))
    story.pub_status = pub_status_of(code_of(first(meta, "pubStatus")))
    story.signal = signal_of(code_of(signal) for signal in children(meta, "signal"))
    story.notes += [note for element in children(meta, "edNote") if (note := text_of(element))]
    story.expires_at = parse_time(text_of(first(meta, "expires")))


def read_rights(rights: Element, story: ParsedStory) -> None:
    """Read holder, notice and terms of use; `validto` ends the use."""
    notice = [text_of(line) for line in children(rights, "copyrightNotice")]
    holder = [name_of(line) for line in children(rights, "copyrightHolder")]
    terms = [text_of(line) for line in children(rights, "usageTerms")]
    story.rights = joined(story.rights, *(notice or holder))
    story.usage_terms = joined(story.usage_terms, *terms)
    if any("DMI-PROHIBITED" in str(value) for e in rights.iter() for value in e.attrib.values()):
        story.ai_use_prohibited = True
    story.expires_at = story.expires_at or parse_time(attribute(rights, "validto"))


def joined(*lines: str) -> str:
    return "\n".join(dict.fromkeys(line for line in lines if line))


def read_content_meta(meta: Element, story: ParsedStory) -> None:
    story.urgency = urgency_of(text_of(first(meta, "urgency"))) or story.urgency
    story.language = attribute(first(meta, "language"), "tag") or story.language
    story.expires_at = story.expires_at or parse_time(text_of(first(meta, "expires")))
    for headline in children(meta, "headline"):
        role = attribute(headline, "role").lower()
        if story.headline or role.endswith(SUB_HEADLINE_ROLES):
            story.deck.append(text_of(headline))
        else:
            story.headline = text_of(headline)
    for name, code in ((SLUGLINE, SLUGLINE), ("keyword", KEYWORD)):
        for element in children(meta, name):
            add_subject(story, code, text_of(element))
    read_people(meta, story)
    read_dateline(meta, story)
    for subject in children(meta, "subject"):
        read_subject(subject, story)
    for source in children(meta, "infoSource"):
        if name := name_of(source):
            story.agency = story.agency or name
            story.notes.append(f"infoSource {name}")


def read_people(meta: Element, story: ParsedStory) -> None:
    """Read the bylines as the agency wrote them, else the names of the creators."""
    for byline in children(meta, "by"):
        add_byline(story, text_of(byline))
    if not story.bylines:
        for creator in children(meta, "creator"):
            add_byline(story, text_of(first(creator, "name")) or attribute(creator, "literal"))


def read_dateline(meta: Element, story: ParsedStory) -> None:
    """Read the places: of a Korean dateline, of `located`, else the words before its first comma."""
    line = text_of(first(meta, "dateline"))
    if opening := parse_opening(line):
        story.dateline = opening.dateline
    add_place(story, *(text_of(first(place, "name")) for place in children(meta, "located")))
    if line and not story.dateline.places:
        add_place(story, line.split(",")[0].split("(")[0].split("--")[0])


def read_subject(subject: Element, story: ParsedStory) -> None:
    """Read a subject with its name; a place without a code is a place all the same."""
    is_place = attribute(subject, "type", "typeuri").lower().endswith(PLACE_TYPES)
    code = attribute(subject, "qcode", "uri")
    add_subject(story, code or (PLACE if is_place else ""), name_of(subject))
