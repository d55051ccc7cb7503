"""Word processor lists: paragraphs that begin with a list mark become nested list items."""

import re
from dataclasses import dataclass

from newsroom.text.html_normalizer.nodes import LINE_BREAK, LISTS, Block, Run, text_of
from newsroom.text.html_normalizer.runs import LEADING_SPACE, SPACE
from newsroom.text.normalization import BLANK_CHARACTERS

BULLETS = "·•◦▪▫■□●○◆◇▶▷►➢➤✓✔❖∙‣⁃∎※§o*\uf0b7\uf0a7\uf0d8\uf0fc\u2013\u2014-"
HANGUL = "가나다라마바사아자차카타파하"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
MARK = re.compile(
    rf"(?P<bullet>[{re.escape(BULLETS)}])|(?P<circled>[{CIRCLED}])"
    rf"|(?P<open>\(?)(?:(?P<number>[0-9]{{1,3}})|(?P<hangul>[{HANGUL}])|(?P<latin>[A-Za-z]|[ivxIVX]{{2,6}}))"
    r"(?P<close>[.)])"
)
# A list mark before the text of a paragraph. Word processors put no-break spaces or a tab after it, people
# a single space: "1. 서론" remains the text of a paragraph, "J. Kim" a name.
SPACED_MARKS = re.compile(
    rf"(?:([{re.escape(BULLETS)}])(?=[ \t]*[\u00a0\t])[{SPACE}]+"
    rf"|([{CIRCLED}]|\(?(?:[0-9]{{1,3}}|[{HANGUL}]|[A-Za-z]|[ivxIVX]{{2,6}})[.)])"
    rf"(?:(?=[ ]*\u00a0)[ \u00a0][{SPACE}]+|[ \u00a0]*\t[{SPACE}]*))+"
)
# Of a paragraph that says it is a list item.
LISTED_MARK = re.compile(rf"({re.sub('[?]P<[a-z]+>', '?:', MARK.pattern)})[{SPACE}]+")


@dataclass(frozen=True)
class Mark:
    """A parsed list mark: its kind ("1." and "2." are of one kind) and its number."""

    kind: str
    is_ordered: bool
    number: int


def read_mark(text: str) -> Mark | None:
    """The list mark at the beginning of a text; None without one."""
    match = MARK.match(text.lstrip())
    if match is None:
        return None
    if bullet := match["bullet"]:
        return Mark(bullet, is_ordered=False, number=1)
    if circled := match["circled"]:
        return Mark("circled", is_ordered=True, number=CIRCLED.index(circled) + 1)
    frame = match["open"] + "{}" + match["close"]
    if number := match["number"]:
        return Mark(frame.format("number"), is_ordered=True, number=int(number))
    if hangul := match["hangul"]:
        return Mark(frame.format("hangul"), is_ordered=True, number=HANGUL.index(hangul) + 1)
    return Mark(frame.format("latin"), is_ordered=True, number=1)


def keep_numbering_in_words(block: Block) -> None:
    """Keep as text what Word puts in the place of a list mark and is none, such as "제1조"."""
    if block.list_mark and read_mark(block.list_mark) is None:
        block.runs.insert(0, Run(block.list_mark))
        block.list_mark, block.list_level = "", 0


def take_mark(block: Block) -> None:
    """Move the mark at the beginning of a paragraph from its text to `list_mark`."""
    line = text_of(block.runs[: line_end(block.runs)])
    end = next((n for n in range(len(line), 0, -1) if not BLANK_CHARACTERS.match(line[n - 1])), 0)
    start = len(line) - len(LEADING_SPACE.sub("", line))
    patterns = [SPACED_MARKS]
    if block.list_level and not block.list_mark:
        patterns.insert(0, LISTED_MARK)
    for pattern in patterns:
        if match := pattern.match(line, start, end):
            block.list_mark = block.list_mark or match[0].strip()
            start = match.end()
    drop_characters(block.runs, start)


def line_end(runs: list[Run]) -> int:
    """Number of runs before the first line break."""
    return next((n for n, run in enumerate(runs) if run.text == LINE_BREAK), len(runs))


def drop_characters(runs: list[Run], count: int) -> None:
    """Remove `count` characters from the beginning of the runs."""
    while count and runs:
        text = runs[0].text
        if len(text) > count:
            runs[0] = runs[0]._replace(text=text[count:])
            return
        count -= len(text)
        del runs[0]


def group_items(blocks: list[Block]) -> list[Block]:
    """The blocks, with consecutive paragraphs with list marks joined to a list."""
    result: list[Block] = []
    items: list[Block] = []
    for block in blocks:
        if block.list_mark or block.list_level:
            items.append(block)
        else:
            result += [*lists_of(items), block]
            items = []
    return result + lists_of(items)


def lists_of(items: list[Block]) -> list[Block]:
    """Paragraphs with marks as lists; those of a deeper level inside the item before them."""
    roots: list[Block] = []
    open_lists: list[tuple[int, Block]] = []
    kinds: list[str] = []
    for item in items:
        mark = read_mark(item.list_mark) or Mark("none", is_ordered=False, number=1)
        level = item.list_level or level_of_kind(mark.kind, kinds)
        tag = LISTS[mark.is_ordered]
        while open_lists and open_lists[-1][0] > level:
            open_lists.pop()
        if open_lists and open_lists[-1][0] == level and open_lists[-1][1].tag != tag:
            open_lists.pop()
        if not open_lists or open_lists[-1][0] < level:
            started = {"start": str(mark.number)} if mark.number > 1 else {}
            new_list = Block(tag, started)
            (open_lists[-1][1].children[-1].children if open_lists else roots).append(new_list)
            open_lists.append((level, new_list))
        item.list_mark, item.list_level = "", 0
        open_lists[-1][1].children.append(Block("li", children=[item]))
    return roots


def level_of_kind(kind: str, kinds: list[str]) -> int:
    """Level of a mark without one: a kind that has not occurred yet is one deeper."""
    if kind in kinds:
        del kinds[kinds.index(kind) + 1 :]
    else:
        kinds.append(kind)
    return len(kinds)


def tidy_list(block: Block) -> list[Block]:
    """A list whose items begin with a paragraph, as in the editor; other content after it."""
    result: list[Block] = []
    current = Block(block.tag, block.attributes)
    for item in block.children:
        if not item.children:
            continue
        first = item.children[0]
        if first.tag == "p":
            current.children.append(item)
        elif first.tag in LISTS and current.children:
            current.children[-1].children += item.children
        elif first.tag in LISTS and all(child.tag in LISTS for child in item.children):
            current.children += [inner for child in item.children for inner in child.children]
        else:
            result += [*([current] if current.children else []), *item.children]
            current = Block(block.tag, continued(current))
    return [*result, current] if current.children else result


def continued(block: Block) -> dict[str, str]:
    """The attributes of a list that continues the numbering of this one."""
    number = int(block.attributes.get("start", "1")) + len(block.children)
    return {"start": str(number)} if block.tag == "ol" and number != 1 else {}


def join_implied(blocks: list[Block]) -> list[Block]:
    """Join consecutive lists that were opened for loose items."""
    result: list[Block] = []
    for block in blocks:
        before = result[-1] if result else None
        if before is not None and block.is_implied and before.is_implied:
            before.children += block.children
        else:
            result.append(block)
    return result
