"""Private lines of structured stories: rights, addresses, promotion, notes, embargoes in the text. Pure."""

import re
from collections.abc import Iterable
from dataclasses import replace
from html import escape

from wire.embargo import Embargo
from wire.parsers.agencies import EMAIL_REGEX
from wire.parsers.markup import paragraph_html
from wire.parsers.nested_lines import NESTING_KINDS, filter_lines
from wire.parsers.result import Block, Byline, Caption, ParsedStory
from wire.parsers.usage_terms import forbids_ai
from wire.parsers.yonhap.boilerplate import (
    is_contact_line,
    is_editor_note,
    is_end_mark,
    is_promotion_line,
    is_rights_line,
    parse_email_line,
    split_glued_lines,
)
from wire.parsers.yonhap.captions import parse_caption
from wire.parsers.yonhap.embargo_lines import has_embargo_word, is_embargo_headline, is_embargo_line
from wire.parsers.yonhap.embargo_times import parse_embargo
from wire.parsers.yonhap.header import parse_opening, parse_signature, parse_timestamp

# What every line has that is no text of a story: most paragraphs have none of it, and need no closer look.
PRIVATE_SIGN = re.compile(
    r"[@▶☞►▷※☎☏℡◎ⓒ©\[\]【】<>=＝]|\((?:c|끝|계속|copyright)\)|제보|문의|카카오톡|트위터|페이스북|기자|특파원|통신원"
    r"|위원|논설|\bPD\b|저작권|무단|편집자|copyright|송고|\d{4}\s?[-./년]\s?\d|엠바고|embargo|보도|조간|석간|이후"
    r"|끝|구독|\bEND\b|\b0\d{1,2}[-.) ]\s?\d{3}",
    re.IGNORECASE,
)
# A line with an address that is no sentence: a reporter's, a photographer's, an agency's signature.
SENTENCE = re.compile(r"(?:다|요|까|[A-Za-z]{2})[.?!][\"'”’)]*\s*$")
MAX_SIGNATURE_CHARS = 100


def sort_lines(story: ParsedStory, blocks: Iterable[Block]) -> None:
    """Add the blocks to the story without rights lines, addresses, promotion, end marks and notes."""
    rights: list[str] = []
    removed: list[int] = []
    shown = story.captions  # with places among all blocks
    story.captions = []
    for index, block in enumerate(blocks):
        rest = without_private(story, block, rights)
        if rest.text:
            story.blocks.append(rest)
        else:
            removed.append(index)
    story.captions = [moved(caption, removed) for caption in shown] + story.captions
    if rights and not story.rights:
        story.rights = "\n".join(dict.fromkeys(rights))
    else:
        story.boilerplate_lines += rights
        story.ai_use_prohibited = story.ai_use_prohibited or forbids_ai(*rights)


def without_private(story: ParsedStory, block: Block, rights: list[str]) -> Block:
    """The block without private lines, which go to their fields; without text where nothing is left."""
    if not PRIVATE_SIGN.search(block.text):
        return block
    if block.kind in NESTING_KINDS:
        return filter_lines(block, lambda line: without_furniture(story, line, rights))
    pieces = list(split_glued_lines(block.text)) or [block.text]
    words = [piece for piece in pieces if not sort_line(story, piece, rights)]
    return without_opening(story, replace_text(block, " ".join(words)))


def without_furniture(story: ParsedStory, line: str, rights: list[str]) -> str:
    """What is text in a line of a list or quote; names and times alone are."""
    pieces = list(split_glued_lines(line)) or [line]
    words = [
        piece
        for piece in pieces
        if not (
            sort_furniture(story, piece, rights) or ("@" in piece and sort_signature(story, piece))
        )
    ]
    return line if words == pieces else " ".join(words)


def moved(caption: Caption, removed: list[int]) -> Caption:
    """The caption with its place among the blocks that are left."""
    if caption.place is None:
        return caption
    return replace(caption, place=caption.place - sum(n < caption.place for n in removed))


def sort_line(story: ParsedStory, line: str, rights: list[str]) -> bool:
    """Put a line that is no text of the story into its field; False for text."""
    return sort_furniture(story, line, rights) or sort_signature(story, line)


def sort_furniture(story: ParsedStory, line: str, rights: list[str]) -> bool:
    """Put rights, addresses, promotion, end marks, notes, captions and embargoes into their fields."""
    if is_rights_line(line):
        rights.append(line)
    elif emails := parse_email_line(line):
        story.contacts += emails
    elif is_end_mark(line) or is_promotion_line(line) or is_contact_line(line):
        story.boilerplate_lines.append(line)
    elif is_editor_note(line):
        story.notes.append(line)
    elif (caption := parse_caption(line)) and caption.credit:
        story.captions.append(replace(caption, place=len(story.blocks)))
    elif is_embargo_line(line, before_headline=False):
        story.embargo_lines.append(line)
    else:
        return False
    return True


def sort_signature(story: ParsedStory, line: str) -> bool:
    """Put a time of sending, reporters, or a signature with an address into its field; False for text."""
    emails = EMAIL_REGEX.findall(line) if "@" in line else []
    if stamp := parse_timestamp(line):
        story.stamps.append(line)
        story.sent_at = story.sent_at or stamp.at
    elif signature := parse_signature(line):
        add_people(story, signature[0])
        story.contacts += signature[2]
    elif emails and len(line) <= MAX_SIGNATURE_CHARS and not SENTENCE.search(line):
        story.contacts += emails
        story.boilerplate_lines.append(line)
    else:
        return False
    return True


def read_embargo_of_text(story: ParsedStory) -> None:
    """Set the embargo that lines of the text or notes state, where the format states none.

    Where it does, it counts, and other lines are a warning, as the mere word is.
    """
    notes = [note for note in story.notes if is_embargo_line(note, before_headline=False)]
    headlines = [story.headline] if is_embargo_headline(story.headline) else []
    if story.embargo == Embargo.NONE:
        story.embargo_lines += [*headlines, *notes]
        story.embargo, story.embargo_until = parse_embargo(
            story.embargo_lines, sent_at=story.sent_at
        )
        if story.embargo == Embargo.OPEN:
            story.warn("embargo_unreadable")
    elif len(story.embargo_lines) > 1 or headlines or notes:
        story.warn("embargo_mentioned")
    texts = [story.headline, *story.deck, *story.notes, *(block.text for block in story.blocks)]
    if story.embargo == Embargo.NONE and any(map(has_embargo_word, texts)):
        story.warn("embargo_mentioned")


def without_opening(story: ParsedStory, block: Block) -> Block:
    """The block without a dateline and byline at its start, which the story gets."""
    opening = parse_opening(block.text)
    if opening is None or (story.dateline.agency and opening.rest):
        return block
    story.dateline = opening.dateline
    add_people(story, opening.bylines)
    story.contacts += opening.emails
    return replace_text(block, opening.rest)


def replace_text(block: Block, text: str) -> Block:
    """The block with a part of its text; its markup stays where the part is at its end."""
    if text == block.text:
        return block
    removed = escape(block.text.removesuffix(text), quote=False)
    tag = "h2" if block.kind == "subhead" else "p"
    if text and block.text.endswith(text) and block.html.startswith(f"<{tag}>{removed}"):
        return replace(block, text=text, html=f"<{tag}>{block.html[len(tag) + 2 + len(removed) :]}")
    return replace(block, text=text, html=paragraph_html(text, block.kind))


def add_people(story: ParsedStory, people: Iterable[Byline]) -> None:
    known = {person.name for person in story.bylines}
    story.bylines += [person for person in people if person.name not in known]
