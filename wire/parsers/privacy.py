"""Removal of reporters' addresses from the text of a story, whatever its format."""

import re
from collections.abc import Iterator
from dataclasses import replace

from wire.parsers.agencies import (
    EMAIL_REGEX,
    find_agency_emails,
    is_agency_email,
    remove_agency_emails,
    remove_emails,
)
from wire.parsers.result import Block, ParsedStory
from wire.parsers.usage_terms import forbids_resale
from wire.parsers.yonhap.boilerplate import parse_email_line, split_glued_lines
from wire.parsers.yonhap.captions import PICTURE_LABEL, TRAILING_RESALE_MARK, parse_caption

MAILTO_LINK = re.compile(
    r"<a\b[^>]*\bhref\s*=\s*[\"']mailto:(?P<email>[^\"'?>]{1,200})[^>]*>(?P<text>.*?)</a>",
    re.IGNORECASE | re.DOTALL,
)

BRACKETED_RESALE_MARK = re.compile(r"\s*\[(?:재판매\s?및\s?DB\s?금지)\]\s*$")


def remove_private(story: ParsedStory) -> None:
    """Move the addresses of agencies out of headline, deck, text and captions into the contacts.

    An address of anybody else in a sentence is the reader's: `신청은 walk@example.com 으로`. In the credit
    of a picture each address is a photographer's, and at the end of its caption too.
    """
    found = [address for text in texts_of(story) for address in find_agency_emails(text)]
    if found:
        remove_from_text(story)
    of_pictures = list(clean_pictures(story))
    if found or of_pictures:
        story.contacts = list(dict.fromkeys([*story.contacts, *found, *of_pictures]))
        story.warn("address_in_text")


def remove_from_text(story: ParsedStory) -> None:
    story.headline = remove_agency_emails(story.headline) or story.headline
    story.deck = without_blanks(map(remove_agency_emails, story.deck))
    story.paragraphs = without_blanks(map(remove_agency_emails, story.paragraphs))
    story.blocks = [clean_block(block) for block in story.blocks]


def texts_of(story: ParsedStory) -> list[str]:
    """The texts that readers could see, but for those of pictures."""
    return [
        story.headline,
        *story.deck,
        *story.paragraphs,
        *(text for block in story.blocks for text in (block.text, block.html)),
        *(cell for block in story.blocks for row in block.rows for cell in row),
    ]


def without_blanks(texts: "map[str]") -> list[str]:
    return [text for text in texts if text]


def clean_block(block: Block) -> Block:
    """The block without addresses; it stays in its place, as captions refer to its index."""
    html = MAILTO_LINK.sub(
        lambda link: "" if is_agency_email(link["email"]) else link[0], block.html
    )
    return replace(
        block,
        text=remove_agency_emails(block.text),
        html=remove_agency_emails(html),
        rows=tuple(tuple(map(remove_agency_emails, row)) for row in block.rows),
    )


def clean_pictures(story: ParsedStory) -> Iterator[str]:
    """Clean what stands below pictures, captions and files alike; yields the addresses that were there.

    A ban on resale that was written there stays as the mark of the caption or of the story.
    """
    captions, files = story.captions, story.media
    story.captions = []
    for caption in captions:
        text, credit, emails = clean_picture(caption.text, caption.credit)
        is_banned = caption.resale_prohibited or forbids_resale(caption.text, caption.credit)
        story.captions.append(
            replace(caption, text=text, credit=credit, resale_prohibited=is_banned)
        )
        yield from emails
    story.media = []
    for file in files:
        text, credit, emails = clean_picture(file.caption, file.credit)
        rights = remove_agency_emails(file.rights)
        story.media.append(replace(file, caption=text, credit=credit, rights=rights))
        yield from (*emails, *find_agency_emails(file.rights))
    banned = any(forbids_resale(file.caption, file.credit, file.rights) for file in files)
    story.resale_prohibited = (
        story.resale_prohibited or banned or any(c.resale_prohibited for c in story.captions)
    )


def clean_picture(text: str, credit: str) -> tuple[str, str, list[str]]:
    """Caption and credit of a picture without addresses, and those. A credit inside the caption is the
    credit where there is no other; a mark that forbids resale is none."""
    pieces = list(split_glued_lines(text))
    emails = [address for piece in pieces for address in parse_email_line(piece) or ()]
    emails += [*find_agency_emails(text), *EMAIL_REGEX.findall(credit)]
    words = " ".join(piece for piece in pieces if not parse_email_line(piece))
    words = TRAILING_RESALE_MARK.sub("", BRACKETED_RESALE_MARK.sub("", remove_agency_emails(words)))
    credit = remove_emails(credit)
    if not credit and not PICTURE_LABEL.match(words) and (found := parse_caption(words)):
        words, credit = found.text, found.credit
    return words, credit, emails
