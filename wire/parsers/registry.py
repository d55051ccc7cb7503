"""From the bytes of a delivery to the parts of a story, with what the source says by default."""

from collections.abc import Callable
from dataclasses import dataclass

from wire.decoding import declared_charset, decode
from wire.errors import NoHeadline
from wire.models import Source
from wire.parsers.result import ParsedStory
from wire.parsers.yonhap import parser

PARSERS: dict[str, Callable[[str], ParsedStory]] = {Source.Parser.YONHAP: parser.parse}


@dataclass(frozen=True, slots=True)
class ParsedDelivery:
    """A delivery in its parts, and the encoding it was in."""

    story: ParsedStory
    encoding: str


def parse_raw(raw: bytes, *, source: Source, content_type: str) -> ParsedDelivery:
    """The story in these bytes.

    Raises Unreadable for what is no text, TooManyLines, NoHeadline for text without words.
    """
    reading = decode(raw, charset=declared_charset(content_type) or source.charset)
    story = PARSERS[source.parser](reading.text)
    if not story.headline:
        raise NoHeadline
    story.warnings = [*reading.warnings, *story.warnings]
    story.agency = story.agency or source.agency
    story.rights = story.rights or source.rights
    story.ai_use_prohibited = story.ai_use_prohibited or source.ai_use_prohibited
    return ParsedDelivery(story, reading.encoding)
