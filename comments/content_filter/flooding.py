"""Links and flooding in comments: repeated characters, sequences and lines. Pure, in linear time."""

import re
from collections import Counter

from comments.content_filter.findings import Finding

MAX_LINKS = 2

LINK_PATTERN = re.compile(
    r"(?:https?://|www\.)\S+|\b[a-z0-9-]{1,63}\.(?:com|net|org|kr|io|co|me|ly|gl|xyz|shop|site|top)\b\S*",
    re.IGNORECASE,
)
REPEATED_CHARACTER_PATTERN = re.compile(r"(\S)\1{99,}")
MAX_SEQUENCE_CHARS, MIN_SEQUENCE_REPEATS = 30, 30
MAY_BE_LINK = re.compile("[.:]")
MIN_REPEATED_LINES = 5
BLANKS = frozenset("\n")


def find_links(text: str) -> Finding | None:
    """A `links` finding for more than MAX_LINKS links."""
    if not MAY_BE_LINK.search(text):
        return None
    links = list(LINK_PATTERN.finditer(text))
    if len(links) <= MAX_LINKS:
        return None
    return Finding("links", str(len(links)), links[0].start(), links[-1].end())


def find_flood(text: str) -> Finding | None:
    """A `flood` finding for a repeated character, sequence or line."""
    match = REPEATED_CHARACTER_PATTERN.search(text)
    span = match.span() if match else find_repeated_sequence(text)
    if span:
        return Finding("flood", "", *span)
    lines = Counter(line.strip() for line in text.split("\n"))
    del lines[""]
    for line, count in lines.most_common(1):
        if count >= MIN_REPEATED_LINES:
            start = text.index(line)
            return Finding("flood", "", start, start + len(line))
    return None


def find_repeated_sequence(text: str) -> tuple[int, int] | None:
    """The span of a sequence of 2 to MAX_SEQUENCE_CHARS characters repeated MIN_SEQUENCE_REPEATS times.

    Half as long a step as the least span of a period meets every span; only there are characters compared.
    """
    for period in range(2, MAX_SEQUENCE_CHARS + 1):
        shortest, reached = period * MIN_SEQUENCE_REPEATS, 0
        for at in range(0, len(text) - period * 2 + 1, shortest // 2 - period):
            if at < reached or text[at : at + period] != text[at + period : at + period * 2]:
                continue
            start, end = repeated_span(text, at, period)
            if end - start >= shortest and len(set(text[start : start + period]) - BLANKS) > 1:
                return start, end
            reached = end - period
    return None


def repeated_span(text: str, at: int, period: int) -> tuple[int, int]:
    """How far each character around a place equals the one a period later."""
    start, end = at, at + period * 2
    while start and text[start - 1] == text[start - 1 + period]:
        start -= 1
    while end < len(text) and text[end] == text[end - period]:
        end += 1
    return start, end
