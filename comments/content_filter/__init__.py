"""Content filter of comments: finds words on a list in whatever spelling, links, flooding. Pure.

A finding names the rule and the span in the stored text, so that a moderator sees why a comment is held.
Described in docs/content_filter.md.
"""

from comments.content_filter.findings import Finding, MatchMode, Severity, Word
from comments.content_filter.fingerprints import (
    normalize_comment_text,
    normalize_letters,
    text_fingerprint,
)
from comments.content_filter.flooding import find_flood, find_links
from comments.content_filter.lexicon import DEFAULT_WORDS
from comments.content_filter.matching import (
    CompiledWords,
    compile_words,
    default_compiled,
    find_words,
)
from comments.content_filter.text_screening import find_all, screen_text

__all__ = [
    "DEFAULT_WORDS",
    "CompiledWords",
    "Finding",
    "MatchMode",
    "Severity",
    "Word",
    "compile_words",
    "default_compiled",
    "find_all",
    "find_flood",
    "find_links",
    "find_words",
    "normalize_comment_text",
    "normalize_letters",
    "screen_text",
    "text_fingerprint",
]
