"""Clean-up of the HTML normalizer: drop empty blocks, and move each to where the editor allows it."""

from collections.abc import Callable
from typing import NamedTuple

from newsroom.text.html_normalizer.builder import build
from newsroom.text.html_normalizer.lists import (
    group_items,
    join_implied,
    keep_numbering_in_words,
    take_mark,
    tidy_list,
)
from newsroom.text.html_normalizer.nodes import (
    CELLS,
    HEADINGS,
    LINE_BREAK,
    LISTS,
    SMALL,
    STRONG,
    Block,
    Run,
    serialize,
    text_of,
)
from newsroom.text.html_normalizer.runs import collapsed, merged, paragraphs_of, plain_code
from newsroom.text.html_normalizer.tables import tidy_table
from newsroom.text.normalization import UNWANTED_CHARACTERS

TEXT_TAGS = {"p", "pre", "figcaption", *HEADINGS}
FIRST_LEVEL, LAST_LEVEL = 2, 4  # the headline is level 1


class NormalizedHTML(NamedTuple):
    """The HTML, and what of the input was removed: elements (`iframe`) and attributes (`a[href]`)."""

    html: str
    dropped: tuple[str, ...]


def normalize_html(html: str, *, image_source: Callable[[str], str | None]) -> NormalizedHTML:
    """Normalize HTML to the few elements that a story has, with the same meaning.

    Headings begin at level 2 and skip none, text stands in blocks, styles that mean something are
    elements, marks of word processors are lists, tables for layout are unwrapped.
    """
    blocks, dropped = normalize_blocks(html, image_source=image_source)
    return NormalizedHTML(serialize(blocks), tuple(sorted(dropped)))


def normalize_blocks(
    html: str, *, image_source: Callable[[str], str | None]
) -> tuple[list[Block], set[str]]:
    """The blocks of normalized HTML before they are written as text, and what was removed."""
    text = UNWANTED_CHARACTERS.sub("", html.replace("\r\n", "\n").replace("\r", "\n"))
    builder = build(text, image_source)
    blocks = tidy(builder.root.children, parent="body")
    level_headings(blocks)
    return blocks, builder.dropped


def parse_blocks(html: str) -> list[Block]:
    """The blocks of HTML that is normalized already, with every image that it has."""
    return tidy(build(html, str).root.children, parent="body")


def tidy(blocks: list[Block], *, parent: str) -> list[Block]:
    """The children of a block in the form allowed there. Recursion ends at MAX_NESTING."""
    result: list[Block] = []
    for block in blocks:
        if block.tag == "figcaption" and parent != "figure":
            block.tag = "p"
        if block.tag in TEXT_TAGS:
            result += tidy_text(block)
        elif block.tag in {"img", "hr"} or "data-related" in block.attributes:
            result.append(block)
        else:
            block.children = tidy(block.children, parent=block.tag)
            result += tidy_container(block)
    if parent in LISTS or parent in {"table", "tr"}:
        return result
    if parent in {"li", *CELLS}:
        result = [demoted(block) for block in result]
    if parent == "li" and result and result[0].tag == "p":
        result[0].list_mark, result[0].list_level = "", 0  # it is in a list already
    return group_items(join_implied(result))


def tidy_container(block: Block) -> list[Block]:
    if block.tag == "table":
        role = block.attributes.pop("role", "")
        return tidy_table(block, has_role_of_layout=role in {"presentation", "none"})
    block.attributes.pop("role", None)
    if block.tag in LISTS:
        return tidy_list(block)
    if block.tag == "figure":
        return tidy_figure(block)
    return [block] if block.children or block.tag in CELLS else []


def tidy_text(block: Block) -> list[Block]:
    """A text block as none, one, or several blocks where line breaks separate them."""
    if block.tag == "pre":
        return preformatted(block)
    keep_numbering_in_words(block)
    if block.tag != "figcaption":
        block.runs = without_credit(block.runs)
    paragraphs = paragraphs_of(merged(block.runs))
    if block.tag != "p":
        runs = [run for part in paragraphs for run in (Run(LINE_BREAK), *part)][1:]
        block.runs = collapsed(runs)
        return [block] if block.runs else []
    result: list[Block] = []
    for runs in paragraphs:
        own = Block("p", block.attributes, runs=runs)
        if not result:
            own.list_mark, own.list_level = block.list_mark, block.list_level
        take_mark(own)
        own.runs = collapsed(own.runs)
        result.append(own)
    return [own for own in result if own.runs]


def preformatted(block: Block) -> list[Block]:
    lines = text_of(merged([run._replace(marks=0, link=None) for run in block.runs])).split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    while lines and not lines[0].strip():
        del lines[0]
    block.runs = [Run("\n".join(lines))] if lines else []
    return [block] if lines else []


def tidy_figure(block: Block) -> list[Block]:
    """A figure with one image or an embed, and its caption; anything else that was in it follows."""
    children, embed = block.children, chosen_embed(block)
    images = [child for child in children if child.tag == "img"]
    captions = [child for child in children if child.tag == "figcaption"]
    if not images and not embed:
        for caption in captions:
            caption.tag, caption.runs = "p", merged(without_credit(caption.runs))
        return children
    figure = Block("figure", embed, children=[] if embed else [images[-1]])
    if captions:
        runs = [run for part in captions for run in (Run(LINE_BREAK), *part.runs)][1:]
        figure.children.append(Block("figcaption", runs=runs))
    rest = [child for child in children if child.tag not in {"img", "figcaption"}]
    return [figure, *images, *rest] if embed else [*images[:-1], figure, *rest]


def chosen_embed(block: Block) -> dict[str, str]:
    """The attribute that makes a figure an embed; empty for one with an image."""
    return {name: value for name, value in block.attributes.items() if name == "data-embed"}


def without_credit(runs: list[Run]) -> list[Run]:
    """The runs without the mark of a credit, which only a caption has."""
    if not any(run.marks & SMALL for run in runs):
        return runs
    return [run._replace(marks=run.marks & ~SMALL) for run in runs]


def demoted(block: Block) -> Block:
    """A heading in a list item or a cell, as a bold paragraph."""
    if block.tag in HEADINGS:
        block.tag = "p"
        block.runs = [bold(run) for run in block.runs]
    return block


def bold(run: Run) -> Run:
    marks, link = plain_code(run.marks | STRONG, run.link)
    return run._replace(marks=marks, link=link)


def level_headings(blocks: list[Block], *, first: int = FIRST_LEVEL) -> None:
    """Change heading levels: from the first on, each at most one below the heading before it. Those of a
    box are an outline of their own: from 3 on, or from 2 before any subhead, so that none is skipped."""
    outline: list[int] = []
    for heading in headings_and_boxes_in(blocks):
        if heading.tag == "aside":
            level_headings(heading.children, first=FIRST_LEVEL + bool(outline))
            continue
        level = int(heading.tag[1])
        while outline and outline[-1] >= level:
            outline.pop()
        outline.append(level)
        heading.tag = f"h{min(first + len(outline) - 1, LAST_LEVEL)}"


def headings_and_boxes_in(blocks: list[Block]) -> list[Block]:
    """The headings in order, and the boxes, which have their own."""
    result: list[Block] = []
    for block in blocks:
        is_found = block.tag in HEADINGS or block.tag == "aside"
        result += [block] if is_found else headings_and_boxes_in(block.children)
    return result
