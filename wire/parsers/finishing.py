"""Finishing of structured stories: headline marks, private lines, rights, state, limits of length. Pure."""

import re
from collections.abc import Iterable
from dataclasses import replace
from html import escape

from newsroom.text.normalization import normalize_line, normalize_text
from wire.embargo import Embargo
from wire.errors import TooComplex
from wire.parsers.markup import Content, paragraph_html
from wire.parsers.result import Block, Byline, Dateline, ParsedStory, Subject
from wire.parsers.times import parse_time
from wire.parsers.usage_terms import forbids_ai, forbids_resale
from wire.parsers.yonhap.boilerplate import (
    is_editor_note,
    is_end_mark,
    is_promotion_line,
    is_rights_line,
    parse_email_line,
    split_glued_lines,
)
from wire.parsers.yonhap.captions import deduplicate_captions, parse_caption
from wire.parsers.yonhap.header import (
    EMAIL_REGEX,
    assign_emails,
    parse_opening,
    parse_people,
    parse_signature,
    split_marks,
)

MAX_STORIES = 10_000  # of a delivery
MAX_VERSION_CHARS, MAX_LANGUAGE_CHARS = 40, 20
HEADLINE_FROM_TEXT_CHARS = 100
BY_PREFIX = re.compile(r"^(?:by|von|par|글)\s*[:=]?\s+", re.IGNORECASE)
CANCELED_WORDS = {"canceled", "cancelled", "cancel", "killed", "kill", "withdrawn", "retracted"}
# What every line has that is no text of a story: most paragraphs have none of it, and need no closer look.
PRIVATE_SIGN = re.compile(
    r"[@▶☞►▷※ⓒ©\[\]【】<>=＝]|\((?:c|끝|계속|copyright)\)|제보|문의|카카오톡|트위터|페이스북|기자|특파원|통신원"
    r"|위원|논설|\bPD\b|저작권|무단|편집자|copyright",
    re.IGNORECASE,
)
SLUGLINE, KEYWORD, PLACE = "slugline", "keyword", "place"  # codes of subjects without one


def finish_story(story: ParsedStory, content: Content) -> ParsedStory:
    """The story with its content, each private line in the field that readers never get."""
    story.media += content.media
    story.captions += content.captions
    if content.has_removed:
        story.warn("html_removed")
    sort_lines(story, content.blocks)
    finish_headline(story)
    story.identifier = story.identifier.strip()
    story.agency_version = story.agency_version.strip()[:MAX_VERSION_CHARS]
    story.language = story.language.strip()[:MAX_LANGUAGE_CHARS]
    story.subjects = list(dict.fromkeys(story.subjects))
    story.captions = deduplicate_captions(story.captions)
    story.contacts = list(dict.fromkeys(story.contacts))
    story.notes = list(dict.fromkeys(map(normalize_text, story.notes)))
    story.bylines = assign_emails(story.bylines, story.contacts)
    finish_rights(story)
    if not story.sent_at:
        story.warn("stamp_unreadable" if story.stamps else "no_stamp")
    if not story.blocks and not story.media and story.pub_status == "usable":
        story.warn("no_body")
    return story


def finish_headline(story: ParsedStory) -> None:
    """The headline without its marks; where none was sent, another line with a warning."""
    headline, marks = split_marks(normalize_line(story.headline))
    story.marks += marks
    if not headline:
        candidates = (
            *story.deck,
            *(block.text for block in story.blocks),
            *(caption.text for caption in story.captions),
            *(subject.name for subject in story.subjects if subject.code == SLUGLINE),
            *story.notes,
            story.identifier,
        )
        found = next((text for text in candidates if text.strip()), "")
        headline = normalize_line(found)[:HEADLINE_FROM_TEXT_CHARS]
        if headline:
            story.warn("headline_missing")
    story.headline = headline
    story.deck = [
        line for text in story.deck if (line := normalize_line(text)) and line != headline
    ]


def finish_rights(story: ParsedStory) -> None:
    story.rights, story.usage_terms = map(normalize_text, (story.rights, story.usage_terms))
    story.ai_use_prohibited = story.ai_use_prohibited or forbids_ai(story.rights, story.usage_terms)
    terms = (story.rights, story.usage_terms)
    story.captions = [
        replace(caption, resale_prohibited=True)
        if forbids_resale(caption.text, caption.credit)
        else caption
        for caption in story.captions
    ]
    story.resale_prohibited = forbids_resale(*terms) or any(
        caption.resale_prohibited for caption in story.captions
    )


def sort_lines(story: ParsedStory, blocks: Iterable[Block]) -> None:
    """Add the blocks to the story without rights lines, addresses, promotion, end marks and notes."""
    rights: list[str] = []
    removed: list[int] = []
    for index, block in enumerate(blocks):
        if block.kind not in {"paragraph", "subhead"}:
            story.blocks.append(block)
            continue
        if not PRIVATE_SIGN.search(block.text):
            story.blocks.append(block)
            continue
        pieces = list(split_glued_lines(block.text)) or [block.text]
        words = [piece for piece in pieces if not sort_line(story, piece, rights)]
        rest = without_opening(story, replace_text(block, " ".join(words)))
        if rest.text:
            story.blocks.append(rest)
        else:
            removed.append(index)
    story.captions = [
        caption
        if caption.place is None
        else replace(caption, place=caption.place - sum(n < caption.place for n in removed))
        for caption in story.captions
    ]
    if rights and not story.rights:
        story.rights = "\n".join(dict.fromkeys(rights))
    else:
        story.boilerplate_lines += rights
        story.ai_use_prohibited = story.ai_use_prohibited or forbids_ai(*rights)


def sort_line(story: ParsedStory, line: str, rights: list[str]) -> bool:
    """Put a line that is no text of the story into its field; False for text."""
    if is_rights_line(line):
        rights.append(line)
    elif emails := parse_email_line(line):
        story.contacts += emails
    elif is_end_mark(line) or is_promotion_line(line):
        story.boilerplate_lines.append(line)
    elif is_editor_note(line):
        story.notes.append(line)
    elif (caption := parse_caption(line)) and caption.credit:
        story.captions.append(replace(caption, place=len(story.blocks)))
    elif signature := parse_signature(line):
        add_people(story, signature[0])
        story.contacts += signature[2]
    else:
        return False
    return True


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


# -- Fields that several formats have ---------------------------------------------------------------------


def add_people(story: ParsedStory, people: Iterable[Byline]) -> None:
    known = {person.name for person in story.bylines}
    story.bylines += [person for person in people if person.name not in known]


def add_byline(story: ParsedStory, text: str) -> None:
    """Add the reporters of a byline: `정하늘·한가람 기자`, `By Ada Moon`. Addresses are contacts."""
    line = normalize_line(text)
    emails = EMAIL_REGEX.findall(line)
    story.contacts += emails
    line = BY_PREFIX.sub("", EMAIL_REGEX.sub(" ", line)).strip(" \t()[]<>,·/=")
    if line:
        add_people(story, parse_people(line) or (Byline(normalize_line(line)),))


def add_time(story: ParsedStory, *texts: str) -> None:
    """Set the time of sending to the first of the texts that is a time; all are kept as written."""
    story.stamps += [text.strip() for text in texts if text.strip()]
    for text in texts:
        story.sent_at = story.sent_at or parse_time(text)


def add_embargo(story: ParsedStory, text: str) -> None:
    """Set the embargo that ends at this time; one that cannot be read has an unknown end."""
    line = normalize_line(text)
    if not line:
        return
    story.embargo_lines.append(line)
    story.embargo_until = parse_time(line)
    story.embargo = Embargo.UNTIL if story.embargo_until else Embargo.OPEN
    if not story.embargo_until:
        story.warn("embargo_unreadable")


def add_place(story: ParsedStory, *names: str) -> None:
    """Set the places of the dateline, where it has none."""
    places = tuple(name for text in names if (name := normalize_line(text)))
    if places and not story.dateline.places:
        story.dateline = Dateline(places, story.dateline.agency)


def add_subject(story: ParsedStory, code: str, name: str) -> None:
    subject = Subject(normalize_line(code), normalize_line(name))
    if subject.code or subject.name:
        story.subjects.append(subject)


def urgency_of(text: object) -> int | None:
    """An urgency of 1 (the highest) to 9; None for anything else."""
    digits = str(text if text is not None else "").strip()
    return int(digits) if len(digits) == 1 and digits in "123456789" else None


def pub_status_of(text: str) -> str:
    """`usable`, `withheld` or `canceled`, of a code (`stat:canceled`), an address of one, or a word."""
    word = re.split(r"[:/#]", text.strip().lower())[-1]
    if word in CANCELED_WORDS:
        return "canceled"
    return "withheld" if word in {"withheld", "embargoed", "hold"} else "usable"


def signal_of(codes: Iterable[str]) -> str:
    """The kind of version that signals (`sig:correction`) say; empty where the headline's marks decide."""
    words = {re.split(r"[:/#]", code.strip().lower())[-1] for code in codes}
    if words & CANCELED_WORDS:
        return "cancellation"
    return "correction" if words & {"correction", "corrected", "corrective"} else ""


def require_few(stories: int) -> None:
    """Raises TooComplex for more stories than a delivery has."""
    if stories > MAX_STORIES:
        raise TooComplex.stories(MAX_STORIES)
