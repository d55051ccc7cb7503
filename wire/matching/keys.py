"""Keys of texts: the key of the story that a text begins, and the hash that finds duplicates."""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from wire.parsers.marks import has_column_mark
from wire.parsers.result import SEOUL, ParsedStory

# The news day begins at four in the morning: a flash before midnight and its updates after midnight are
# one story, while tomorrow's forecast under today's title is another.
NEWS_DAY_STARTS_AFTER = timedelta(hours=4)
KEY_OPENING_CHARS = 200
NOT_LETTERS = re.compile(r"[\W_]+")


def story_key(story: ParsedStory, *, source: str) -> str:
    """The story's key (SHA-256, hex): the source and the agency's identifier, where it sent one.

    Else made of the source, the headline without marks and the news day: a 2보, a 종합 and a 전문취소 of
    one story share it. Where the headline does not identify a story (columns such as 인사) or the time is
    missing, the first 200 letters of the body are a part of it.
    """
    if story.identifier:
        return digest([source, "identifier", story.identifier])
    title = letters_only(story.headline) or story.headline
    day = news_day(story.sent_at) if story.sent_at else ""
    is_ambiguous = has_column_mark(story.marks) or not day
    opening = opening_of(story.paragraphs) if is_ambiguous else ""
    return digest([source, title, day, opening])


def news_day(at: datetime) -> str:
    """The date of the news day in Seoul, ISO 8601."""
    return (at.astimezone(SEOUL) - NEWS_DAY_STARTS_AFTER).date().isoformat()


def opening_of(paragraphs: Sequence[str]) -> str:
    """The first letters of the text."""
    return letters_only(" ".join(paragraphs))[:KEY_OPENING_CHARS]


def content_hash(story: ParsedStory) -> str:
    """The hash of all parts of the text (SHA-256, hex): equal for the same text in another encoding."""
    return digest(
        [
            story.headline,
            story.marks,
            story.deck,
            story.sent_at.isoformat() if story.sent_at else "",
            story.dateline.places,
            story.dateline.agency,
            [(p.name, p.role, p.email) for p in story.bylines],
            story.contacts,
            story.paragraphs,
            [(c.text, c.credit) for c in story.captions],
            story.rights,
            story.notes,
            *embargo_hash_parts(story),
            *identified_hash_parts(story),
        ]
    )


def embargo_hash_parts(story: ParsedStory) -> list[object]:
    """The embargo's part of the hash; none without an embargo, so that texts from before embargoes were
    parsed keep their hash.
    """
    until = story.embargo_until.isoformat() if story.embargo_until else ""
    return [[story.embargo_lines, story.embargo, until]] if story.embargo_lines else []


def identified_hash_parts(story: ParsedStory) -> list[object]:
    """The parts of the hash that only structured formats have; of one without an identifier its state and
    its files, where it has any."""
    files = [(media.href, media.attachment, media.caption) for media in story.media]
    if not story.identifier:
        is_plain = not story.signal and story.pub_status == "usable"
        state = [] if is_plain else [[story.signal, story.pub_status]]
        return [*state, files] if files else state
    return [
        [story.agency_version, story.signal, story.pub_status, story.urgency, story.usage_terms],
        [(block.kind, block.text, block.html, block.rows) for block in story.blocks],
        files,
    ]


def letters_only(text: str) -> str:
    """The letters and digits of a text without case: equal for two printings of one headline."""
    return NOT_LETTERS.sub("", text).casefold()


def digest(parts: Iterable[object]) -> str:
    return hashlib.sha256(json.dumps(list(parts), ensure_ascii=False).encode()).hexdigest()
