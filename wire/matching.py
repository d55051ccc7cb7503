"""Which story a text belongs to, and whether we have this very text already."""

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import timedelta

from wire.parsers.result import SEOUL, ParsedStory
from wire.parsers.yonhap.header import has_column_mark

# The news day turns at four in the morning, so that a flash before midnight and what follows it
# after midnight are one story, while tomorrow's forecast under today's title is another.
NEWS_DAY_STARTS_AFTER = timedelta(hours=4)
KEY_OPENING_CHARS = 200
SILENT = re.compile(r"[\W_]+")


def story_key(story: ParsedStory, *, source: str) -> str:
    """The story's key (SHA-256, hex), for text that carries no number of the agency's.

    Made of the source, the headline without marks and the news day: a 2보, a 종합 and a 전문취소 of
    one story share it. Where a headline says too little (columns such as 인사) or the time is
    missing, the first 200 letters of the body take part.
    """
    title = bare(story.headline) or story.headline
    day = (
        (story.sent_at.astimezone(SEOUL) - NEWS_DAY_STARTS_AFTER).date().isoformat()
        if story.sent_at
        else ""
    )
    says_little = has_column_mark(story.marks) or not day
    opening = bare(" ".join(story.paragraphs))[:KEY_OPENING_CHARS] if says_little else ""
    return digest([source, title, day, opening])


def content_hash(story: ParsedStory) -> str:
    """The digest of all that the agency said: equal for the same text in another encoding."""
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
        ]
    )


def embargo_hash_parts(story: ParsedStory) -> list[object]:
    """What was said of an embargo and how we read it; nothing where nothing was said, so that texts
    from before we read embargoes keep their digest.
    """
    until = story.embargo_until.isoformat() if story.embargo_until else ""
    return [[story.embargo_lines, story.embargo, until]] if story.embargo_lines else []


def bare(text: str) -> str:
    """Letters and digits alone, without case: what two printings of one headline share."""
    return SILENT.sub("", text).casefold()


def digest(parts: Iterable[object]) -> str:
    return hashlib.sha256(json.dumps(list(parts), ensure_ascii=False).encode()).hexdigest()
