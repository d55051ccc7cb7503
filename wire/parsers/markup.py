"""Markup of a story as blocks: HTML through the HTML normalizer, and plain text. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import escape

from newsroom.text.html_normalizer import normalize_blocks
from newsroom.text.html_normalizer.nodes import CELLS, HEADINGS, LISTS, Run, serialize
from newsroom.text.html_normalizer.nodes import Block as MarkupBlock
from newsroom.text.normalization import normalize_line, normalize_text
from wire.parsers.result import Block, Caption, Media
from wire.parsers.usage_terms import forbids_resale

# Address of an image whose file is in a list that the caller has: `x-wire:3`.
LISTED_MEDIA = "x-wire:"
SUBHEAD_LINE = re.compile(r"[◇◆■□▣]\s?\S.{0,60}")
BLANK_LINES = re.compile(r"\n[ \t\u3000]*\n")
SMALL_MARK = 1 << 7  # a credit inside a caption


@dataclass(slots=True)
class Content:
    """The text of a story: its blocks, and the pictures and captions that stand between them."""

    blocks: list[Block] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    has_removed: bool = False  # scripts, frames and the like

    def add(self, other: "Content") -> None:
        """Append the other content; places of its captions move with it."""
        shift = len(self.blocks)
        self.blocks += other.blocks
        self.media += other.media
        self.captions += [
            replace(caption, place=None if caption.place is None else caption.place + shift)
            for caption in other.captions
        ]
        self.has_removed = self.has_removed or other.has_removed


def html_content(html: str, *, listed: Sequence[Media] = ()) -> Content:
    """The content of HTML. `listed` are the files that images name by `x-wire:` and their index."""
    blocks, dropped = normalize_blocks(html, image_source=image_address)
    content = Content(has_removed=any("[" not in name and name != "img" for name in dropped))
    for block in blocks:
        add_block(block, content, listed)
    return content


def image_address(address: str) -> str | None:
    """The address of an image that can be fetched or is in the delivery; None for any other."""
    is_known = address.lower().startswith(("http://", "https://", "cid:", LISTED_MEDIA))
    return address if is_known else None


def add_block(block: MarkupBlock, content: Content, listed: Sequence[Media]) -> None:
    """Add a block of the normalizer as the block that wire stories have."""
    if block.tag == "aside":
        for child in block.children:
            add_block(child, content, listed)
    elif block.tag in {"figure", "img"}:
        add_figure(block, content, listed)
    elif block.tag in LISTS:
        items = [text for item in block.children if (text := inner_text(item))]
        add_text(
            content, Block("list", "\n".join(items), "", tuple((item,) for item in items)), block
        )
    elif block.tag == "table":
        rows = tuple(tuple(map(inner_text, row.children)) for row in block.children)
        add_text(content, Block("table", "\n".join(map(" | ".join, rows)), "", rows), block)
    elif block.tag == "blockquote":
        add_text(content, Block("quote", inner_text(block, between="\n")), block)
    elif block.tag in HEADINGS:
        add_text(content, Block("subhead", inner_text(block)), block)
    elif block.tag == "pre":
        text = "".join(run.text for run in block.runs)
        add_text(content, Block("paragraph", text), block)
    elif block.tag == "p":
        text = inner_text(block)
        kind = "subhead" if SUBHEAD_LINE.fullmatch(text) else "paragraph"
        add_text(content, Block(kind, text), block)


def add_text(content: Content, block: Block, source: MarkupBlock) -> None:
    if block.text.strip():
        html = serialize([source])
        content.blocks.append(Block(block.kind, block.text, html, block.rows))


def add_figure(figure: MarkupBlock, content: Content, listed: Sequence[Media]) -> None:
    """Add the picture of a figure, and its caption with the place between the blocks."""
    images = [figure] if figure.tag == "img" else [c for c in figure.children if c.tag == "img"]
    captions = [child for child in figure.children if child.tag == "figcaption"]
    runs = [run for caption in captions for run in caption.runs]
    text = runs_text([run for run in runs if not run.marks & SMALL_MARK])
    credit = runs_text([run for run in runs if run.marks & SMALL_MARK])
    for image in images:
        text = text or image.attributes.get("alt", "")
        media = media_of(image.attributes, listed)
        credit = credit or media.credit
        if media.href or media.attachment is not None:
            content.media.append(
                replace(media, caption=media.caption or text, credit=media.credit or credit)
            )
    if text:
        content.captions.append(Caption(text, credit, len(content.blocks)))


def caption_of(media: Media) -> Caption:
    """The caption of a picture that stands beside the text; its rights may forbid resale."""
    resale_prohibited = forbids_resale(media.rights, media.credit, media.caption)
    return Caption(media.caption, media.credit, resale_prohibited=resale_prohibited)


def media_of(attributes: dict[str, str], listed: Sequence[Media]) -> Media:
    address = attributes["src"]
    if address.startswith(LISTED_MEDIA):
        index = address.removeprefix(LISTED_MEDIA)
        is_known = index.isascii() and index.isdecimal() and len(index) < 6
        return listed[int(index)] if is_known and int(index) < len(listed) else Media()
    return Media(
        href=address, width=pixels(attributes.get("width")), height=pixels(attributes.get("height"))
    )


def pixels(text: object) -> int | None:
    """A number of pixels, 1 to 99,999; None for anything else."""
    digits = str(text or "").strip().removesuffix("px")
    is_number = digits.isascii() and digits.isdecimal() and len(digits) < 6
    return int(digits) or None if is_number else None


def inner_text(block: MarkupBlock, *, between: str = " ") -> str:
    """The text of a block and of what is in it, line breaks as spaces. Nested at most MAX_NESTING deep."""
    parts = [runs_text(block.runs)] if block.runs else []
    inside = " " if block.tag in {"li", *CELLS} else between
    parts += [text for child in block.children if (text := inner_text(child, between=inside))]
    return between.join(parts)


def runs_text(runs: Sequence[Run]) -> str:
    """The text of runs, which the normalizer has cleaned, on one line."""
    return " ".join("".join([run.text for run in runs]).split())


def text_content(text: str) -> Content:
    """The content of plain text: blank lines part the paragraphs, and without any each line is one."""
    text = normalize_text(text)
    parts = BLANK_LINES.split(text) if BLANK_LINES.search(text) else text.split("\n")
    content = Content()
    for part in parts:
        content.blocks += [text_block(line) for line in unwrapped(part)]
    return content


def unwrapped(part: str) -> list[str]:
    """The lines of a paragraph as one, a line with the sign of a subhead as its own."""
    lines: list[str] = []
    is_open = False
    for line in filter(None, map(normalize_line, part.split("\n"))):
        is_subhead = bool(SUBHEAD_LINE.fullmatch(line))
        if is_open and not is_subhead:
            lines[-1] = f"{lines[-1]} {line}"
        else:
            lines.append(line)
        is_open = not is_subhead
    return lines


def text_block(line: str) -> Block:
    kind = "subhead" if SUBHEAD_LINE.fullmatch(line) else "paragraph"
    return Block(kind, line, paragraph_html(line, kind))


def paragraph_html(text: str, kind: str = "paragraph") -> str:
    tag = "h2" if kind == "subhead" else "p"
    return f"<{tag}>{escape(text, quote=False)}</{tag}>"
