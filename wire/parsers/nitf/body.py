"""Body of an NITF document: its elements as HTML for the normalizer, its media as files."""

from html import escape
from typing import TYPE_CHECKING, Any

from wire.parsers.markup import LISTED_MEDIA, Content, html_content, pixels
from wire.parsers.result import Media
from wire.parsers.xml_documents import attribute, children, local_name, text_of
from wire.parsers.xml_markup import to_html

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
else:
    Element = Any

# NITF -> HTML. What enriches words (person, org, money …) leaves its text.
TAGS = {
    **dict.fromkeys(("block", "content", "nitf-table", "body.content"), "div"),
    **dict.fromkeys(("hl1", "hl2"), "h2"),
    **dict.fromkeys(
        ("chron", "copyrite", "event", "function", "location", "money", "num", "object.title"), ""
    ),
    **dict.fromkeys(
        ("org", "person", "postaddr", "virtloc", "lang", "pronounce", "classifier"), ""
    ),
    **dict.fromkeys(("city", "state", "region", "country", "name.given", "name.family"), ""),
    **dict.fromkeys(
        ("frac", "frac-num", "frac-sep", "frac-den", "sublocation", "copyrite.year"), ""
    ),
    "bq": "blockquote",
    "credit": "p",
    "fn": "p",
    "alt-code": "",
    "copyrite.holder": "",
    "q": "q",
    "col": "",
    "colgroup": "",
}
PRIVATE_NOTES = {"npa", "pa"}  # non-publishable and publishable advisories to editors
LEFT_OUT = {"nitf-table-metadata", "nitf-col", "nitf-colgroup", "media-metadata", "ds"}


def body_content(body: Element | None, *, notes: list[str]) -> Content:
    """The content of `body.content` (or any element of NITF blocks); notes to editors go to `notes`."""
    if body is None:
        return Content()
    listed: list[Media] = []

    def replaced(element: Element) -> str | None:
        name = local_name(element)
        if name == "media":
            return media_html(element, listed)
        if name == "note" and attribute(element, "type", "noteclass") in {
            *PRIVATE_NOTES,
            "editorsnote",
        }:
            notes.append(text_of(element))
            return ""
        return "" if name in LEFT_OUT else None

    return html_content(to_html(body, tags=TAGS, replaced=replaced), listed=listed)


def media_html(element: Element, listed: list[Media]) -> str:
    """A figure for a `media` element, whose file is added to the list.

    Of several `media-reference`s of one picture (its sizes) the widest counts.
    """
    references = children(element, "media-reference")
    caption = " ".join(map(text_of, children(element, "media-caption")))
    credit = " ".join(map(text_of, children(element, "media-producer")))
    best = max(references, key=lambda ref: pixels(ref.get("width")) or 0, default=None)
    source = attribute(best, "source", "source-credit") if best is not None else ""
    rights = " ".join(map(text_of, children(element, "copyrite")))
    listed.append(
        Media(
            href=source if source.lower().startswith(("http://", "https://", "cid:")) else "",
            media_type=media_type_of(element, best),
            caption=caption,
            credit=credit or attribute(best, "copyright"),
            rights=rights,
            width=pixels(attribute(best, "width")),
            height=pixels(attribute(best, "height")),
        )
    )
    small = f"<small>{escape(credit)}</small>" if credit else ""
    return (
        f'<figure><img src="{LISTED_MEDIA}{len(listed) - 1}">'
        f"<figcaption>{escape(caption)}{small}</figcaption></figure>"
    )


def media_type_of(element: Element, reference: Element | None) -> str:
    kind = {"image": "image/*", "video": "video/*", "audio": "audio/*"}
    stated = attribute(reference, "mime-type")
    return stated if "/" in stated else kind.get(attribute(element, "media-type"), "")
