"""Patterns of a list word: the folded letters by which it may be written. Pure.

바보: ㅂㅏㅂㅗ; with a syllable reduced to its first letter (ㅂ보, 바ㅂ), a jamo by itself in the text; with
a sound added between syllables (밧보); with a closed syllable drawn out (병엉신).
"""

import re
from dataclasses import dataclass
from itertools import combinations, pairwise

from comments.content_filter.alphabets import FOLDED_VOWELS, fold_syllable
from comments.content_filter.findings import MatchMode, Word
from newsroom.text.hangul import FIRST_SYLLABLE, LAST_SYLLABLE, LEADS

SYLLABLES = re.compile("[가-힣]+")
INITIALS = re.compile("[ㄱ-ㅎ]+")
LINKED_LEADS = frozenset("ㄱㄷㅂㅅㅈ")
ADDED_SYLLABLES = ("ㅏㅇ", "ㅣㅇ", "ㅡㅇ")  # after an open syllable: 씨앙발
# One sound before a consonant; without ㅊ, the letter of 쫓다 and 좇다.
DENTAL_TAILS = "ㅅㄷㅈㅌ"
# Modes in which a word counts as it is written alone.
STRICT_MODES = frozenset({MatchMode.EXACT, MatchMode.COMMAND})
MAX_REDUCED_SYLLABLES = 4
MIN_PHONETIC_SYLLABLES = 2
SYLLABLE_COUNT, SILENT_LEAD = LAST_SYLLABLE - FIRST_SYLLABLE + 1, LEADS.index("ㅇ")
MONOPHTHONGS = {2: 0, 3: 1, 6: 4, 7: 5, 12: 8, 17: 13}  # by the number of a vowel: ㅑ ends in ㅏ


@dataclass(frozen=True, slots=True)
class Pattern:
    """Letters by which a word may be written; `lone` are those that must be jamo by themselves."""

    word: Word
    lone: str = ""
    is_plain: bool = True


def merge_repeated(letters: str) -> str:
    return letters[:1] + "".join(b for a, b in pairwise(letters) if a != b)


def make_patterns(word: Word) -> dict[str, Pattern]:
    """The patterns of a word of syllables, by their letters, merged as those of a text are."""
    text = word.text.replace(" ", "")
    pieces = [fold_syllable(c) if "가" <= c <= "힣" else c for c in text]
    patterns = {merge_repeated("".join(pieces)): Pattern(word)}
    if not SYLLABLES.fullmatch(text) or len(text) < MIN_PHONETIC_SYLLABLES:
        return patterns
    if word.mode not in STRICT_MODES:
        for letters in linked_spellings(pieces):
            patterns.setdefault(merge_repeated(letters), Pattern(word, is_plain=False))
    if word.mode == MatchMode.ALONE:
        return patterns
    for letters, lone in reduced_spellings(text, pieces):
        patterns.setdefault(merge_repeated(letters), Pattern(word, lone=lone))
    return patterns


def drawn_out(syllable: str) -> list[str]:
    """A closed syllable drawn out as one, two: 썅 is 쌰앙, 쌰아앙. An open one is not drawn out."""
    number = ord(syllable) - FIRST_SYLLABLE
    tail = number % 28
    if not 0 <= number < SYLLABLE_COUNT or not tail:
        return []
    vowel = number % 588 // 28
    silent = FIRST_SYLLABLE + SILENT_LEAD * 588 + MONOPHTHONGS.get(vowel, vowel) * 28
    return [
        f"{chr(ord(syllable) - tail)}{chr(silent) * between}{chr(silent + tail)}"
        for between in (0, 1)
    ]


def linked_spellings(pieces: list[str]) -> list[str]:
    """Spellings with a final consonant that the ear does not hear (싯발), drawn-out syllables (병엉신),
    a syllable of little sound between (씨앙발), and a final consonant that sounds alike (좃같)."""
    spellings = []
    for index, (piece, following) in enumerate(pairwise([*pieces, ""])):
        before, after = "".join(pieces[:index]), "".join(pieces[index + 1 :])
        is_open = piece[-1] in FOLDED_VOWELS
        if is_open and following:
            spellings += [before + piece + sound + after for sound in ADDED_SYLLABLES]
        if is_open and following[:1] in LINKED_LEADS and following:
            spellings += [before + piece + tail + after for tail in "ㅅㄷ"]
        elif not is_open and len(piece) > 1:
            rhyme = piece[next(n for n, c in enumerate(piece) if c in FOLDED_VOWELS) :]
            spellings.append(before + piece + rhyme + after)
            if piece[-1] in DENTAL_TAILS and following[:1] not in FOLDED_VOWELS:
                spellings += [before + piece[:-1] + tail + after for tail in DENTAL_TAILS]
    return spellings


def reduced_spellings(text: str, pieces: list[str]) -> list[tuple[str, str]]:
    """Spellings with some of the syllables, not all, reduced to their first consonant; and these."""
    reducible = [n for n, c in enumerate(text) if (ord(c) - FIRST_SYLLABLE) // 588 != 11]
    if len(text) > MAX_REDUCED_SYLLABLES:
        return []
    return [
        (
            "".join(p[0] if n in chosen else p for n, p in enumerate(pieces)),
            "".join(pieces[n][0] for n in chosen),
        )
        for count in range(1, len(text))
        for chosen in combinations(reducible, count)
    ]


def trie_expression(words: list[str]) -> str:
    """A regular expression for the longest of these words at a position, without quantifiers.

    It looks at each letter once, so that a search is linear in the length of the text.
    """
    trie: dict[str, dict[str, object]] = {}
    for word in words:
        node = trie
        for letter in word:
            node = node.setdefault(letter, {})  # type: ignore[assignment]
        node[""] = {}
    return expression_of(trie)


def expression_of(node: dict[str, dict[str, object]]) -> str:
    """The expression of a node of a trie; an empty key marks the end of a word."""
    branches = [
        re.escape(letter) + expression_of(child)  # type: ignore[arg-type]
        for letter, child in sorted(node.items())
        if letter
    ]
    if not branches:
        return ""
    joined = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    return f"(?:{joined})?" if "" in node else joined
