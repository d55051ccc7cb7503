"""Finishing of structured stories: headline marks, private lines, rights, state, limits of length. Pure."""

import re
from collections.abc import Iterable
from dataclasses import replace

from newsroom.text.normalization import normalize_line, normalize_text
from wire.embargo import Embargo
from wire.errors import TooManyStories
from wire.parsers.agencies import EMAIL_REGEX
from wire.parsers.marks import split_marks
from wire.parsers.markup import Content
from wire.parsers.private_lines import add_people, read_embargo_of_text, sort_lines
from wire.parsers.result import Byline, Dateline, ParsedStory, Subject
from wire.parsers.times import parse_time
from wire.parsers.usage_terms import forbids_ai, forbids_resale
from wire.parsers.yonhap.captions import deduplicate_captions
from wire.parsers.yonhap.header import assign_emails, parse_people
from wire.parsers.yonhap.references import find_references

MAX_STORIES = 2_000  # of a delivery of any format
MAX_VERSION_CHARS, MAX_LANGUAGE_CHARS = 40, 20
HEADLINE_FROM_TEXT_CHARS = 100
BY_PREFIX = re.compile(r"^(?:by|von|par|글)\s*[:=]?\s+", re.IGNORECASE)
CANCELED_WORDS = {
    *("canceled", "cancelled", "cancel", "cancellation", "killed", "kill", "withdrawn"),
    *("retracted", "retraction"),
}
SLUGLINE, KEYWORD, PLACE = "slugline", "keyword", "place"  # codes of subjects without one


def finish_story(story: ParsedStory, content: Content) -> ParsedStory:
    """The story with its content, each private line in the field that readers never get."""
    story.media += content.media
    story.captions += content.captions
    if content.has_removed:
        story.warn("html_removed")
    sort_lines(story, content.blocks)
    read_embargo_of_text(story)
    finish_headline(story)
    story.identifier = story.identifier.strip()
    story.agency_version = story.agency_version.strip()[:MAX_VERSION_CHARS]
    story.language = story.language.strip()[:MAX_LANGUAGE_CHARS]
    story.subjects = list(dict.fromkeys(story.subjects))
    story.captions = deduplicate_captions(story.captions)
    story.contacts = list(dict.fromkeys(story.contacts))
    story.notes = list(dict.fromkeys(map(normalize_text, story.notes)))
    story.bylines = assign_emails(story.bylines, story.contacts)
    story.references = find_references(story)
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


# -- Fields that several formats have ---------------------------------------------------------------------


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
    """Raises TooManyStories for more stories than a delivery has."""
    if stories > MAX_STORIES:
        raise TooManyStories(MAX_STORIES)
