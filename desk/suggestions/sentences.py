"""Sentence splitting of Korean news text: quotations stay whole, numbers and abbreviations do not split."""

import re

CLOSING_OF = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」", "『": "』", "(": ")", "[": "]"}
CLOSING = frozenset(CLOSING_OF.values())
STRAIGHT_QUOTES = frozenset("\"'")
TERMINATORS = frozenset(".!?…")
# What may stand between a sentence's end and the next sentence without being a part of the latter.
AFTER_END = re.compile(r"[\"'”’」』)\]]*")
ABBREVIATIONS = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Inc|Co|Corp|Ltd|No|vs|St|Jr|Sr|U\.S|U\.K|a\.m|p\.m"
    r"|e\.g|i\.e|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)|\b[A-Z])\.$"
)
NUMBERED = re.compile(r"(?:^|\s)(?:\d{1,2}|(?:\d+\.)+\d+)\.$")
# A quotation longer than this has lost its closing mark: it no longer protects what follows.
MAX_QUOTED_CHARS = 400


def split_sentences(text: str) -> list[str]:
    """The sentences of a paragraph, without white space around them; their words are those of the text.

    A full stop inside quotation marks or brackets ends no sentence, unless the mark is never closed: then
    it protects nothing. `3.5`, `2026.11.30.`, `U.S.` and a numbering (`1.`) do not end one either.
    """
    text = " ".join(text.split())
    sentences, start = list[str](), 0
    position = 0
    while position < len(text):
        character = text[position]
        if character in CLOSING_OF and (end := quotation_end(text, position)) is not None:
            position = end + 1
            if ends_quoted_sentence(text, end):
                sentences.append(text[start:position])
                start = position
            continue
        position += 1
        if character in TERMINATORS and is_sentence_end(text, start, position):
            after = AFTER_END.match(text, position)
            position = after.end() if after else position
            sentences.append(text[start:position])
            start = position
    sentences.append(text[start:])
    return [sentence for part in sentences if (sentence := part.strip())]


def quotation_end(text: str, opening: int) -> int | None:
    """Index of the mark that closes the quotation or bracket opened here; None where none does."""
    if is_apostrophe(text, opening):
        return None
    closing = CLOSING_OF[text[opening]]
    position = opening + 1
    limit = min(len(text), opening + MAX_QUOTED_CHARS)
    while position < limit:
        character = text[position]
        if character == closing and not is_apostrophe(text, position):
            return position
        if character in CLOSING_OF and character not in STRAIGHT_QUOTES and character != closing:
            inner = quotation_end(text, position)
            position = inner if inner is not None else position
        position += 1
    return None


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
    following = text[position:]
    after = AFTER_END.match(following)
    rest = following[after.end() :] if after else following
    if rest and not rest[0].isspace():
        return False
    words = text[start:position]
    if words.endswith("…"):
        # An ellipsis ends a sentence only where the next one does not go on with it.
        return not rest
    return not (ABBREVIATIONS.search(words) or NUMBERED.search(words))
