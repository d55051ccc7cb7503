"""Parser of ninjs: one item, a list of items, or an object that holds such a list."""

import re
from typing import Any

from wire.errors import NoStory
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
    require_few,
    signal_of,
    urgency_of,
)
from wire.parsers.markup import Content, caption_of, html_content, pixels, text_content
from wire.parsers.ninjs.documents import Item, load_json
from wire.parsers.payload import Payload
from wire.parsers.result import Media, ParsedDelivery, ParsedStory
from wire.parsers.times import parse_time

FORM = "ninjs"
IDENTIFIER_NAME = re.compile(rb'"(?:uri|guid)"\s*:', re.IGNORECASE)
CONTENT_NAME = re.compile(
    rb'"(?:headlines?|version_?created|pubstatus|bod(?:y_?text|y_?html|y_?xhtml|ies)|representationtype'
    rb'|copyrightholder|description_?text)"\s*:',
    re.IGNORECASE,
)
LISTS_OF_ITEMS = ("items", "results", "stories", "newsitems", "data")
# Renditions from the best; others by their width.
RENDITIONS = ("original", "highres", "hires", "baseimage", "print", "web", "preview", "thumbnail")
BODY_NAMES = ("body_html", "body_xhtml", "body_text", "bodies")
MAX_ASSOCIATION_DEPTH = 3


def matches(payload: Payload) -> bool:
    is_json = payload.head().startswith((b"{", b"["))
    return is_json and bool(
        IDENTIFIER_NAME.search(payload.raw) and CONTENT_NAME.search(payload.raw)
    )


def parse(payload: Payload) -> ParsedDelivery:
    """The stories of a ninjs document. Raises Malformed, NoStory, TooComplex, TooLarge, Unreadable."""
    value, decoded = load_json(payload, form=FORM)
    items = items_of(value)
    require_few(len(items))
    stories = [s for item in items if isinstance(item, dict) for s in stories_of(Item(item))]
    if not stories:
        raise NoStory(FORM)
    for story in stories:
        story.warnings = [*decoded.warnings, *story.warnings]
    return ParsedDelivery(stories, Source.Format.NINJS, decoded.encoding)


def items_of(value: Any) -> list[Any]:
    if isinstance(value, dict) and not {"uri", "guid"} & {name.lower() for name in value}:
        lists = (value.get(name) for name in LISTS_OF_ITEMS)
        value = next((found for found in lists if isinstance(found, list)), value)
    return value if isinstance(value, list) else [value]


def stories_of(item: Item) -> list[ParsedStory]:
    """The story of an item, and those of texts inside it; a composite of texts is none itself."""
    inner = [
        text
        for text in item.items("associations")
        if text.text("uri", "guid") and text.text("type") == "text" and text.has(*BODY_NAMES)
    ]
    own = [] if inner and item.text("type") == "composite" else [item]
    require_few(len(own) + len(inner))
    return [story_of(one) for one in (*own, *inner)]


def story_of(item: Item) -> ParsedStory:
    story = ParsedStory()
    story.identifier = item.text("uri", "guid")
    story.agency_version = item.text("version")
    story.language = item.text("language")
    story.urgency = urgency_of(item.text("urgency"))
    add_time(story, item.text("versioncreated"), item.text("firstcreated", "contentcreated"))
    add_embargo(story, item.text("embargoed", "embargo"))
    read_state(item, story)
    read_texts(item, story)
    read_people_and_places(item, story)
    read_rights(item, story)
    read_subjects(item, story)
    content = body_of(item)
    add_renditions(item, content)
    for association in item.items("associations"):
        add_association(association, content, depth=0)
    return finish_story(story, content)


def read_state(item: Item, story: ParsedStory) -> None:
    story.pub_status = pub_status_of(item.text("pubstatus"))
    story.signal = signal_of(
        signal.text("qcode", "code", "uri", "literal", "name")
        for signal in item.items("signals", "signal")
    )
    story.expires_at = parse_time(item.text("expires", "expiry"))
    if note := item.text("ednote", "editornote"):
        story.notes.append(note)
    if earlier := item.text("evolvedfrom"):
        story.notes.append(f"evolvedfrom {earlier}")


def read_texts(item: Item, story: ParsedStory) -> None:
    """Read headline, deck and slugline. Of `headlines` the one with the role `main`, or the first."""
    headlines = [(h.text("role"), h.text("value", "name")) for h in item.items("headlines")]
    main = next((text for role, text in headlines if role == "main"), "")
    first = next((text for _role, text in headlines), "")
    story.headline = main or item.text("headline") or first or item.text("title")
    story.deck += [text for _role, text in headlines if text and text != story.headline]
    if item.text("type") not in {"picture", "graphic", "video", "audio"}:
        story.deck += descriptions_of(item)
    if slugline := item.text("slugline"):
        add_subject(story, SLUGLINE, slugline)


def descriptions_of(item: Item) -> list[str]:
    found = [d.text("value", "name") for d in item.items("descriptions")]
    return list(filter(None, found)) or list(
        filter(None, [item.text("description_text", "descriptiontext", "description")])
    )


def read_people_and_places(item: Item, story: ParsedStory) -> None:
    story.agency = item.text("copyrightholder", "source", "provider")
    for source in item.items("infosources", "infosource"):
        story.agency = story.agency or source.text("name")
    if byline := item.text("by", "byline"):
        add_byline(story, byline)
    else:
        for person in item.items("bylines", "authors", "creators"):
            add_byline(story, person.text("by", "byline", "name", "value"))
    if place := item.text("located"):
        add_place(story, place.split(",")[0])


def read_rights(item: Item, story: ParsedStory) -> None:
    """Read notice, holder and terms, also those inside `rightsinfo`."""
    infos = list(item.items("rightsinfo"))
    sources = [item, *infos, *(inner for info in infos for inner in info.items("linkedrights"))]
    notices = [s.text("copyrightnotice") or s.text("copyrightholder") for s in sources]
    terms = [s.text("usageterms") for s in sources]
    terms += [s.text("encodedrights", "href", "uri") for s in sources[1:]]
    story.rights = "\n".join(dict.fromkeys(filter(None, notices)))
    story.usage_terms = "\n".join(dict.fromkeys(filter(None, terms)))
    story.expires_at = story.expires_at or next(
        (at for info in infos if (at := parse_time(info.text("validuntil", "validto")))), None
    )


def read_subjects(item: Item, story: ParsedStory) -> None:
    for subject in item.items("subjects", "subject"):
        code = subject.text("qcode", "code", "uri", "literal")
        scheme = subject.text("scheme")
        is_plain = bool(code) and ":" not in code and "://" not in scheme and bool(scheme)
        add_subject(story, f"{scheme}:{code}" if is_plain else code, subject.text("name"))
    for place in item.items("places", "place"):
        add_subject(story, place.text("qcode", "code", "uri") or PLACE, place.text("name"))
    for keyword in item.items("keywords"):
        add_subject(story, KEYWORD, keyword.text("name"))


def body_of(item: Item) -> Content:
    """The text of an item: HTML before plain text, which has lost its structure."""
    bodies = [
        (b.text("contenttype", "role").lower(), b.text("value")) for b in item.items("bodies")
    ]
    html = next((text for kind, text in bodies if "html" in kind and text), "")
    html = item.text("body_html", "body_xhtml") or html
    if html:
        return html_content(html)
    plain = next((text for kind, text in bodies if "xml" not in kind and text), "")
    return text_content(item.text("body_text") or plain)


def add_association(association: Item, content: Content, *, depth: int) -> None:
    """Add the files of an associated item that may be used, and of those that are associated with it."""
    if pub_status_of(association.text("pubstatus")) != "usable":
        return
    add_renditions(association, content)
    if depth < MAX_ASSOCIATION_DEPTH:
        for inner in association.items("associations", "items"):
            add_association(inner, content, depth=depth + 1)


def add_renditions(item: Item, content: Content) -> None:
    """Add the best rendition of an item with its caption, credit and rights."""
    renditions = [r for r in item.items("renditions") if r.text("href")]
    if not renditions:
        return
    best = min(renditions, key=rendition_rank)
    caption = " ".join(descriptions_of(item)) or item.text("headline", "title")
    credit = item.text("by", "byline", "creditline", "copyrightholder")
    rights = [item.text("copyrightnotice"), item.text("usageterms")]
    media = Media(
        href=best.text("href"),
        media_type=best.text("contenttype", "mimetype"),
        caption=" ".join(caption.split()),
        credit=credit,
        rights="\n".join(filter(None, rights)),
        width=pixels(best.text("width")),
        height=pixels(best.text("height")),
    )
    if all(known.href != media.href for known in content.media):
        content.media.append(media)
        if media.caption:
            content.captions.append(caption_of(media))


def rendition_rank(rendition: Item) -> tuple[int, int]:
    name = (rendition.text("usage") or rendition.text("name")).lower().replace("-", "")
    rank = next((n for n, known in enumerate(RENDITIONS) if known in name), len(RENDITIONS) - 3)
    return rank, -(pixels(rendition.text("width")) or 0)
