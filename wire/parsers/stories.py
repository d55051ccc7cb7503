"""Split a delivery that holds several stories, each with headline, dateline and end mark."""

import re
from collections.abc import Iterator

from wire.errors import TooManyLines, TooManyStories
from wire.parsers.english.lines import parse_dateline
from wire.parsers.finishing import MAX_STORIES
from wire.parsers.yonhap.boilerplate import (
    is_contact_line,
    is_promotion_line,
    is_rights_line,
    parse_email_line,
)
from wire.parsers.yonhap.captions import parse_caption
from wire.parsers.yonhap.header import parse_opening, parse_signature, parse_timestamp
from wire.parsers.yonhap.lines import MAX_LINES

END_OF_STORY = re.compile(r"[(\[<]\s?(?:끝|END)\s?[)\]>]\s*$")
RIGHTS_TAIL = re.compile(r"^(?:무단|재배포|전재|AI 학습).{0,60}금지")
HEAD_LINES = 30  # the dateline of a story is among so many first lines
MAX_HINT_CHARS = 300


def split_stories(text: str) -> list[str]:
    """The texts of the stories, in order; the one text where it holds a single story.

    What follows an end mark begins a story where a headline and a dateline come before the next end mark;
    else it is the rest of the story above. Raises TooManyStories, TooManyLines.
    """
    stories: list[list[str]] = [[]]
    for group in split_at_end_marks(text):
        tail = count_tail_lines(group, has_stamp=has_stamp(stories[-1]))
        if stories[-1] and begins_story(group[tail:]):
            stories[-1] += group[:tail]
            stories.append(group[tail:])
        else:
            stories[-1] += group
        if len(stories[-1]) > MAX_LINES:
            raise TooManyLines(MAX_LINES)
        if len(stories) > MAX_STORIES:
            raise TooManyStories(MAX_STORIES)
    return ["\n".join(lines) for lines in stories]


def split_at_end_marks(text: str) -> Iterator[list[str]]:
    """The lines in groups that end in an end mark; the last group may have none.

    Raises TooManyLines for a group that is more than a story, and the tail of another, may have.
    """
    group: list[str] = []
    for line in text.split("\n"):
        group.append(line)
        if len(group) > MAX_LINES + HEAD_LINES:
            raise TooManyLines(MAX_LINES)
        if END_OF_STORY.search(line[-12:]):
            yield group
            group = []
    if group:
        yield group


def has_stamp(lines: list[str]) -> bool:
    return any(parse_timestamp(line.strip()) for line in lines[:HEAD_LINES])


def count_tail_lines(group: list[str], *, has_stamp: bool) -> int:
    """How many of the first lines belong to the story above: rights, promotion, addresses, its stamp."""
    for index, line in enumerate(group[:HEAD_LINES]):
        stripped = line.strip()
        if stripped and not is_tail_line(stripped, has_stamp=has_stamp):
            return index
    return 0


def is_tail_line(line: str, *, has_stamp: bool) -> bool:
    if len(line) > MAX_HINT_CHARS:
        return False
    return bool(
        is_rights_line(line)
        or RIGHTS_TAIL.match(line)
        or parse_email_line(line)
        or is_promotion_line(line)
        or is_contact_line(line)
        or (not has_stamp and parse_timestamp(line))
    )


def begins_story(group: list[str]) -> bool:
    """Whether the lines hold a headline, and below it a dateline or a time of sending and reporters."""
    lines = [line.strip() for line in group if line.strip()][:HEAD_LINES]
    has_headline = has_time = False
    for line in (text[:MAX_HINT_CHARS] for text in lines):
        if has_headline and parse_dateline(line):
            return True
        if has_headline and (opening := parse_opening(line)) and not parse_caption(line):
            return bool(opening.dateline.agency)
        if parse_timestamp(line):
            has_time = True
        elif has_headline and has_time and parse_signature(line):
            return True
        else:
            has_headline = True
    return False
