"""Registry of wire formats: recognised from the bytes, each read by a package of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from wire.errors import NoHeadline
from wire.models import Source
from wire.parsers import yonhap
from wire.parsers.payload import Payload
from wire.parsers.result import ParsedDelivery, ParsedStory


@dataclass(frozen=True, slots=True)
class WireFormat:
    """A format: `matches` decides from the first bytes, `parse` gives the stories.

    `parse` raises Refused with a sentence where the bytes are broken, and nothing else.
    """

    slug: str
    matches: Callable[[Payload], bool]
    parse: Callable[[Payload], ParsedDelivery]


def parse_yonhap(payload: Payload) -> ParsedDelivery:
    """The one story of a Yonhap text."""
    decoded = payload.decode()
    story = yonhap.parse(decoded.text)
    story.warnings = [*decoded.warnings, *story.warnings]
    return ParsedDelivery([story], Source.Format.YONHAP, decoded.encoding)


def is_text(payload: Payload) -> bool:
    """Any bytes: decoding decides whether they are text."""
    return bool(payload.raw)


# In the order in which they are tried; the last takes any text.
FORMATS: tuple[WireFormat, ...] = (WireFormat(Source.Format.YONHAP, is_text, parse_yonhap),)


def find_format(payload: Payload, *, chosen: str) -> WireFormat:
    """The format that a source has chosen, or with `auto` the first that recognises the bytes."""
    if chosen != Source.Format.AUTO:
        return next(form for form in FORMATS if form.slug == chosen)
    return next(form for form in FORMATS if form.matches(payload))


def parse_payload(payload: Payload, *, source: Source) -> ParsedDelivery:
    """The stories of a delivery; the source's agency and rights fill in what a story does not state.

    Raises Unreadable for what is no text, TooManyLines, NoHeadline for a text without words.
    """
    parsed = find_format(payload, chosen=source.format).parse(payload)
    if not parsed.stories or not all(story.headline for story in parsed.stories):
        raise NoHeadline
    for story in parsed.stories:
        fill_in_from_source(story, source)
    return parsed


def fill_in_from_source(story: ParsedStory, source: Source) -> None:
    story.agency = story.agency or source.agency
    story.rights = story.rights or source.rights
    story.ai_use_prohibited = story.ai_use_prohibited or source.ai_use_prohibited
    story.finish_blocks()
