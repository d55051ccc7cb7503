"""Reads a Yonhap text story: headline, stamp, deck, captions, dateline, byline, body, rights."""

from wire.parsers.result import Parsed
from wire.parsers.yonhap.headline_marks import is_column
from wire.parsers.yonhap.lines import lead_of, lines_of
from wire.parsers.yonhap.story_builder import Reader


def parse(text: str) -> Parsed:
    """The story in its parts; every line of the text is in one of them.

    An empty headline says that there was no text. Raises TooManyLines and nothing else.
    """
    reader = Reader()
    lines = [line for line in lines_of(text) if not reader.take_furniture(line.text)]
    lines = reader.take_headline(lines)
    lead = lead_of(lines, column=is_column(reader.story.marks))
    reader.take_head(lines[:lead])
    reader.take_body(lines[lead:])
    return reader.settled()
