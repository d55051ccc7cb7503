"""Reads a Yonhap text story: headline, stamp, deck, captions, dateline, byline, body, rights."""

from wire.parsers.result import ParsedStory
from wire.parsers.yonhap.headline_marks import has_column_mark
from wire.parsers.yonhap.lines import find_body_start, split_lines
from wire.parsers.yonhap.story_builder import StoryBuilder


def parse(text: str) -> ParsedStory:
    """The story in its parts; every line of the text is in one of them.

    An empty headline says that there was no text. Raises TooManyLines and nothing else.
    """
    reader = StoryBuilder()
    lines = [line for line in split_lines(text) if not reader.take_furniture(line.text)]
    lines = reader.take_headline(lines)
    lead = find_body_start(lines, column=has_column_mark(reader.story.marks))
    reader.take_head(lines[:lead])
    reader.take_body(lines[lead:])
    return reader.settled()
