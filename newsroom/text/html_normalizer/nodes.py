"""Document model of the HTML normalizer: blocks that hold blocks or marked runs of text."""

from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

STRONG, EM, STRIKE, UNDERLINE, SUB, SUP, CODE, SMALL = (1 << n for n in range(8))
# From the outermost in: the order in which the editor writes them.
MARK_TAGS = (
    (SMALL, "small"),  # of a caption: the credit of its photo
    (STRONG, "strong"),
    (EM, "em"),
    (STRIKE, "s"),
    (UNDERLINE, "u"),
    (SUB, "sub"),
    (SUP, "sup"),
    (CODE, "code"),
)
LINE_BREAK = "\n"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
LISTS = ("ul", "ol")
CELLS = ("td", "th")


class Link(NamedTuple):
    href: str
    title: str


class Run(NamedTuple):
    """Text with the same marks; a line break is a run of its own, whose text is LINE_BREAK."""

    text: str
    marks: int = 0
    link: Link | None = None


@dataclass(slots=True, eq=False)
class Block:
    """An element of the output. A text block holds runs, any other holds children."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Block"] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    # Of paragraphs that a word processor numbers: the text of the list mark, and its level.
    list_mark: str = ""
    list_level: int = 0
    # A list that the input did not have, opened for a loose <li>.
    is_implied: bool = False


def text_of(runs: list[Run]) -> str:
    return "".join(run.text for run in runs)


def serialize(blocks: list[Block]) -> str:
    parts: list[str] = []
    for block in blocks:
        write_block(block, parts)
    return "".join(parts)


def write_block(block: Block, parts: list[str]) -> None:
    parts.append(start_tag(block.tag, block.attributes))
    if block.tag in {"img", "hr"}:
        return
    if block.tag == "pre":
        parts.append(f"<code>{escape(text_of(block.runs), quote=False)}</code>")
    elif block.tag == "table":
        parts.append("<tbody>")
    write_runs(block.runs if block.tag != "pre" else [], parts)
    for child in block.children:
        write_block(child, parts)
    if block.tag == "table":
        parts.append("</tbody>")
    parts.append(f"</{block.tag}>")


def start_tag(tag: str, attributes: dict[str, str]) -> str:
    text = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"<{tag}{text}>"


def write_runs(runs: list[Run], parts: list[str]) -> None:
    """The runs with their marks as elements; what neighbours share is opened once."""
    open_tags: list[tuple[str, Link | None]] = []
    for run in runs:
        wanted: list[tuple[str, Link | None]] = [("a", run.link)] if run.link else []
        wanted += [(tag, None) for mark, tag in MARK_TAGS if run.marks & mark]
        if not open_tags and not wanted:  # most runs
            parts.append("<br>" if run.text == LINE_BREAK else escape(run.text, quote=False))
            continue
        shared = 0
        for shared_tag, wanted_tag in zip(open_tags, wanted, strict=False):
            if shared_tag != wanted_tag:
                break
            shared += 1
        while len(open_tags) > shared:
            parts.append(f"</{open_tags.pop()[0]}>")
        for tag, link in wanted[shared:]:
            parts.append(start_tag(tag, link_attributes(link) if link else {}))
            open_tags.append((tag, link))
        parts.append("<br>" if run.text == LINE_BREAK else escape(run.text, quote=False))
    while open_tags:
        parts.append(f"</{open_tags.pop()[0]}>")


def link_attributes(link: Link) -> dict[str, str]:
    return {"href": link.href, **({"title": link.title} if link.title else {})}
