"""What a reader sees of a hit: its headline and a few of its words, with what was asked for marked.

Safe HTML: everything is escaped but our own <mark>. Pure.
"""

from django.utils.html import escape

from articles.search.documents import HEAD_LINE_COUNT
from articles.search.query_parser import ParsedQuery
from articles.search.tokenizer import fold_text

MAX_SNIPPET_CHARS = 160  # characters of a snippet
SNIPPET_LEAD_CHARS = 40  # of them before the first word found
FIRST_NAME_LINE = HEAD_LINE_COUNT - 2  # tags and authors: no sentences


def highlight_hit(headline: str, said: str, question: ParsedQuery) -> dict[str, str]:
    """The headline and a snippet of a hit, as HTML."""
    return {"headline": mark_matches(headline, question), "snippet": make_snippet(said, question)}


def mark_matches(text: str, question: ParsedQuery) -> str:
    html, end = "", 0
    for start, stop in match_spans(text, question):
        html += escape(text[end:start]) + f"<mark>{escape(text[start:stop])}</mark>"
        end = stop
    return html + escape(text[end:])


def match_spans(text: str, question: ParsedQuery) -> list[tuple[int, int]]:
    """Where the words asked for stand, in order; those that touch are one."""
    fold, places = fold_with_offsets(text)
    found = sorted(
        (places[hit.start()], places[hit.end() - 1] + 1)
        for word in question.words
        for hit in word.pattern.finditer(fold)
    )
    joined: list[tuple[int, int]] = []
    for start, stop in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return joined


def fold_with_offsets(text: str) -> tuple[str, range | list[int]]:
    """Folded text, and for each of its letters which one of the text it was."""
    fold = fold_text(text)
    if len(fold) == len(text):
        return fold, range(len(text))
    letters = [(letter, at) for at, whole in enumerate(text) for letter in fold_text(whole)]
    return "".join(letter for letter, _ in letters), [at for _, at in letters]


def make_snippet(said: str, question: ParsedQuery) -> str:
    """The line of the deck, summary or body with most of the words, cut to size around the first."""
    lines = said.split("\n")
    told = [*lines[1:FIRST_NAME_LINE], *lines[HEAD_LINE_COUNT:]]
    best, most = next((line for line in told if line), ""), 0
    for line in told:
        fold = fold_text(line)
        words = sum(bool(word.pattern.search(fold)) for word in question.words)
        if words > most:
            best, most = line, words
        if words == len(question.words):
            break
    return mark_matches(*truncate_around_match(best, question))


def truncate_around_match(line: str, question: ParsedQuery) -> tuple[str, ParsedQuery]:
    """So much of a line as fits, from a word before the first one found."""
    if len(line) <= MAX_SNIPPET_CHARS:
        return line, question
    first = next(iter(match_spans(line, question)), (0, 0))[0]
    start = max(0, min(first - SNIPPET_LEAD_CHARS, len(line) - MAX_SNIPPET_CHARS))
    if start:
        start = line.find(" ", start, first) + 1 or start
    stop = start + MAX_SNIPPET_CHARS
    before, after = "…" if start else "", "…" if stop < len(line) else ""
    return before + line[start:stop].strip() + after, question
