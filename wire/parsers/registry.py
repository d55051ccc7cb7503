"""Registry of wire formats: recognised from the bytes, each read by a package of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from newsroom.errors import Refused
from wire.errors import NoHeadline, Unsupported
from wire.models import Source
from wire.parsers import email_message, feeds, iptc7901, newsml_g2, ninjs, nitf
from wire.parsers.payload import Payload
from wire.parsers.privacy import remove_private
from wire.parsers.result import ParsedDelivery, ParsedStory
from wire.parsers.sniffing import find_unsupported
from wire.parsers.texts import is_english_text, is_text, parse_english, parse_korean
from wire.parsers.usage_terms import forbids_ai, forbids_resale


@dataclass(frozen=True, slots=True)
class WireFormat:
    """A format: `matches` decides from the first bytes, `parse` gives the stories.

    `parse` raises Refused with a sentence where the bytes are broken, and nothing else.
    """

    slug: str
    matches: Callable[[Payload], bool]
    parse: Callable[[Payload], ParsedDelivery]


def parse_email(payload: Payload) -> ParsedDelivery:
    """The stories of a mail; an attached file is parsed by its own format."""
    return email_message.parse(payload, parse_attached)


def parse_attached(payload: Payload) -> ParsedDelivery | None:
    """The stories of a file that came with a mail; None for a mail and for text that is no story.

    Raises what the file's structured format raises: a broken document is not passed over.
    """
    slug = ""
    try:
        form = find_format(payload, chosen=Source.Format.AUTO)
        slug = form.slug
        if slug == Source.Format.EMAIL:
            return None
        parsed = form.parse(payload)
    except Refused:
        if slug in STRUCTURED:
            raise
        return None
    return parsed if all(story.headline for story in parsed.stories) else None


# In the order in which they are tried, one row each: structured formats, then texts.
FORMATS: tuple[WireFormat, ...] = (
    WireFormat(Source.Format.NEWSML_G2, newsml_g2.matches, newsml_g2.parse),
    WireFormat(Source.Format.NITF, nitf.matches, nitf.parse),
    WireFormat(Source.Format.FEED, feeds.matches, feeds.parse),
    WireFormat(Source.Format.NINJS, ninjs.matches, ninjs.parse),
    WireFormat(Source.Format.IPTC7901, iptc7901.matches, iptc7901.parse),
    WireFormat(Source.Format.EMAIL, email_message.matches, parse_email),
    WireFormat(Source.Format.ENGLISH, is_english_text, parse_english),
    WireFormat(Source.Format.YONHAP, is_text, parse_korean),
    WireFormat(Source.Format.KOREAN, is_text, parse_korean),
)


STRUCTURED = {
    *(Source.Format.NEWSML_G2, Source.Format.NITF, Source.Format.NINJS),
    *(Source.Format.FEED, Source.Format.IPTC7901),
}


def find_format(payload: Payload, *, chosen: str) -> WireFormat:
    """The format that a source has chosen, or with `auto` the first that recognises the bytes.

    Raises Unsupported with the name of what they look like.
    """
    if chosen != Source.Format.AUTO:
        return next(form for form in FORMATS if form.slug == chosen)
    for form in FORMATS:
        if form.matches(payload):
            return form
    raise Unsupported(find_unsupported(payload, is_format_chosen=False) or "binary")


def parse_payload(payload: Payload, *, source: Source) -> ParsedDelivery:
    """The stories of a delivery; the source's agency and rights fill in what a story does not state.

    Raises Unsupported or Unreadable for what no parser reads, NoHeadline for a text without words, and
    what the parser of the format refuses.
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
    story.ai_use_prohibited = (
        story.ai_use_prohibited
        or source.ai_use_prohibited
        or forbids_ai(story.rights, story.usage_terms)
    )
    story.resale_prohibited = story.resale_prohibited or forbids_resale(
        story.rights, story.usage_terms
    )
    story.finish_blocks()
    remove_private(story)
