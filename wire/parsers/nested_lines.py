"""Lines inside lists, quotes and tables: the blocks without those that a test takes out. Pure."""

from collections.abc import Callable
from dataclasses import replace

from newsroom.text.html_normalizer import normalize_blocks
from newsroom.text.html_normalizer.nodes import Block as MarkupBlock
from newsroom.text.html_normalizer.nodes import Run
from wire.parsers.markup import Content, add_block, image_address, inner_text, runs_text
from wire.parsers.result import Block

NESTING_KINDS = {"list", "quote", "table"}
# What is left of a line; empty where nothing of it is text.
TextFilter = Callable[[str], str]


def filter_lines(block: Block, filter_text: TextFilter) -> Block:
    """The block with what the filter leaves of each item of a list, each paragraph of a quote and each row
    of a table with one cell alone; without text where all of them are taken out.

    Other rows stay: a telephone number beside a name is a table's text.
    """
    if not block.html:
        return filter_rows(block, filter_text)
    blocks, _dropped = normalize_blocks(block.html, image_source=image_address)
    has_changed = [prune(child, filter_text) for child in blocks]
    if not any(has_changed):
        return block
    rest = Content()
    for child in blocks:
        add_block(child, rest, ())
    return rest.blocks[0] if rest.blocks else replace(block, text="", html="", rows=())


def filter_rows(block: Block, filter_text: TextFilter) -> Block:
    """The block without markup, and what the filter leaves of its rows with one cell, or of its lines."""
    rows = block.rows or tuple((line,) for line in block.text.split("\n"))
    found = ((filter_text(row[0]),) if len(row) == 1 else row for row in rows)
    left = tuple(row for row in found if any(row))
    if left == rows:
        return block
    text = "\n".join(map(" | ".join, left))
    return replace(block, text=text, rows=left if block.rows else ())


def prune(block: MarkupBlock, filter_text: TextFilter) -> bool:
    """Take out what the filter removes, and what that leaves empty. Nested at most MAX_NESTING deep."""
    has_changed = False
    if block.runs:
        text = runs_text(block.runs)
        rest = filter_text(text) if text else text
        if rest != text:
            block.runs = [Run(rest)] if rest else []
            has_changed = True
    for child in list(block.children):
        if child.tag == "tr" and sum(bool(inner_text(cell)) for cell in child.children) != 1:
            continue
        if prune(child, filter_text):
            has_changed = True
            if not inner_text(child) and not has_picture(child):
                block.children.remove(child)
    return has_changed


def has_picture(block: MarkupBlock) -> bool:
    return block.tag == "img" or any(map(has_picture, block.children))
