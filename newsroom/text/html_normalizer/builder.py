"""Tree builder of the HTML normalizer: the parsed elements become blocks of marked runs."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from newsroom.text.html_normalizer import elements
from newsroom.text.html_normalizer.attributes import (
    FACT_BOX,
    chosen,
    container_attributes,
    has_class,
    image_attributes,
    link_of,
    parse_related_box,
)
from newsroom.text.html_normalizer.elements import declarations, list_level, with_style, with_tag
from newsroom.text.html_normalizer.nodes import CELLS, LINE_BREAK, LISTS, Block, Link, Run
from newsroom.text.html_normalizer.related_boxes import MAX_BOXED_IN_BODY

# Deeper lists, quotes and tables lie in the last that counts; their text stays.
MAX_NESTING = 12
LINE_SPACE = re.compile("[\n\r\f\v\x85\u2028\u2029]")
ImageSource = Callable[[str], str | None]


class Context(NamedTuple):
    """The formatting that applies inside an element."""

    marks: int = 0
    link: Link | None = None
    text_tag: str = "p"
    is_preformatted: bool = False
    is_list_mark: bool = False


@dataclass(slots=True)
class Frame:
    """An element of the input that is open."""

    outer: Context
    depth: int
    is_block: bool
    after: str = ""


class Builder:
    """Handles the events of a walk through the parsed HTML; `root` is the result.

    `image_source` gives the address under which an image may be shown, or None.
    """

    def __init__(self, image_source: ImageSource) -> None:
        self.image_source = image_source
        self.root = Block("body")
        self.dropped: set[str] = set()
        self.boxed_count = 0  # identifiers in related boxes
        self.containers = [self.root]
        self.frames: list[Frame] = []
        self.context = Context()
        self.text_block: Block | None = None
        # What the next paragraph inherits of the element that it begins in.
        self.language = ""
        self.level = 0

    # -- events ------------------------------------------------------------------------------

    def enter(self, node: Any) -> bool:
        """Open an element; whether its children are to be walked."""
        tag = node.tag
        if tag == "-text":
            self.add_text(node.text_content or "")
        elif tag.startswith("-") or tag == "rp" or self.removes(tag):
            pass
        elif tag == "br":
            self.add_break()
        elif tag == "hr":
            self.close_text()
            self.container_for_blocks().children.append(Block("hr"))
        elif tag == "img":
            self.add_image(self.attributes_of(tag, node.attributes))
        elif tag == "aside" and "data-related" in node.attributes:
            self.add_related_box(self.attributes_of(tag, node.attributes))
        else:
            self.open_element(tag, self.attributes_of(tag, node.attributes))
            return True
        return False

    def leave(self) -> None:
        frame = self.frames.pop()
        if frame.after:
            self.add_text(frame.after)
        if frame.is_block:
            self.break_block()
            if self.context.is_preformatted and not frame.outer.is_preformatted:
                self.close_text()
            del self.containers[frame.depth :]
            self.language, self.level = "", 0
        self.context = frame.outer

    # -- elements ----------------------------------------------------------------------------

    def removes(self, tag: str) -> bool:
        if tag not in elements.REMOVED:
            return False
        if tag not in elements.UNNAMED:
            self.dropped.add(tag)
        return True

    def attributes_of(self, tag: str, attributes: dict[str, str | None]) -> dict[str, str]:
        """The attributes without scripts, which are recorded as dropped."""
        self.dropped.update(f"{tag}[{name}]" for name in attributes if name.startswith("on"))
        return {name: value or "" for name, value in attributes.items()}

    def open_element(self, tag: str, attributes: dict[str, str]) -> None:
        outer, context = self.context, self.context
        is_block = tag in elements.BLOCKS
        if is_block:
            self.break_block()
        frame = Frame(outer, len(self.containers), is_block)
        if tag in {"q", "rt"}:
            self.add_text("“" if tag == "q" else "(")
            frame.after = "”" if tag == "q" else ")"
        if tag == "a":
            context = context._replace(
                link=link_of(attributes, dropped=self.dropped) or context.link
            )
        marks = with_tag(context.marks, tag)
        if css := declarations(attributes["style"]) if "style" in attributes else None:
            marks = with_style(marks, css, tag=tag, in_link=context.link is not None)
            context = self.with_list_style(context, css, tag)
        self.context = context._replace(marks=marks)
        self.frames.append(frame)
        if is_block:
            self.open_block(tag, attributes)

    def with_list_style(self, context: Context, css: dict[str, str], tag: str) -> Context:
        """Read Word's `mso-list`: which paragraph is a list item, and which of its text the mark."""
        if css.get("mso-list") == "ignore":
            return context._replace(is_list_mark=True)
        if level := list_level(css):
            block = self.text_block
            if block is not None and block.tag == "p" and tag not in elements.BORDERS:
                block.list_level = block.list_level or level
            self.level = level
        return context

    def open_block(self, tag: str, attributes: dict[str, str]) -> None:
        """Open the block that the element becomes: a container, or text of another kind."""
        top = self.containers[-1]
        if tag == "p" and attributes.get("lang"):
            self.language = attributes["lang"]
        if heading := elements.heading_of(tag, attributes):
            self.context = self.context._replace(text_tag=heading)
        elif tag in elements.PREFORMATTED:
            self.context = self.context._replace(text_tag="pre", is_preformatted=True)
        elif tag in elements.LIST_ELEMENTS:
            self.open_list(tag, attributes)
        elif tag == "li":
            self.open_item()
        elif tag == "figcaption" and any(block.tag == "figure" for block in self.containers):
            self.context = self.context._replace(text_tag="figcaption")
        elif tag in {"blockquote", "figure", "table"} or (
            tag == "aside" and top is self.root and has_class(attributes, FACT_BOX)
        ):
            own = container_attributes(tag, attributes, dropped=self.dropped)
            self.open_container(tag, own, blocks=True)
        elif (tag in {"tr", "caption"} and top.tag == "table") or (
            tag in CELLS and top.tag == "tr"
        ):
            self.open_container(
                tag, chosen(attributes, "colspan", "rowspan", "scope"), blocks=False
            )

    def open_list(self, tag: str, attributes: dict[str, str]) -> None:
        start = attributes.get("start", "").strip()
        is_number = start.removeprefix("-").isdecimal() and start.isascii() and len(start) < 9
        counted = tag == "ol" and is_number and int(start) != 1
        name = "ol" if tag == "ol" else "ul"
        top = self.containers[-1]
        if top.tag in LISTS and top.children and len(self.containers) < MAX_NESTING:
            self.containers.append(top.children[-1])  # belongs to the item before it
        self.open_container(name, {"start": str(int(start))} if counted else {}, blocks=True)

    def open_item(self) -> None:
        top = self.containers[-1]
        if top.tag not in LISTS:
            if len(self.containers) >= MAX_NESTING:
                return
            before = top.children[-1] if top.children else None
            top = (
                before if before is not None and before.is_implied else Block("ul", is_implied=True)
            )
            if top is not before:
                self.containers[-1].children.append(top)
            self.containers.append(top)
        self.open_container("li", {}, blocks=False)

    def open_container(self, tag: str, attributes: dict[str, str], *, blocks: bool) -> None:
        parent = self.container_for_blocks() if blocks else self.containers[-1]
        if blocks and len(self.containers) >= MAX_NESTING:
            return
        opened = Block(tag, attributes)
        parent.children.append(opened)
        self.containers.append(opened)
        if tag != "figure":
            self.context = self.context._replace(text_tag="p")

    def container_for_blocks(self) -> Block:
        """The innermost container that may hold a block: an item of a list, a cell of a row."""
        top = self.containers[-1]
        inner = {"ul": "li", "ol": "li", "tr": "td", "table": "caption"}.get(top.tag)
        if inner:
            top.children.append(Block(inner))
            self.containers.append(top.children[-1])
        return self.containers[-1]

    # -- text --------------------------------------------------------------------------------

    def add_text(self, text: str) -> None:
        if not self.context.is_preformatted and LINE_SPACE.search(text):
            text = LINE_SPACE.sub(" ", text)
        if not text or (self.text_block is None and text.isspace()):
            return
        block = self.text_block or self.open_text()
        if self.context.is_list_mark and block.tag == "p":
            block.list_mark += text
        else:
            block.runs.append(Run(text, self.context.marks, self.context.link))

    def add_break(self) -> None:
        if self.text_block is not None:
            self.text_block.runs.append(Run(LINE_BREAK, self.context.marks, self.context.link))

    def open_text(self) -> Block:
        block = Block(self.context.text_tag)
        if block.tag == "p":
            block.list_level = self.level
            if self.language:
                block.attributes["lang"] = self.language
        self.container_for_blocks().children.append(block)
        self.text_block = block
        return block

    def break_block(self) -> None:
        """End a block: a line of preformatted text, else the paragraph."""
        if self.context.is_preformatted and self.text_block is not None:
            self.text_block.runs.append(Run(LINE_BREAK))
        else:
            self.close_text()

    def close_text(self) -> None:
        self.text_block = None

    def add_image(self, attributes: dict[str, str]) -> None:
        source = self.image_source(attributes.get("src", "").strip())
        if source is None:
            self.dropped.add("img")
            return
        self.close_text()
        allowed = image_attributes(attributes, source=source)
        self.container_for_blocks().children.append(Block("img", allowed))

    def add_related_box(self, attributes: dict[str, str]) -> None:
        """A box of related articles; what it holds is made of their identifiers when it is read."""
        self.close_text()
        box = parse_related_box(
            attributes, max_ids=MAX_BOXED_IN_BODY - self.boxed_count, dropped=self.dropped
        )
        if box:
            self.boxed_count += len(box.attributes["data-related"].split())
            self.root.children.append(box)


def build(html: str, image_source: ImageSource) -> Builder:
    """Parse the HTML as a browser does and walk it without recursion, since it may be nested deeply."""
    builder = Builder(image_source)
    if elements.reopened(html) > elements.MAX_REOPENED:
        html = elements.FORMATTING_TAG.sub("", html)
        builder.dropped.add("unclosed formatting")
    node: Any = LexborHTMLParser(html, is_fragment=True).root
    depth = 0
    while node is not None:
        if builder.enter(node):
            if (child := node.first_child) is not None:
                node, depth = child, depth + 1
                continue
            builder.leave()
        while node.next is None and depth:
            node, depth = node.parent, depth - 1
            builder.leave()
        node = node.next
    return builder
