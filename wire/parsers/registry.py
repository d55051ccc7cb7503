"""From the bytes of a delivery to the parts of a story, with what the source says by default."""

from collections.abc import Callable
from dataclasses import dataclass

from wire.decoding import declared_charset, read
from wire.errors import NoHeadline
from wire.models import Source
from wire.parsers.result import Parsed
from wire.parsers.yonhap import parser

PARSERS: dict[str, Callable[[str], Parsed]] = {Source.Parser.YONHAP: parser.parse}


@dataclass(frozen=True, slots=True)
class Understood:
    """A delivery in its parts, and the encoding it was in."""

    story: Parsed
    encoding: str


def understand(raw: bytes, *, source: Source, content_type: str) -> Understood:
    """The story in these bytes.

    Raises Unreadable for what is no text, TooManyLines, NoHeadline for text without words.
    """
    reading = read(raw, charset=declared_charset(content_type) or source.charset)
    story = PARSERS[source.parser](reading.text)
    if not story.headline:
        raise NoHeadline
    story.warnings = [*reading.warnings, *story.warnings]
    story.agency = story.agency or source.agency
    story.rights = story.rights or source.rights
    story.ai_use_prohibited = story.ai_use_prohibited or source.ai_use_prohibited
    return Understood(story, reading.encoding)
