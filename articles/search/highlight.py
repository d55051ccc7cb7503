"""Search highlighting: the headline and a snippet of a hit, with the matches in <mark>. Pure.

Returns safe HTML: everything is escaped but our own <mark>.
"""

from django.utils.html import escape

from articles.search.documents import HEAD_LINE_COUNT
from newsroom.search.query_parser import ParsedQuery
from newsroom.search.tokenizer import fold_text

MAX_SNIPPET_CHARS = 160
SNIPPET_LEAD_CHARS = 40  # of them before the first match
FIRST_NAME_LINE = HEAD_LINE_COUNT - 2  # tags and authors, which are no sentences


def highlight_hit(headline: str, indexed_text: str, query: ParsedQuery) -> dict[str, str]:
    """The headline and a snippet of a hit, as HTML with the matches marked."""
    return {
        "headline": mark_matches(headline, query),
        "snippet": make_snippet(indexed_text, query),
    }


def mark_matches(text: str, query: ParsedQuery) -> str:
    html, end = "", 0
    for start, stop in match_spans(text, query):
        html += escape(text[end:start]) + f"<mark>{escape(text[start:stop])}</mark>"
        end = stop
    return html + escape(text[end:])


def match_spans(text: str, query: ParsedQuery) -> list[tuple[int, int]]:
    """(start, stop) of the matches of all terms in order; adjacent and overlapping ones are merged."""
    folded, offsets = fold_with_offsets(text)
    spans = sorted(
        (offsets[match.start()], offsets[match.end() - 1] + 1)
        for term in query.terms
        for match in term.pattern.finditer(folded)
    )
    merged: list[tuple[int, int]] = []
    for start, stop in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return merged


def fold_with_offsets(text: str) -> tuple[str, range | list[int]]:
    """Folded text, and for each of its characters the index of the original one."""
    folded = fold_text(text)
    if len(folded) == len(text):
        return folded, range(len(text))
    characters = [(char, index) for index, whole in enumerate(text) for char in fold_text(whole)]
    return "".join(char for char, _ in characters), [index for _, index in characters]


def make_snippet(indexed_text: str, query: ParsedQuery) -> str:
    """The line of deck, summary or body with the most terms, cut to size around its first match."""
    lines = indexed_text.split("\n")
    sentences = [*lines[1:FIRST_NAME_LINE], *lines[HEAD_LINE_COUNT:]]
    best, most_terms = next((line for line in sentences if line), ""), 0
    for line in sentences:
        folded = fold_text(line)
        term_count = sum(bool(term.pattern.search(folded)) for term in query.terms)
        if term_count > most_terms:
            best, most_terms = line, term_count
        if term_count == len(query.terms):
            break
    return mark_matches(truncate_around_match(best, query), query)


def truncate_around_match(line: str, query: ParsedQuery) -> str:
    """At most MAX_SNIPPET_CHARS of a line, from a word before its first match on; cuts shown by "…"."""
    if len(line) <= MAX_SNIPPET_CHARS:
        return line
    first = next(iter(match_spans(line, query)), (0, 0))[0]
    start = max(0, min(first - SNIPPET_LEAD_CHARS, len(line) - MAX_SNIPPET_CHARS))
    if start:
        start = line.find(" ", start, first) + 1 or start
    stop = start + MAX_SNIPPET_CHARS
    before, after = "…" if start else "", "…" if stop < len(line) else ""
    return before + line[start:stop].strip() + after
