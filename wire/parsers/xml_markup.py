"""Markup inside XML as HTML: XHTML as it is, NITF by its elements. Pure, without recursion."""

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any

from wire.parsers.xml_documents import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
else:
    Element = Any

KEPT_ATTRIBUTES = (
    *("href", "src", "alt", "title", "colspan", "rowspan", "scope", "start", "width", "height"),
    *("lang", "style", "class", "role", "cite"),
)
VOID = {"br", "hr", "img", "col"}
# HTML for an element in place of itself and all that is in it; None where it is written as usual.
Replacement = Callable[[Element], str | None]


def to_html(
    root: Element, *, tags: dict[str, str] | None = None, replaced: Replacement | None = None
) -> str:
    """The HTML of what is in an element, text and tails of all inline elements included.

    `tags` maps local names to HTML; an empty name leaves out the tag, not the text.
    """
    names = tags or {}
    parts: list[str] = [escape(root.text or "", quote=False)]
    open_elements: list[tuple[Element, str]] = []
    element = root[0] if len(root) else None
    while element is not None:
        html = replaced(element) if replaced else None
        name = local_name(element).lower()
        tag = names.get(name, name)
        if html is None:
            parts.append(start_tag(tag, element) + escape(element.text or "", quote=False))
            if len(element) and tag not in VOID:
                open_elements.append((element, tag))
                element = element[0]
                continue
            parts.append(end_tag(tag))
        else:
            parts.append(html)
        parts.append(escape(element.tail or "", quote=False))
        while element.getnext() is None and open_elements:
            element, tag = open_elements.pop()
            parts.append(end_tag(tag) + escape(element.tail or "", quote=False))
        element = element.getnext()
    return "".join(parts)


def start_tag(tag: str, element: Element) -> str:
    if not tag:
        return ""
    attributes = "".join(
        f' {name}="{escape(value)}"'
        for name in KEPT_ATTRIBUTES
        if (value := element.get(name)) is not None
    )
    return f"<{tag}{attributes}>"


def end_tag(tag: str) -> str:
    return "" if not tag or tag in VOID else f"</{tag}>"
