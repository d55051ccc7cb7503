"""Screening of a comment: all rules, the worst finding first. Pure."""

from comments.content_filter.findings import Finding
from comments.content_filter.flooding import find_flood, find_links
from comments.content_filter.matching import (
    SEVERITIES,
    CompiledWords,
    find_words,
)


def screen_text(text: str, words: CompiledWords | None = None) -> Finding | None:
    """The first reason to refuse, hold or mark a text, or None.

    Rules: `links` (more than MAX_LINKS), `flood` (a character, sequence or line repeated many times),
    `word` (a word of the list), `near` (more places that could be words than are judged).
    """
    return min(find_all(text, words), key=rank, default=None)


def find_all(text: str, words: CompiledWords | None = None) -> list[Finding]:
    """All findings in a text: links, flooding, words in the order of the text."""
    rules = (find_links(text), find_flood(text))
    return [*(finding for finding in rules if finding), *find_words(text, words)]


def rank(finding: Finding) -> tuple[int, bool, int]:
    """The order of findings: by severity, other rules before words, by place."""
    return SEVERITIES.index(finding.severity), finding.rule == "word", finding.start
