"""Inline content: white space collapsed as a browser does, invisible characters gone, lines apart."""

import re
import unicodedata

from newsroom.text.html_normalizer.nodes import CODE, LINE_BREAK, Link, Run, text_of
from newsroom.text.normalization import (
    UNWANTED_CHARACTERS,
    shows_nothing,
    strip_invisible_characters,
)

SPACE = " \t\n\r\f\v\x85\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
SEVERAL_SPACES = re.compile(f"[{SPACE}]{{2,}}|[\t\n\r\f\v\x85\u2028\u2029]")
LEADING_SPACE = re.compile(f"^[{SPACE}]+")
SPACE_CHARACTERS = " \t\n\r\f\v\x85\u00a0\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
SPACES = frozenset(SPACE_CHARACTERS)
# Behind the ">" of a tag it would become "≯" when the HTML is composed to NFC.
COMPOSES_WITH_TAG = re.compile(r"(^|\s)\u0338+")


def merged(runs: list[Run]) -> list[Run]:
    """Neighbours with the same marks as one run, its characters cleaned."""
    result: list[Run] = []
    parts: list[str] = []
    last: tuple[int, Link | None] = (0, None)
    for run in [*runs, Run(LINE_BREAK)]:
        own = plain_code(run.marks, run.link)
        is_break = run.text == LINE_BREAK
        if parts and (is_break or own != last):
            if text := clean_characters("".join(parts)):
                result.append(Run(text, *last))
            parts = []
        if is_break:
            result.append(Run(LINE_BREAK, *own))
        else:
            parts.append(run.text)
            last = own
    return result[:-1]


def plain_code(marks: int, link: Link | None) -> tuple[int, Link | None]:
    """In the editor code has no other mark; a link is worth more than code."""
    if not marks & CODE:
        return marks, link
    return (marks & ~CODE if link else CODE), link


def clean_characters(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    text = strip_invisible_characters(UNWANTED_CHARACTERS.sub("", text))
    text = unicodedata.normalize("NFC", text)
    return COMPOSES_WITH_TAG.sub(r"\1", text) if "\u0338" in text else text


def paragraphs_of(runs: list[Run]) -> list[list[Run]]:
    """The runs as paragraphs: lines that show nothing stand between two of them."""
    paragraphs: list[list[Run]] = [[]]
    line: list[Run] = []
    line_break: Run | None = None  # before this line
    for run in [*runs, Run(LINE_BREAK)]:
        if run.text != LINE_BREAK:
            line.append(run)
            continue
        if shows_nothing(text_of(line)):
            if paragraphs[-1]:
                paragraphs.append([])
        else:
            if paragraphs[-1] and line_break is not None:
                paragraphs[-1].append(line_break)
            paragraphs[-1] += line
        line, line_break = [], run
    return [paragraph for paragraph in paragraphs if paragraph]


def collapsed(runs: list[Run]) -> list[Run]:
    """The runs with white space collapsed across them, and trimmed from each line."""
    lines: list[list[Run]] = [[]]
    breaks: list[Run] = []
    for run in runs:
        if run.text == LINE_BREAK:
            breaks.append(run)
            lines.append([])
            continue
        line = lines[-1]
        text = run.text
        if "  " in text or not text.isprintable():  # no other space is printable
            text = SEVERAL_SPACES.sub(" ", text)
        if not line or line[-1].text[-1] in SPACES:
            text = text.lstrip(SPACE_CHARACTERS)
        if text:
            line.append(run if text == run.text else run._replace(text=text))
    result = trimmed(lines[0])
    for line_break, line in zip(breaks, lines[1:], strict=True):
        result += [line_break, *trimmed(line)]
    return result


def trimmed(line: list[Run]) -> list[Run]:
    while line:
        text = line[-1].text.rstrip(SPACE_CHARACTERS)
        if text:
            if text != line[-1].text:
                line[-1] = line[-1]._replace(text=text)
            break
        line.pop()
    return joined([without_space_links(run) for run in line])


def without_space_links(run: Run) -> Run:
    return run._replace(link=None) if run.link and run.text.isspace() else run


def joined(line: list[Run]) -> list[Run]:
    """Neighbours that have become alike, as one run."""
    result: list[Run] = []
    for run in line:
        if result and result[-1][1:] == run[1:]:
            result[-1] = run._replace(text=result[-1].text + run.text)
        else:
            result.append(run)
    return result
