"""Parser of feeds. Nothing is fetched: the bytes are those of the delivery."""

import re
from importlib import import_module
from io import BytesIO
from typing import Any

from newsroom.text.normalization import UNWANTED_CHARACTERS, normalize_line
from wire.errors import Malformed, NoStory
from wire.models import Source
from wire.parsers.feeds.media import feed_media
from wire.parsers.finishing import (
    KEYWORD,
    add_byline,
    add_subject,
    add_time,
    finish_story,
    require_few,
)
from wire.parsers.markup import Content, caption_of, html_content, text_content
from wire.parsers.payload import Payload
from wire.parsers.result import ParsedDelivery, ParsedStory
from wire.parsers.xml_documents import decode_xml, root_name

FORM = "RSS/Atom"
ROOTS = {"rss", "feed", "RDF"}
END = re.compile(r"</(?:[\w.\-]+:)?(?:rss|feed|RDF)\s*>(?:\s|<!--[^<>]*-->)*$")
MAX_TEASER_CHARS = 300
TYPES_OF_HTML = {"text/html", "application/xhtml+xml"}
TAG_OR_ENTITY = re.compile(r"<[a-zA-Z/!]|&(?:#\d|#x|[a-z])")


def matches(payload: Payload) -> bool:
    return root_name(payload) in ROOTS


def parse(payload: Payload) -> ParsedDelivery:
    """The stories of a feed.

    Raises Malformed for one that is cut off, NoStory, TooComplex, TooLarge, Unreadable.
    A feed with an error inside (an ampersand alone) is read as far as it goes, with a warning.
    """
    decoded = decode_xml(payload)
    if not END.search(decoded.text[-500:]):
        raise Malformed(FORM)
    feedparser = import_module("feedparser")
    parsed = feedparser.parse(
        BytesIO(decoded.text.encode()),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,  # the house's normalizer does, and nh3 when a draft is saved
        resolve_relative_uris=False,
    )
    require_few(len(parsed.entries))
    if not parsed.entries:
        raise NoStory(FORM)
    stories = [story_of(entry, parsed.feed) for entry in parsed.entries]
    for story in stories:
        story.warnings = [*decoded.warnings, *story.warnings]
        if parsed.bozo:
            story.warn("not_well_formed")
    return ParsedDelivery(stories, Source.Format.FEED, decoded.encoding)


def text(entry: Any, *names: str) -> str:
    """The first of the entry's values that is a text."""
    values = (entry.get(name) for name in names if name in entry)  # else `updated` warns
    found = next((value for value in values if isinstance(value, str) and value.strip()), "")
    return UNWANTED_CHARACTERS.sub("", found)


def story_of(entry: Any, feed: Any) -> ParsedStory:
    """The story of an entry: `guid`, `id` or its address identifies it; the newest time counts."""
    story = ParsedStory()
    story.identifier = text(entry, "id", "link")
    story.headline = plain(text(entry, "title"))
    add_time(story, text(entry, "updated", "published", "created"))
    if (published := text(entry, "published")) and published not in story.stamps:
        add_time(story, published)
    for author in authors_of(entry):
        add_byline(story, author)
    story.rights = plain(text(entry, "rights", "copyright") or text(feed, "rights", "copyright"))
    story.language = text(entry, "language") or text(feed, "language")
    story.agency = plain(source_name(entry))
    for tag in entry.get("tags") or ():
        name, scheme = text(tag, "term", "label"), text(tag, "scheme")
        add_subject(story, scheme or KEYWORD, text(tag, "label") or name)
    content = body_of(entry, story)
    for media in feed_media(entry):
        if all(known.href != media.href for known in content.media):
            content.media.append(media)
            if media.caption:
                content.captions.append(caption_of(media))
    return finish_story(story, content)


def body_of(entry: Any, story: ParsedStory) -> Content:
    """The text: `content`, else the summary; a short summary beside a content is the deck."""
    summary = text(entry, "summary", "description")
    contents = [part for part in entry.get("content") or () if text(part, "value")]
    best = next((p for p in contents if p.get("type") in TYPES_OF_HTML), None) or (
        contents[0] if contents else None
    )
    if best is None:
        return content_of(summary)
    value = text(best, "value")
    content = content_of(value)
    if summary == value:  # feedparser's summary of an entry that has none
        return content
    teaser = plain(summary)
    is_own = teaser and not any(block.text.startswith(teaser[:60]) for block in content.blocks[:2])
    if is_own and len(teaser) <= MAX_TEASER_CHARS:
        story.deck.append(teaser)
    return content


def content_of(value: str) -> Content:
    return html_content(value) if TAG_OR_ENTITY.search(value) else text_content(value)


def plain(value: str) -> str:
    """The text of a value that may be HTML, on one line."""
    if not TAG_OR_ENTITY.search(value):
        return normalize_line(value)
    return normalize_line(" ".join(block.text for block in html_content(value).blocks))


def authors_of(entry: Any) -> list[str]:
    names = [text(author, "name") for author in entry.get("authors") or () if author]
    return list(filter(None, names)) or list(filter(None, [text(entry, "author")]))


def source_name(entry: Any) -> str:
    source = entry.get("source") or {}
    return text(source, "title") or text(entry, "publisher")
