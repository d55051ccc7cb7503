"""Body of a text: paragraphs, subheads, lists and tables in order, and the captions among them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from wire.parsers.result import Block, Caption
from wire.parsers.yonhap.captions import (
    comparison_key,
    ends_sentence,
    is_caption_title,
    is_name_with_title,
    is_subhead,
    parse_caption,
)
from wire.parsers.yonhap.lines import WireLine, lone_caption_lines
from wire.parsers.yonhap.tables import Row, find_table, is_rule_line, parse_table_title

MIN_WRAPPED_CHARS = 18  # so long a line without a sentence's end continues in the next of its block
SUBHEAD_BLOCK_SIGNS = "◇◆▲△▼▽━■□●○◎"
LIST_SIGNS = "▲△▼▽●○"  # several such lines, one below the other, are a list
MAX_SUBHEAD_CHARS = 80
TITLE_SEARCH_LINES = 6  # below a title, two rows and the rules around them


@dataclass(slots=True)
class Piece:
    """A block while it is built: the lines of the text that are in it."""

    kind: str
    lines: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def to_block(self) -> Block:
        """The block; the sign before a subhead or an item is left out."""
        if self.kind == "subhead":
            return Block("subhead", strip_sign(self.lines[0]))
        if self.kind == "list":
            items = [strip_sign(line) for line in self.lines]
            return Block("list", "\n".join(items), rows=tuple((item,) for item in items))
        return Block(self.kind, self.text(), rows=tuple(self.rows))

    def text(self) -> str:
        """The words; the rows of a table are lines, its cells separated by tabs."""
        if self.kind == "table":
            return "\n".join("\t".join(row) for row in self.rows)
        return " ".join(self.lines)


class BodyBuilder:
    """Fills `captions`, `rules` (drawn lines) and the blocks from the lines of the body.

    `strip_opening` gives a line without dateline and reporters, "" where it is nothing else.
    """

    def __init__(self, strip_opening: Callable[[str], str], *, is_column: bool) -> None:
        self.strip_opening = strip_opening
        self.is_column = is_column
        self.pieces: list[Piece] = []
        self.captions: list[Caption] = []
        self.rules: list[str] = []
        self.title = ""
        self.is_unfinished = False

    def blocks(self) -> list[Block]:
        return [piece.to_block() for piece in self.pieces]

    def paragraphs(self) -> list[str]:
        """The words of each block, as they were written; the items of a list are one each."""
        return [
            text
            for piece in self.pieces
            for text in (piece.lines if piece.kind == "list" else [piece.text()])
        ]

    def add_lines(self, lines: list[WireLine]) -> None:
        """Add all lines: tables first, then captions, subheads and paragraphs, wrapped lines joined."""
        texts = [line.text for line in lines]
        guessed = set() if self.is_column else lone_caption_lines(lines)
        index = table_from = 0
        while index < len(lines):
            if index >= table_from:
                table_from, rows = find_table(texts, index)
                if rows:
                    self.add_table(rows)
                    index = table_from
                    continue
                table_from = max(table_from, index + 1)
            if not self.add_title(lines, index):
                self.add_line(lines[index], guessed=guessed, index=index)
            index += 1
        if self.title:
            self.captions.append(Caption(self.title, place=self.place()))

    def add_table(self, rows: list[Row]) -> None:
        self.pieces.append(Piece("table", rows=rows))
        self.is_unfinished = False

    def add_title(self, lines: list[WireLine], index: int) -> bool:
        """Add a line that is the title of the table or of the caption right below it."""
        line, below = lines[index], lines[index + 1 : index + 2]
        if not below:
            return False
        title = parse_table_title(line.text)
        rows_below = [row.text for row in lines[index + 1 : index + 1 + TITLE_SEARCH_LINES]]
        if title is not None and find_table(rows_below, 0)[1]:
            if title:
                self.pieces.append(Piece("subhead", [title]))
            self.is_unfinished = False
            return True
        if self.is_column or not line.opens_block or below[0].opens_block or not self.pieces:
            return False
        if is_caption_title(line.text, below[0].text):
            self.title = line.text
            return True
        return False

    def add_line(self, line: WireLine, *, guessed: set[int], index: int) -> None:
        text = self.strip_opening(line.text)
        if is_rule_line(text):
            self.rules.append(text)
            text = ""
        elif text and self.add_caption(text, guessed=guessed, index=index):
            text = ""
        elif not self.is_column and is_name_with_title(text):
            self.captions.append(Caption(text, place=self.place()))
            text = ""
        if text and self.is_unfinished and not line.opens_block and not is_subhead(text):
            self.pieces[-1].lines.append(text)
        elif text:
            self.add_piece(text)
        self.is_unfinished = is_wrapped(text) and not line.closes_block

    def add_piece(self, text: str) -> None:
        """Begin a paragraph or a subhead; an item joins the list above it."""
        kind = "subhead" if is_subhead_block(text) else "paragraph"
        above = self.pieces[-1] if self.pieces else None
        is_item = kind == "subhead" and text[0] in LIST_SIGNS
        if is_item and above and above.kind in {"subhead", "list"} and above.lines[0][0] == text[0]:
            above.kind = "list"
            above.lines.append(text)
        else:
            self.pieces.append(Piece(kind, [text]))

    def add_caption(self, text: str, *, guessed: set[int], index: int) -> bool:
        """Add a caption; a credit alone belongs to the guessed caption just before it."""
        captions = self.captions
        caption = parse_caption(text) or (Caption(text) if index in guessed else None)
        if not caption:
            return False
        if not caption.text and index - 1 in guessed and captions:
            captions[-1] = replace(caption, text=captions[-1].text, place=captions[-1].place)
        else:
            title, self.title = self.title, ""
            if title and comparison_key(title) not in comparison_key(caption.text):
                caption = replace(caption, text=f"{title} - {caption.text}")
            captions.append(replace(caption, place=self.place()))
        return True

    def place(self) -> int | None:
        """The index of the block that comes next; None before the first."""
        return len(self.pieces) or None


def is_subhead_block(text: str) -> bool:
    """Whether the line is a subhead or an item: a sign, few words, no sentence, no second sign."""
    return (
        text[0] in SUBHEAD_BLOCK_SIGNS
        and 1 < len(text) <= MAX_SUBHEAD_CHARS
        and not text.rstrip("\"'”’").endswith(".")
        and text.rstrip(f"{text[0]} ").count(text[0]) == 1
    )


def strip_sign(line: str) -> str:
    """The line without the signs before and after it: `━ 남은 문제 ━`."""
    return line.strip(SUBHEAD_BLOCK_SIGNS + " ") or line


def is_wrapped(text: str) -> bool:
    """Whether a paragraph continues after this line."""
    return len(text) >= MIN_WRAPPED_CHARS and not ends_sentence(text) and not is_subhead(text)
