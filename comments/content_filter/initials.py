"""Rule for words of the list that are initials (ㅅㅂ): whether jamo are them. Pure."""

import re

from comments.content_filter.boundaries import LAUGHTER
from comments.content_filter.patterns import merge_repeated

LATIN_JAMO = str.maketrans("stbq", "ㅅㅅㅂㅂ")
JAMO_PAIRS = str.maketrans("ㅆㅃ", "ㅅㅂ")
MAX_RUN_CHARS = 30
# Jamo that are spoken of as letters: ㅂㅅ은 겹받침이 아니다.
NAMED_CHARS, NAMED_JAMO = 12, re.compile("자음|모음|받침|자모|종성|쌍시옷|쌍비읍")


def is_initials(characters: str, first: int, last: int, text: str, written: str) -> bool:
    """Whether jamo are the initials of the list, not part of a longer run of consonants (초성)."""
    has_jamo = any("ㄱ" <= c <= "ㅣ" for c in written)
    if not has_jamo or any("가" <= c <= "힣" for c in written):
        return False
    expected = merge_repeated(text.translate(JAMO_PAIRS))
    initials = to_initials(written)
    if not initials.startswith(expected):
        return False
    window = characters[max(0, first - NAMED_CHARS) : last + 1 + NAMED_CHARS]
    if NAMED_JAMO.search(window):
        return False
    if initials != expected:
        return is_repeated(characters, first, last + 1, expected)
    before = characters[first - 1] if first else " "
    after = characters[last + 1] if last + 1 < len(characters) else " "
    if before.translate(JAMO_PAIRS) in expected or after.translate(JAMO_PAIRS) in expected:
        return is_repeated(characters, first, last + 1, expected)
    return not any(
        ("ㄱ" <= c <= "ㅣ" and c not in LAUGHTER) or "a" <= c <= "z" for c in (before, after)
    )


def to_initials(written: str) -> str:
    """The consonants of jamo and of Latin letters that stand for them, plain, merged."""
    jamo = "".join(c for c in written.translate(LATIN_JAMO) if "ㄱ" <= c <= "ㅣ")
    return merge_repeated(jamo.replace("ㅄ", "ㅂㅅ").translate(JAMO_PAIRS))


def is_repeated(characters: str, start: int, end: int, expected: str) -> bool:
    """Whether the run of consonants around these is the expected ones more than once (ㅅㅂㅅㅂ)."""
    low, high = max(0, start - MAX_RUN_CHARS), min(len(characters), end + MAX_RUN_CHARS)
    while start > low and "ㄱ" <= characters[start - 1] <= "ㅎ":
        start -= 1
    while end < high and "ㄱ" <= characters[end] <= "ㅎ":
        end += 1
    initials = to_initials(characters[start:end]).strip("ㅋㅎ")
    return initials == expected * max(2, len(initials) // len(expected))
