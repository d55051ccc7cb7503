"""Removal of reporters' addresses from the text of a story, whatever its format."""

import re
from dataclasses import replace

from wire.parsers.agencies import find_agency_emails, is_agency_email, remove_agency_emails
from wire.parsers.result import Block, Caption, ParsedStory

MAILTO_LINK = re.compile(
    r"<a\b[^>]*\bhref\s*=\s*[\"']mailto:(?P<email>[^\"'?>]{1,200})[^>]*>(?P<text>.*?)</a>",
    re.IGNORECASE | re.DOTALL,
)


def remove_private(story: ParsedStory) -> None:
    """Move the addresses of agencies out of headline, deck, text and captions into the contacts.

    An address of anybody else in a sentence is the reader's: `신청은 walk@example.com 으로`.
    """
    found = [address for text in texts_of(story) for address in find_agency_emails(text)]
    if not found:
        return
    story.contacts = list(dict.fromkeys([*story.contacts, *found]))
    story.warn("address_in_text")
    story.headline = remove_agency_emails(story.headline) or story.headline
    story.deck = without_blanks(map(remove_agency_emails, story.deck))
    story.paragraphs = without_blanks(map(remove_agency_emails, story.paragraphs))
    story.blocks = [clean_block(block) for block in story.blocks]
    story.captions = [clean_caption(caption) for caption in story.captions]
    story.media = [
        replace(media, caption=remove_agency_emails(media.caption)) for media in story.media
    ]


def texts_of(story: ParsedStory) -> list[str]:
    """All texts that readers could see."""
    return [
        story.headline,
        *story.deck,
        *story.paragraphs,
        *(text for block in story.blocks for text in (block.text, block.html)),
        *(cell for block in story.blocks for row in block.rows for cell in row),
        *(text for caption in story.captions for text in (caption.text, caption.credit)),
        *(media.caption for media in story.media),
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


def clean_caption(caption: Caption) -> Caption:
    return replace(
        caption,
        text=remove_agency_emails(caption.text),
        credit=remove_agency_emails(caption.credit),
    )
