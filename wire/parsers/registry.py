"""Registry of parsers by source, and the way from a delivery's bytes to a parsed story."""

from collections.abc import Callable
from dataclasses import dataclass

from wire.decoding import declared_charset, decode
from wire.errors import NoHeadline
from wire.models import Source
from wire.parsers import yonhap
from wire.parsers.result import ParsedStory

PARSERS: dict[str, Callable[[str], ParsedStory]] = {Source.Parser.YONHAP: yonhap.parse}


@dataclass(frozen=True, slots=True)
class ParsedDelivery:
    """The story of a delivery, and the encoding that the bytes were in."""

    story: ParsedStory
    encoding: str


def parse_raw(raw: bytes, *, source: Source, content_type: str) -> ParsedDelivery:
    """Decode and parse the bytes; the source's agency and rights fill in what the text does not state.

    Raises Unreadable for what is no text, TooManyLines, NoHeadline for text without words.
    """
    decoded = decode(raw, charset=declared_charset(content_type) or source.charset)
    story = PARSERS[source.parser](decoded.text)
    if not story.headline:
        raise NoHeadline
    story.warnings = [*decoded.warnings, *story.warnings]
    story.agency = story.agency or source.agency
    story.rights = story.rights or source.rights
    story.ai_use_prohibited = story.ai_use_prohibited or source.ai_use_prohibited
    return ParsedDelivery(story, decoded.encoding)
