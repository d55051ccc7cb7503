"""Sentence splitting of Korean news text: quotations stay whole, numbers and abbreviations do not split."""

import re
from collections import Counter, deque

CLOSING_OF = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」", "『": "』", "(": ")", "[": "]"}
CLOSING = frozenset(CLOSING_OF.values())
TERMINATORS = frozenset(".!?…")
# What may stand between a sentence's end and the next sentence without being a part of the latter.
AFTER_END = re.compile(r"[\"'”’」』)\]]*")
ABBREVIATIONS = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Inc|Co|Corp|Ltd|No|vs|St|Jr|Sr|U\.S|U\.K|a\.m|p\.m"
    r"|e\.g|i\.e|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)|\b[A-Z])\.$"
)
NUMBERED = re.compile(r"(?:^|\s)(?:\d{1,2}|(?:\d+\.)+\d+)\.$")
# An abbreviation or a number is looked for in so many characters before its full stop.
MAX_TAIL_CHARS = 40
# A quotation longer than this has lost its closing mark: it no longer protects what follows.
MAX_QUOTED_CHARS = 400


def split_sentences(text: str) -> list[str]:
    """The sentences of a paragraph, without white space around them; their words are those of the text.

    A full stop inside quotation marks or brackets ends no sentence, unless the mark is never closed: then
    it protects nothing. `3.5`, `2026.11.30.`, `U.S.` and a numbering (`1.`) do not end one either.
    """
    text = " ".join(text.split())
    closing_at = match_marks(text)
    sentences, start = list[str](), 0
    position = 0
    while position < len(text):
        if (end := closing_at.get(position)) is not None:
            position = end + 1
            if ends_quoted_sentence(text, end):
                sentences.append(text[start:position])
                start = position
            continue
        character = text[position]
        position += 1
        if character in TERMINATORS and is_sentence_end(text, start, position):
            position = end_of_closing_marks(text, position)
            sentences.append(text[start:position])
            start = position
    sentences.append(text[start:])
    return [sentence for part in sentences if (sentence := part.strip())]


def match_marks(text: str) -> dict[int, int]:
    """{index of an opening mark: index of the mark that closes it}, in one pass over the text.

    Marks that are never closed, or farther away than MAX_QUOTED_CHARS, are left out.
    """
    closing_at = dict[int, int]()
    opened = deque[int]()  # indexes of the marks that are open
    awaited = Counter[str]()  # how many of them each closing mark would close
    for position, character in enumerate(text):
        if character not in CLOSING_OF and character not in CLOSING:
            continue
        if is_apostrophe(text, position):
            continue
        while opened and position - opened[0] >= MAX_QUOTED_CHARS:
            awaited[CLOSING_OF[text[opened.popleft()]]] -= 1
        if character in CLOSING and awaited[character]:
            opening = -1
            while opening < 0 or CLOSING_OF[text[opening]] != character:
                opening = opened.pop()
                awaited[CLOSING_OF[text[opening]]] -= 1
            closing_at[opening] = position
        elif character in CLOSING_OF:
            opened.append(position)
            awaited[CLOSING_OF[character]] += 1
    return closing_at


def is_apostrophe(text: str, position: int) -> bool:
    """Whether a `'` or `’` stands inside a Latin word (`company's`) or before digits (`'26`)."""
    if text[position] not in "'’‘":
        return False
    before = text[position - 1] if position else " "
    after = text[position + 1] if position + 1 < len(text) else " "
    between_letters = before.isascii() and before.isalpha() and after.isascii() and after.isalpha()
    return between_letters or (before.isspace() and after.isdigit())


def ends_quoted_sentence(text: str, end: int) -> bool:
    """Whether a sentence ends with the quotation: `"간다." 그는 …` does, `"간다."라고 했다.` does not."""
    if text[end] not in "\"'”’」』" or text[end - 1] not in TERMINATORS:
        return False
    return end + 1 == len(text) or text[end + 1].isspace()


def is_sentence_end(text: str, start: int, position: int) -> bool:
    """Whether the terminator before `position` ends the sentence that began at `start`."""
    after = end_of_closing_marks(text, position)
    if after < len(text) and not text[after].isspace():
        return False
    if text[position - 1] == "…":
        # An ellipsis ends a sentence only where the next one does not go on with it.
        return after == len(text)
    tail = max(start, position - MAX_TAIL_CHARS)
    return not (ABBREVIATIONS.search(text, tail, position) or NUMBERED.search(text, tail, position))


def end_of_closing_marks(text: str, position: int) -> int:
    """The index after the closing marks that stand at `position`."""
    match = AFTER_END.match(text, position)
    return match.end() if match else position
