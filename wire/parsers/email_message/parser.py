"""Parser of an agency's e-mail."""

import re
from collections.abc import Callable
from dataclasses import replace
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from newsroom.text.normalization import normalize_line
from wire.errors import Malformed
from wire.models import Source
from wire.parsers.email_message.parts import (
    FORM,
    Part,
    header,
    load_message,
    parts_of,
)
from wire.parsers.finishing import add_time, finish_story
from wire.parsers.marks import split_marks
from wire.parsers.markup import Content, html_content, text_content
from wire.parsers.payload import Payload
from wire.parsers.result import Media, ParsedDelivery, ParsedStory

if TYPE_CHECKING:
    from email.message import Message
else:
    Message = Any

# The stories of an attached file, None where it is no file of a known format.
ParseAttached = Callable[[Payload], ParsedDelivery | None]

HEADER_LINE = re.compile(
    rb"(?:From |(?:received|return-path|delivered-to|mime-version|message-id|from|to|cc|subject|date"
    rb"|reply-to|content-type|dkim-signature|arc-[a-z\-]+|authentication-results|references"
    rb"|in-reply-to|x-[a-z0-9\-]{1,40}|sender|list-[a-z\-]+|resent-[a-z\-]+)\s?:)",
    re.IGNORECASE,
)
TELLING_HEADER = re.compile(
    rb"^(?:from|subject|message-id|mime-version|date):", re.IGNORECASE | re.MULTILINE
)
MIN_TELLING_HEADERS = 2
REPLY_PREFIX = re.compile(r"^(?:(?:re|fw|fwd|답장|회신|전달)\s?[:：]\s*)+", re.IGNORECASE)
SIGNATURE = re.compile(r"\n-- ?\n")
STORY_TYPES = (".xml", ".nitf", ".json", ".txt", ".eml", ".rss", ".atom", ".newsml")
STORY_MEDIA_TYPES = ("text/xml", "application/xml", "application/json")
CID = "cid:"


def matches(payload: Payload) -> bool:
    if payload.content_type.lower().startswith("message/rfc822"):
        return True
    head = payload.head()
    begins = HEADER_LINE.match(head)
    headers = head.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return bool(begins) and len(TELLING_HEADER.findall(headers)) >= MIN_TELLING_HEADERS


def parse(payload: Payload, parse_attached: ParseAttached) -> ParsedDelivery:
    """The stories of a mail: those of attached files, else that of its own text.

    Raises Malformed, TooComplex, TooLarge, and what reading an attached file raises.
    """
    message = load_message(payload.raw)
    parts = parts_of(message)
    is_cut_off = any(part.defects for part in message.walk() if part.is_multipart())
    if is_cut_off:
        raise Malformed(FORM)
    attached = [found for part in parts if (found := attached_stories(part, parse_attached))]
    media = media_of(parts)
    encoding = "utf-8"
    if attached:
        stories = [story for found in attached for story in found.stories]
        encoding = attached[0].encoding
        add_cover(stories, message, parts, media)
    else:
        story, encoding = own_story(message, parts, media)
        stories = [story]
    return ParsedDelivery(stories, Source.Format.EMAIL, encoding)


def attached_stories(part: Part, parse_attached: ParseAttached) -> ParsedDelivery | None:
    """The stories of an attached file that has the name or type of one."""
    is_story = part.name.lower().endswith(STORY_TYPES) or part.media_type in STORY_MEDIA_TYPES
    if part.index is None or not is_story or not part.raw.strip():
        return None
    content_type = f"{part.media_type}; charset={part.charset}" if part.charset else part.media_type
    return parse_attached(Payload(part.raw, content_type, part.name))


def add_cover(
    stories: list[ParsedStory], message: Message, parts: list[Part], media: list[Media]
) -> None:
    """Add what the mail says beside its attached stories: a note to editors, the time, pictures."""
    first = stories[0]
    for part in parts:
        if part.index is None and part.media_type == "text/plain":
            first.notes += [block.text for block in text_content(part.decode().text).blocks]
    for story in stories:
        if not story.sent_at:
            add_time(story, header(message, "Date"))
    if len(stories) == 1:
        first.media += media


def media_of(parts: list[Part]) -> list[Media]:
    """The attached pictures and other files, by the number of the attachment."""
    return [
        Media(attachment=part.index, media_type=part.media_type, caption="")
        for part in parts
        if part.index is not None
        and part.media_type.startswith(("image/", "video/", "audio/", "application/pdf"))
    ]


def own_story(message: Message, parts: list[Part], media: list[Media]) -> tuple[ParsedStory, str]:
    """The story in a mail's own text, and the encoding of that.

    It has no identifier: a Message-ID names the mail, and a cancellation comes as a mail of its own. Texts
    of mails find their story by headline and words, resent ones by their content.
    """
    story = ParsedStory()
    story.headline = REPLY_PREFIX.sub("", header(message, "Subject"))
    add_time(story, header(message, "Date"))
    content, encoding = own_content(story, parts)
    drop_repeated_headline(story, content)
    known = {file.attachment for file in content.media}
    content.media += [file for file in media if file.attachment not in known]
    finish_story(story, content)
    _name, address = parseaddr(header(message, "From"))
    if "@" in address and address not in story.contacts:
        story.contacts.append(address)  # after the bylines have theirs
    return story, encoding


def own_content(story: ParsedStory, parts: list[Part]) -> tuple[Content, str]:
    """The content of the HTML part, else of the text; pictures by `cid:` are attachments."""
    bodies = {part.media_type: part for part in parts if part.index is None}
    part = bodies.get("text/html") or bodies.get("text/plain")
    if part is None:
        return Content(), "utf-8"
    decoded = part.decode()
    for code in decoded.warnings:
        story.warn(code)
    if part.media_type == "text/html":
        content = html_content(decoded.text)
        content.media = [with_attachment(file, parts) for file in content.media]
        if content.blocks or content.media or "text/plain" not in bodies:
            return content, decoded.encoding
        decoded = bodies["text/plain"].decode()
    text, _sign, signature = decoded.text.partition("\n-- \n")
    story.boilerplate_lines += [
        line for part in signature.split("\n") if (line := normalize_line(part))
    ]
    return text_content(text), decoded.encoding


def with_attachment(file: Media, parts: list[Part]) -> Media:
    if not file.href.lower().startswith(CID):
        return file
    name = file.href[len(CID) :]
    part = next((part for part in parts if part.content_id == name), None)
    if part is None or part.index is None:
        return replace(file, href="")
    return replace(file, href="", attachment=part.index, media_type=part.media_type)


def drop_repeated_headline(story: ParsedStory, content: Content) -> None:
    """Take a first line that is the subject again out of the text; its marks stay with the headline."""
    opening = content.blocks[0].text if content.blocks else ""
    title, marks = split_marks(opening)
    subject, known = split_marks(story.headline)
    if not title or title != subject:
        return
    story.marks += [mark for mark in marks if mark not in known]
    del content.blocks[0]
    content.captions = [
        replace(caption, place=max(caption.place - 1, 0) if caption.place is not None else None)
        for caption in content.captions
    ]
