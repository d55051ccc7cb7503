"""What a reader sees of a hit: its headline and a few of its words, with what was asked for marked.

Safe HTML: everything is escaped but our own <mark>. Pure.
"""

from django.utils.html import escape

from articles.search.documents import HEAD_LINES
from articles.search.query_parser import Question
from articles.search.tokenizer import folded

LONGEST = 160  # characters of a snippet
BEFORE = 40  # of them before the first word found
NAMES = HEAD_LINES - 2  # tags and authors: no sentences


def highlights(headline: str, said: str, question: Question) -> dict[str, str]:
    """The headline and a snippet of a hit, as HTML."""
    return {"headline": marked(headline, question), "snippet": snippet(said, question)}


def marked(text: str, question: Question) -> str:
    html, end = "", 0
    for start, stop in spans(text, question):
        html += escape(text[end:start]) + f"<mark>{escape(text[start:stop])}</mark>"
        end = stop
    return html + escape(text[end:])


def spans(text: str, question: Question) -> list[tuple[int, int]]:
    """Where the words asked for stand, in order; those that touch are one."""
    fold, places = folded_with_places(text)
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


def folded_with_places(text: str) -> tuple[str, range | list[int]]:
    """Folded text, and for each of its letters which one of the text it was."""
    fold = folded(text)
    if len(fold) == len(text):
        return fold, range(len(text))
    letters = [(letter, at) for at, whole in enumerate(text) for letter in folded(whole)]
    return "".join(letter for letter, _ in letters), [at for _, at in letters]


def snippet(said: str, question: Question) -> str:
    """The line of the deck, summary or body with most of the words, cut to size around the first."""
    lines = said.split("\n")
    told = [*lines[1:NAMES], *lines[HEAD_LINES:]]
    best, most = next((line for line in told if line), ""), 0
    for line in told:
        fold = folded(line)
        words = sum(bool(word.pattern.search(fold)) for word in question.words)
        if words > most:
            best, most = line, words
        if words == len(question.words):
            break
    return marked(*cut(best, question))


def cut(line: str, question: Question) -> tuple[str, Question]:
    """So much of a line as fits, from a word before the first one found."""
    if len(line) <= LONGEST:
        return line, question
    first = next(iter(spans(line, question)), (0, 0))[0]
    start = max(0, min(first - BEFORE, len(line) - LONGEST))
    if start:
        start = line.find(" ", start, first) + 1 or start
    stop = start + LONGEST
    before, after = "…" if start else "", "…" if stop < len(line) else ""
    return before + line[start:stop].strip() + after, question
