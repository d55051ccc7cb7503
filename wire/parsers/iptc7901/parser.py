"""Parser of IPTC 7901 and ANPA 1312 transmissions: each message is a story."""

import re

from newsroom.text.normalization import normalize_line
from wire.decoding import CHARSETS, declared_charset, decode
from wire.errors import Malformed, TooLarge
from wire.models import Source
from wire.parsers.finishing import (
    SLUGLINE,
    add_byline,
    add_subject,
    finish_story,
    require_few,
)
from wire.parsers.iptc7901.messages import Message, parse_message, split_messages
from wire.parsers.markup import Content, text_block
from wire.parsers.payload import Payload
from wire.parsers.result import ParsedDelivery, ParsedStory
from wire.parsers.xml_documents import MAX_DOCUMENT_BYTES

FORM = "IPTC 7901"
START = re.compile(rb"(?:[\x00\x16\r\n \t]{0,40})\x01[A-Za-z]{1,10}\d{1,6}[ \t\x1f]")
NOTE_BEGINS = re.compile(
    r"the following information is not (?:intended )?for publication|not for publication"
    r"|(?:eds|editors?['’]? note)\s?[:_]",
    re.IGNORECASE,
)
NOTE_LINE = re.compile(r"\^?(?:eds|editors?['’]?s? note)\s?[:_]", re.IGNORECASE)
BYLINE = re.compile(r"(?:\^)?By ([A-Z][^\n<]{1,80})")
ANPA_SIGNS = "^<= \t"
NEW_PARAGRAPH = re.compile(r"^(?:\t|\u3000| {2,})")
MIN_WRAPPED_CHARS = 40


def matches(payload: Payload) -> bool:
    return bool(START.match(payload.raw[:4096]))


def parse(payload: Payload) -> ParsedDelivery:
    """The stories of a transmission. Raises Malformed where a message is cut off, TooLarge, Unreadable."""
    if len(payload.raw) > MAX_DOCUMENT_BYTES:
        raise TooLarge(MAX_DOCUMENT_BYTES)
    charset = declared_charset(payload.content_type) or payload.charset
    # Control characters are the format's; decoding takes them out, so it checks and the text keeps them.
    decoded = decode(payload.raw, charset=charset)
    text = payload.raw.decode(CHARSETS.get(decoded.encoding, decoded.encoding), "replace")
    parts = split_messages(text.replace("\r\n", "\n").replace("\r", "\n"))
    require_few(len(parts))
    messages = [message for part in parts if (message := parse_message(part))]
    if not messages or len(messages) < len(parts):
        raise Malformed(FORM)
    stories = [story_of(message) for message in messages]
    for story in stories:
        story.warnings = [
            *(code for code in decoded.warnings if code != "control_characters"),
            *story.warnings,
        ]
    return ParsedDelivery(stories, Source.Format.IPTC7901, decoded.encoding)


def story_of(message: Message) -> ParsedStory:
    """The story of a message. Message numbers begin anew each day, so they identify no story."""
    story = ParsedStory(urgency=message.urgency, sent_at=message.sent_at)
    story.stamps = [message.end] if message.end else []
    story.boilerplate_lines.append(message.header)
    add_subject(story, SLUGLINE, message.slug)
    add_subject(story, f"category:{message.category.lower()}", "")
    lines = anpa_lines(message.text, story) if message.is_anpa else plain_lines(message.text, story)
    content = Content(blocks=[text_block(text) for text in paragraphs_of(lines)])
    return finish_story(story, content)


def plain_lines(text: str, story: ParsedStory) -> list[str]:
    """The lines of the text; the first is the headline, what follows a note to editors is private."""
    lines = text.strip("\n").split("\n")
    story.headline = normalize_line(lines[0])
    body: list[str] = []
    for index, line in enumerate(lines[1:], 1):
        if NOTE_BEGINS.search(line):
            story.notes += [note for part in lines[index:] if (note := normalize_line(part))]
            break
        if not body and (byline := BYLINE.fullmatch(line.strip())):
            add_byline(story, byline[1])
        else:
            body.append(line)
    return body


def anpa_lines(text: str, story: ParsedStory) -> list[str]:
    """The lines of the text. Those with `^` are fields: slug, headline, byline, notes to editors."""
    body: list[str] = []
    fields: list[str] = []
    for line in text.split("\n"):
        field = normalize_line(line.strip(ANPA_SIGNS))
        if not line.startswith("^"):
            body.append(line)
        elif NOTE_LINE.match(field):
            story.notes.append(field)
        elif byline := BYLINE.fullmatch(field):
            add_byline(story, byline[1])
        elif field:
            fields.append(field)
    has_slug = len(fields) > 1 and ("--" in fields[0] or " " not in fields[0])
    titles = fields[1:] if has_slug else fields
    story.headline = titles[0] if titles else ""
    story.deck += titles[1:]
    if has_slug:
        add_subject(story, SLUGLINE, fields[0])
    return body


def paragraphs_of(lines: list[str]) -> list[str]:
    """The lines joined to paragraphs, which begin after a blank line or with an indent."""
    paragraphs: list[list[str]] = []
    is_open = False
    last = ""
    for line in lines:
        words = normalize_line(line)
        is_continued = is_open and not NEW_PARAGRAPH.match(line) and len(last) >= MIN_WRAPPED_CHARS
        if words and is_continued:
            paragraphs[-1].append(words)
        elif words:
            paragraphs.append([words])
        is_open, last = bool(words), line
    return [" ".join(parts) for parts in paragraphs]
