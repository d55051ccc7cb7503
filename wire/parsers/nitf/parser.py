"""Parser of NITF documents: docdata, headlines, byline, dateline, body."""

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wire.models import Source
from wire.parsers.finishing import (
    KEYWORD,
    PLACE,
    SLUGLINE,
    add_byline,
    add_embargo,
    add_place,
    add_subject,
    add_time,
    finish_story,
    pub_status_of,
    signal_of,
    urgency_of,
)
from wire.parsers.marks import has_cancellation_mark
from wire.parsers.nitf.body import body_content
from wire.parsers.payload import Payload
from wire.parsers.private_lines import add_people
from wire.parsers.result import Byline, ParsedDelivery, ParsedStory
from wire.parsers.times import parse_time
from wire.parsers.xml_documents import (
    attribute,
    children,
    decode_xml,
    every,
    first,
    local_name,
    parse_xml,
    root_name,
    text_of,
)
from wire.parsers.yonhap.header import parse_opening

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
else:
    Element = Any

FORM = "NITF"
# Of IPTC's subjects before 2010; the media topics have their own codes.
DEFAULT_SUBJECT_SCHEME = "subj"


def matches(payload: Payload) -> bool:
    return root_name(payload) == "nitf"


def parse(payload: Payload) -> ParsedDelivery:
    """The story of an NITF document, and of a cancellation also the earlier document that it names.

    Raises Malformed, TooComplex, TooLarge, Unreadable.
    """
    decoded = decode_xml(payload)
    root = parse_xml(decoded.text, form=FORM)
    nitf = root if local_name(root) == "nitf" else next(every(root, "nitf"), root)
    story = nitf_story(nitf)
    story.warnings = [*decoded.warnings, *story.warnings]
    stories = [story, *cancelled_earlier(nitf, story)]
    return ParsedDelivery(stories, Source.Format.NITF, decoded.encoding)


def cancelled_earlier(nitf: Element, story: ParsedStory) -> list[ParsedStory]:
    """The cancellation as one of the earlier document, which `management-doc-idref` names; none for a
    text, and where `management-idref-status` says that the earlier one was not canceled.

    The document's own story is cancelled too: it may have been sent as a text before.
    """
    docdata = first(nitf, "head", "docdata")
    earlier = attribute(docdata, "management-doc-idref").strip()
    status = attribute(docdata, "management-idref-status") or "canceled"
    if not (earlier and is_cancellation(story) and pub_status_of(status) == "canceled"):
        return []
    registry = attribute(first(docdata, "doc-id"), "regsrc")
    if registry and not earlier.startswith(f"{registry}:"):
        earlier = f"{registry}:{earlier}"
    if earlier == story.identifier:
        return []
    # The number of another document says nothing about the versions of this one.
    return [replace(deepcopy(story), identifier=earlier, agency_version="")]


def is_cancellation(story: ParsedStory) -> bool:
    is_signalled = story.signal == "cancellation" or story.pub_status == "canceled"
    return is_signalled or has_cancellation_mark(story.marks)


def nitf_story(nitf: Element) -> ParsedStory:
    """The story in an `nitf` element."""
    story = nitf_head(nitf)
    content = body_content(first(nitf, "body", "body.content"), notes=story.notes)
    for tagline in children(first(nitf, "body", "body.end"), "tagline"):
        story.notes.append(text_of(tagline))
    return finish_story(story, content)


def nitf_head(nitf: Element) -> ParsedStory:
    """All of a story but its text."""
    story = ParsedStory()
    read_docdata(first(nitf, "head", "docdata"), story)
    read_head(nitf, story)
    read_body_head(first(nitf, "body", "body.head"), story)
    story.headline = story.headline or text_of(first(nitf, "head", "title"))
    return story


def read_docdata(docdata: Element | None, story: ParsedStory) -> None:
    """Read identity, times, state, urgency, rights and subjects.

    `doc-id` identifies the story; without it the key of `du-key` with the day of issue, because keys are
    used again on other days. `date.release` is an embargo, `date.expire` the end of use.
    """
    issued = attribute(first(docdata, "date.issue"), "norm")
    doc_id, key = first(docdata, "doc-id"), first(docdata, "du-key")
    identifier = attribute(doc_id, "id-string")
    registry = attribute(doc_id, "regsrc")
    if identifier:
        story.identifier = f"{registry}:{identifier}" if registry else identifier
    elif attribute(key, "key"):
        story.identifier = f"du-key:{attribute(key, 'key')}:{issued[:8]}"
    story.agency_version = attribute(key, "version")
    add_time(story, issued)
    read_state(docdata, story, released=attribute(first(docdata, "date.release"), "norm"))
    story.expires_at = parse_time(attribute(first(docdata, "date.expire"), "norm"))
    story.urgency = urgency_of(attribute(first(docdata, "urgency"), "ed-urg"))
    for message in children(docdata, "ed-msg"):
        note = attribute(message, "info") or text_of(message)
        if note:
            story.notes.append(note)
    read_rights(docdata, story)
    for keyword in children(first(docdata, "key-list"), "keyword"):
        add_subject(story, KEYWORD, attribute(keyword, "key"))
    for fixture in children(docdata, "fixture"):
        add_subject(story, SLUGLINE, attribute(fixture, "fix-id"))
    for place in children(first(docdata, "identified-content"), "location"):
        add_subject(story, attribute(place, "location-code") or PLACE, text_of(place))
    for subject in children(first(docdata, "identified-content"), "classifier"):
        add_subject(story, attribute(subject, "idsrc"), attribute(subject, "value"))


def read_state(docdata: Element | None, story: ParsedStory, *, released: str) -> None:
    """Read `management-status`: usable, withheld, canceled, embargoed (until `date.release`), info."""
    status = attribute(docdata, "management-status").lower()
    at = parse_time(released)
    if status == "embargoed" or (released and at and story.sent_at and at > story.sent_at):
        add_embargo(story, released or "embargoed")
    story.pub_status = "usable" if status == "embargoed" else pub_status_of(status)
    if attribute(docdata, "management-doc-idref"):
        story.notes.append(
            f"{attribute(docdata, 'management-idref-status')} "
            f"{attribute(docdata, 'management-doc-idref')}".strip()
        )
    story.signal = signal_of(
        attribute(message, "msg-type") for message in children(docdata, "ed-msg")
    )


def read_rights(docdata: Element | None, story: ParsedStory) -> None:
    copyright_ = first(docdata, "doc.copyright")
    owner = " ".join(filter(None, (attribute(copyright_, "year"), attribute(copyright_, "holder"))))
    story.rights = f"© {owner}" if owner else ""
    terms = []
    for rights in children(docdata, "doc.rights"):
        names = ("owner", "limitations", "agent", "type", "geography")
        terms += [value for name in names if (value := attribute(rights, name))]
        terms.append(text_of(rights))
        story.expires_at = story.expires_at or parse_time(attribute(rights, "enddate"))
    story.usage_terms = "\n".join(filter(None, terms))


def read_head(nitf: Element, story: ParsedStory) -> None:
    """Read language and subject codes of the head: `tobject.subject`, revisions."""
    head = first(nitf, "head")
    story.language = attribute(nitf, "{http://www.w3.org/XML/1998/namespace}lang", "lang")
    for subject in every(head, "tobject.subject"):
        code = attribute(subject, "tobject.subject.refnum")
        name = attribute(
            subject, "tobject.subject.detail", "tobject.subject.matter", "tobject.subject.type"
        )
        scheme = attribute(subject, "tobject.subject.ipr").lower()
        known = scheme if scheme and scheme != "iptc" else DEFAULT_SUBJECT_SCHEME
        add_subject(story, f"{known}:{code}" if code else "", name)
    for revision in children(head, "revision-history"):
        if comment := attribute(revision, "comment"):
            story.notes.append(comment)


def read_body_head(head: Element | None, story: ParsedStory) -> None:
    """Read headlines, byline, dateline, distributor, notes and abstract."""
    hedline = first(head, "hedline")
    titles = children(hedline, "hl1") or children(head, "hl1")
    story.headline = text_of(titles[0]) if titles else ""
    story.deck += [text_of(line) for line in (*titles[1:], *children(hedline, "hl2"))]
    story.notes += [text for note in children(head, "note") if (text := text_of(note))]
    for byline in children(head, "byline"):
        people = children(byline, "person")
        title = text_of(first(byline, "byttl"))
        for person in people:
            if title:
                add_people(story, (Byline(text_of(person), title),))
            else:
                add_byline(story, text_of(person))
        if not people:
            add_byline(story, text_of(byline))
    story.agency = text_of(first(head, "distributor")) or text_of(first(head, "distributor", "org"))
    read_dateline(first(head, "dateline"), story)
    abstract = first(head, "abstract")
    lines = children(abstract, "p") or ([] if abstract is None else [abstract])
    story.deck += [text_of(line) for line in lines]
    for rights in children(head, "rights"):
        story.usage_terms = "\n".join(filter(None, (story.usage_terms, text_of(rights))))


def read_dateline(dateline: Element | None, story: ParsedStory) -> None:
    """Read the places of a dateline, its agency, and the time where the document has no other."""
    if dateline is None:
        return
    if opening := parse_opening(text_of(dateline)):
        story.dateline = opening.dateline
    add_place(story, *(text_of(place) for place in every(dateline, "location")))
    if not story.dateline.places:
        add_place(story, (dateline.text or "").split(",")[0].split("(")[0])
    story_date = first(dateline, "story.date")
    if not story.sent_at and story_date is not None:
        add_time(story, attribute(story_date, "norm") or text_of(story_date))
