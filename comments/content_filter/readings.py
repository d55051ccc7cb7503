"""Readings of a normalized text as folded letters, by what its characters may stand for. In linear time."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate

from comments.content_filter.alphabets import (
    FOLDED_VOWELS,
    HANGUL,
    KEYBOARD,
    PLAIN,
    ROMAN_DIGRAPHS,
    ROMANIZED,
    SHAPED,
    fold_jamo,
)
from newsroom.text.hangul import LEADS

MIN_WINDOW_CHARS = 40  # on the average; more windows than that cost more than the whole text
SILENT_JAMO = re.compile("ㅇ(?=[ㅏ-ㅣ])")
SILENT_KEY = re.compile("d(?=[yuiophjklbnm])")
KEY_PAIRS = (("ml", "l-"), ("nl", "l-"), ("hl", "p-"), ("np", "p-"))  # ㅢ ㅟ ㅚ ㅞ
LATIN_OR_DIGIT = re.compile("[a-z0-9|!^]")
NEAR_LATIN_OR_DIGIT = re.compile(r"[^a-z0-9|!^]{0,10}[a-z0-9|!^]+[^a-z0-9|!^]{0,10}")
LATIN = re.compile("[a-z]")
# Latin letters with digits or signs for some of them: b4bo, s1bal.
LEET_WORD = re.compile("[a-z][013458!@$]+[a-z]|[a-z]{2}[013458!@$]|[a-z][013458!@$][013458!@$]")
LEET_LETTERS = str.maketrans("013458!@$", "oieasbias")
DIGIT_WINDOW_CHARS = 6  # before the last two syllables of a word
# A digit between syllables is noise where another ends the word: 멍1청2.
INNER_DIGIT = re.compile("(?<=[가-힣])[0-9](?=[가-힣])")
INNER_AND_LAST_DIGIT = re.compile("[가-힣][0-9][가-힣]{1,3}[0-9](?![가-힣0-9])")
LONE_JAMO = re.compile("[ㄱ-ㅎㅏ-ㅣ]")
REPEATED_LETTER = re.compile(r"(.)\1+")
NOT_DRAWN_OUT = frozenset(
    "의위왜외웨야여요유예얘"
)  # their vowels are folded, but they are no echo of the one before
REPEATED_BEFORE = re.compile(r"(.)(?=\1)")


SYLLABLE_LETTERS = {
    character: letters for character, letters in HANGUL.items() if "가" <= character <= "힣"
}
LATIN_LETTERS = {chr(code): chr(code) for code in range(ord("a"), ord("z") + 1)}
LATIN_LETTERS |= {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "$": "s", "@": "a", "!": "i"}


class Reading:
    """The folded letters of normalized characters by one table, repeated ones merged."""

    def __init__(self, characters: str, table: dict[str, str]) -> None:
        get = table.get
        self.characters = characters
        self.set_pieces([get(character, "") for character in characters])

    def set_pieces(self, pieces: list[str]) -> None:
        """Set the letters of each character."""
        self.pieces = pieces
        self.all_letters = "".join(self.pieces)
        self.letters = REPEATED_BEFORE.sub("", self.all_letters)

    @cached_property
    def ends(self) -> list[int]:
        """For each character, the number of letters until its end."""
        return list(accumulate(map(len, self.pieces)))

    @cached_property
    def merges(self) -> tuple[list[int], list[int]]:
        """Where repeated letters are among the merged ones, and how many were left out until there."""
        places, omitted, total = list[int](), list[int](), 0
        for run in REPEATED_LETTER.finditer(self.all_letters):
            places.append(run.start() - total)
            total += run.end() - run.start() - 1
            omitted.append(total)
        return places, omitted

    def positions(self, letter: int) -> tuple[int, int]:
        """The first and last position, among all letters, of a merged letter."""
        places, omitted = self.merges
        at = bisect_left(places, letter)
        low = letter + (omitted[at - 1] if at else 0)
        if at < len(places) and places[at] == letter:
            return low, letter + omitted[at]
        return low, low

    def first_of(self, letter: int) -> int | None:
        """The character that begins with this merged letter; None if it is inside a character."""
        return self.first_character(*self.positions(letter))

    def last_of(self, end: int) -> tuple[int, str] | None:
        """The last character of the letters before `end`, and the rest of its letters.

        None if a vowel of it is left: 시바라 has no 시발.
        """
        low, high = self.positions(end - 1)
        ends, pieces = self.ends, self.pieces
        last = bisect_right(ends, low)
        if ends[last] <= high + 1:  # the character ends with one of the repeated letters
            following = last + 1
            while following < len(ends) and ends[following] <= high + 1:
                if len(pieces[following]) > 1 or self.characters[following] in NOT_DRAWN_OUT:
                    break
                last = following if pieces[following] else last
                following += 1
            return last, ""
        rest = pieces[last][high + 1 - ends[last] :]
        return None if FOLDED_VOWELS.intersection(rest) else (last, rest)

    def first_character(self, low: int, high: int) -> int | None:
        """The last character that begins with one of these letters, or the first of a run of such."""
        ends, pieces = self.ends, self.pieces
        character = bisect_right(ends, high)
        if ends[character] - len(pieces[character]) < low:
            return None
        while character and len(pieces[character - 1]) == 1 and ends[character - 1] > low:
            character -= 1
        return character


class LiteralReading(Reading):
    """The characters themselves as letters."""

    def __init__(self, characters: str) -> None:
        self.characters, self.pieces = characters, list(characters)
        self.all_letters = self.letters = characters

    @property
    def merges(self) -> tuple[list[int], list[int]]:
        return [], []


INITIAL_LETTERS = {c: fold_jamo(c) for c in LEADS}
INITIAL_LETTERS |= {"ㅄ": "ㅂㅅ", "s": "ㅅ", "t": "ㅅ", "b": "ㅂ", "q": "ㅂ"}


class WindowedReading(Reading):
    """A reading of the windows of a text alone; the characters outside have no letters."""

    def __init__(
        self, characters: str, table: dict[str, str], windows: list[tuple[int, int]]
    ) -> None:
        self.characters = characters
        get, pieces, reached = table.get, list[str](), 0
        for start, end in windows:
            pieces += [""] * (start - reached)
            pieces += [get(character, "") for character in characters[start:end]]
            reached = end
        self.set_pieces(pieces + [""] * (len(characters) - reached))


def digit_windows(characters: str) -> list[tuple[int, int]]:
    """The windows with digits for noise and one for the last sound, none over another."""
    windows, reached = list[tuple[int, int]](), 0
    for match in INNER_AND_LAST_DIGIT.finditer(characters):
        windows.append((max(reached, match.start() - DIGIT_WINDOW_CHARS), match.end()))
        reached = match.end()
    return windows


def leave_out_digits(characters: str, windows: list[tuple[int, int]]) -> str:
    """The characters with a dash for each digit between syllables in these windows."""
    pieces, reached = list[str](), 0
    for start, end in windows:
        pieces += [characters[reached:start], INNER_DIGIT.sub("-", characters[start:end])]
        reached = end
    return "".join([*pieces, characters[reached:]])


def make_readings(characters: str) -> Iterator[tuple[str, Reading]]:
    """The readings of normalized characters that may differ from one another, by their names."""
    jamo = SILENT_JAMO.sub("-", characters)
    yield "plain", Reading(jamo, PLAIN)
    if LONE_JAMO.search(characters):
        yield "syllables", Reading(characters, SYLLABLE_LETTERS)
        yield "initials", Reading(characters, INITIAL_LETTERS)
    if LATIN_OR_DIGIT.search(characters):
        keys, roman = SILENT_KEY.sub("-", jamo), jamo
        for pair, letter in KEY_PAIRS:
            keys = keys.replace(pair, letter)
        for spelling, letters in ROMAN_DIGRAPHS:
            roman = roman.replace(spelling, letters)
        windows = [match.span() for match in NEAR_LATIN_OR_DIGIT.finditer(characters)]
        if len(windows) > len(characters) // MIN_WINDOW_CHARS:
            windows = [(0, len(characters))]
        if LEET_WORD.search(characters):
            leet = jamo.translate(LEET_LETTERS)
            for spelling, letters in ROMAN_DIGRAPHS:
                leet = leet.replace(spelling, letters)
            yield "leet", WindowedReading(leet, ROMANIZED, windows)
        if numbered := digit_windows(characters):
            noiseless = leave_out_digits(jamo, numbered)
            yield "digits", WindowedReading(noiseless, KEYBOARD, numbered)
        yield "keyboard", WindowedReading(keys, KEYBOARD, windows)
        yield "roman", WindowedReading(roman, ROMANIZED, windows)
        yield "shapes", WindowedReading(jamo, SHAPED, windows)
