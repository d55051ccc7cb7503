"""Parser of NewsML-G2: one item, or the items of a message."""

from typing import TYPE_CHECKING, Any

from wire.embargo import Embargo
from wire.errors import NoStory
from wire.models import Source
from wire.parsers.finishing import finish_story, require_few
from wire.parsers.markup import caption_of
from wire.parsers.newsml_g2.content import package_content, read_content, references_of
from wire.parsers.newsml_g2.metadata import code_of, read_metadata
from wire.parsers.payload import Payload
from wire.parsers.result import ParsedDelivery, ParsedStory
from wire.parsers.xml_documents import (
    children,
    decode_xml,
    every,
    first,
    local_name,
    parse_xml,
    root_name,
)

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
else:
    Element = Any

FORM = "NewsML-G2"
ITEMS = ("newsItem", "packageItem")
ROOTS = {*ITEMS, "newsMessage"}
NAMESPACE = b"iptc.org/std/nar/"
PICTURE_CLASSES = ("picture", "graphic", "video", "audio", "animation")


def matches(payload: Payload) -> bool:
    return root_name(payload) in ROOTS


def parse(payload: Payload) -> ParsedDelivery:
    """The stories of a NewsML-G2 document. Raises Malformed, NoStory, TooComplex, TooLarge, Unreadable.

    In a message, pictures that a text refers to are its media; a package gives its references, and is a
    story of its own only where it comes without texts.
    """
    decoded = decode_xml(payload)
    root = parse_xml(decoded.text, form=FORM)
    items = [root] if local_name(root) in ITEMS else list(items_of(root))
    require_few(len(items))
    if not items:
        raise NoStory(FORM)
    stories = stories_of(items)
    for story in stories:
        story.warnings = [*decoded.warnings, *story.warnings]
    return ParsedDelivery(stories, Source.Format.NEWSML_G2, decoded.encoding)


def items_of(message: Element) -> list[Element]:
    sets = list(every(message, "itemSet")) or [message]
    return [item for found in sets for item in found if local_name(item) in ITEMS]


def stories_of(items: list[Element]) -> list[ParsedStory]:
    """The story of each text, with the pictures that belong to it; of each other item where none does."""
    news = [item for item in items if local_name(item) == "newsItem"]
    packages = [item for item in items if local_name(item) == "packageItem"]
    pictures = [item for item in news if is_picture(item)]
    texts = [item for item in news if not is_picture(item)]
    attached: dict[str, list[Element]] = {}
    for picture in pictures:
        if owner := owner_of(picture, texts, packages):
            attached.setdefault(owner, []).append(picture)
    owned = {id(picture) for group in attached.values() for picture in group}
    stories = [story_of(text, attached.get(text.get("guid", ""), [])) for text in texts]
    stories += [story_of(picture, []) for picture in pictures if id(picture) not in owned]
    return stories or [story_of(package, []) for package in packages]


def is_picture(item: Element) -> bool:
    item_class = code_of(first(item, "itemMeta", "itemClass")).lower()
    return item_class.endswith(PICTURE_CLASSES)


def owner_of(picture: Element, texts: list[Element], packages: list[Element]) -> str:
    """The identifier of the text that a picture belongs to: by a link, by a package with one text, or as
    the only text of the message; empty for none."""
    guid = picture.get("guid", "")
    linked = [text for text in texts if guid and guid in references_of(text)]
    for package in packages:
        references = references_of(package)
        if guid in references:
            linked += [text for text in texts if text.get("guid", "") in references]
            break
    candidates = linked or (texts if len(texts) == 1 and not packages else [])
    return candidates[0].get("guid", "") if candidates else ""


def story_of(item: Element, pictures: list[Element]) -> ParsedStory:
    story = ParsedStory()
    read_metadata(item, story)
    is_package = local_name(item) == "packageItem"
    content = package_content(item) if is_package else read_content(item, story)
    if is_picture(item):
        content.captions += [caption_of(m) for m in content.media if m.caption]
    else:
        read_descriptions(item, story)
    for picture in pictures:
        inner = ParsedStory()
        read_metadata(picture, inner)
        found = read_content(picture, inner)
        if not may_go_with(inner, story):
            story.warn("picture_withheld")
            continue
        content.media += found.media
        content.captions += [caption_of(m) for m in found.media if m.caption]
    return finish_story(story, content)


def may_go_with(picture: ParsedStory, story: ParsedStory) -> bool:
    """Whether a picture may be used wherever its text may: the agency neither withholds nor cancelled it,
    and it is under no embargo that the text is not under."""
    if picture.pub_status != "usable" or picture.signal == "cancellation":
        return False
    embargo = (picture.embargo, picture.embargo_until)
    is_free = picture.embargo in {Embargo.NONE, Embargo.LIFTED}
    return is_free or embargo == (story.embargo, story.embargo_until)


def read_descriptions(item: Element, story: ParsedStory) -> None:
    """Descriptions of a text are its deck."""
    from_meta = children(first(item, "contentMeta"), "description")
    story.deck += [" ".join("".join(map(str, d.itertext())).split()) for d in from_meta]
