"""Plain texts of agencies: the stories of a delivery, in Korean or in English."""

from collections.abc import Callable

from wire.decoding import DecodedText
from wire.models import Source
from wire.parsers import english, yonhap
from wire.parsers.agencies import YONHAP_PREFIX
from wire.parsers.payload import Payload
from wire.parsers.result import ParsedDelivery, ParsedStory
from wire.parsers.sniffing import find_unsupported, require_text, text_head
from wire.parsers.stories import split_stories


def is_english_text(payload: Payload) -> bool:
    """Whether it is plain text with an English dateline."""
    return is_text(payload) and english.is_english_copy(text_head(payload))


def is_text(payload: Payload) -> bool:
    """Whether it looks like plain text, and like no format that is known by name."""
    return not find_unsupported(payload, is_format_chosen=False)


def parse_korean(payload: Payload) -> ParsedDelivery:
    """The stories of Korean texts; `format` says whether Yonhap or another agency sent them."""
    decoded, stories = parse_stories(payload, yonhap.parse)
    agency = next((story.agency for story in stories if story.agency), YONHAP_PREFIX)
    is_yonhap = agency.startswith(YONHAP_PREFIX)
    slug = Source.Format.YONHAP if is_yonhap else Source.Format.KOREAN
    return ParsedDelivery(stories, slug, decoded.encoding)


def parse_english(payload: Payload) -> ParsedDelivery:
    """The stories of English texts."""
    decoded, stories = parse_stories(payload, english.parse)
    return ParsedDelivery(stories, Source.Format.ENGLISH, decoded.encoding)


def parse_stories(
    payload: Payload, parse: Callable[[str], ParsedStory]
) -> tuple[DecodedText, list[ParsedStory]]:
    """Each text of the delivery read by `parse`, with the warnings of decoding.

    Raises Unsupported for what is no plain text, also where a source has chosen a text format; Unreadable,
    TooManyStories, and what `parse` raises.
    """
    require_text(payload, is_format_chosen=True)
    decoded = payload.decode()
    stories = [parse(text) for text in split_stories(decoded.text)]
    if not all(story.headline for story in stories):  # an end mark inside of a story
        stories = [parse(decoded.text)]
    for story in stories:
        story.warnings = [*decoded.warnings, *story.warnings]
    return decoded, stories
