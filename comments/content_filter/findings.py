"""Findings of the content filter, and the words that it looks for."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a word on the list does to a comment."""

    BLOCK = "block"  # the comment is refused, and not stored
    HOLD = "hold"  # stored, shown to nobody but its author until a moderator decides
    FLAG = "flag"  # shown at once, and marked for the moderators


class MatchMode(StrEnum):
    """Where in a word separated by spaces (eojeol) an entry of the list may stand."""

    WORD = "word"  # the whole of it, particles and endings may follow
    START = "start"  # at its beginning, whatever follows
    COMMAND = "command"  # at the end of a sentence, without a subject or object before it
    ALONE = "alone"  # the whole of it
    EXACT = "exact"  # like `word`, but as it is spelled: words that only sound alike do not count
    ANYWHERE = "anywhere"  # inside longer words too
    ALLOWED = "allowed"  # an innocent word that contains another entry, or reaches into one


@dataclass(frozen=True)
class Word:
    """An entry of a word list."""

    text: str
    severity: Severity = Severity.HOLD
    mode: MatchMode = MatchMode.WORD


@dataclass(frozen=True)
class Finding:
    """Why a text is held: the rule, the matched list word or number of links, and the span in the text.

    `start` and `end` are code points of the stored text.  The reader's own words are left out, since the
    audit log keeps the finding.
    """

    rule: str
    match: str
    start: int
    end: int
    severity: Severity = Severity.HOLD
