"""Word-boundary rule: whether letters that spell a list word are that word, or part of others. Pure."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from comments.content_filter.alphabets import FOLDED_VOWELS, fold_syllable
from comments.content_filter.findings import MatchMode, Word
from comments.content_filter.grammar import (
    AFTER_CLOSED,
    AFTER_OPEN,
    AFTER_SPACED,
    ANIMAL_WINDOW_CHARS,
    ANIMALS,
    BEFORE,
    CLAUSE_END,
    COMMAND_ADDRESS,
    COMMAND_AFTER,
    LOOSE_CLAUSE_END,
    MENTIONED_AFTER,
    NO_COMMAND_BEFORE,
    NUMBER_BEFORE,
    NUMERALS,
    SENTENCE_END,
    UNITS,
)
from newsroom.text.hangul import FIRST_SYLLABLE, LEADS, TAILS, VOWELS

BEFORE_CHARS, AFTER_CHARS = 10, 12
MIN_CLAUSE_CHARS = 2
MIN_SPLIT_LATIN = 4
SYLLABLES_BEFORE = re.compile(r"[가-힣]*\Z")
WORD_AFTER = re.compile("[가-힣]*")
JAMO_AFTER = re.compile("[ㄱ-ㅎㅏ-ㅣ]+")
SPLIT_SYLLABLE = re.compile(
    f"([{LEADS}])([{VOWELS}])([{TAILS.strip()}](?![{VOWELS}]))?".replace(" ", "")
)
YOUNG = "새끼"  # of an animal, as it is written; an insult in disguise (새1끼)
SEARCHING = frozenset("뒤디")
DEPENDENT_NOUNS = frozenset("시씨")  # at the time of; Mr and Ms
AFTER_COMPARED = frozenset("다단고러면니며지기")  # 와인바보다: compared with a bar, or seen
VOWEL_KEYS = frozenset("yuiophjklbnm")
# Vowels by their numbers: ㅑ is written for ㅏ, ㅕ for ㅓ, ㅛ for ㅗ, ㅠ for ㅜ.
IOTATED = {2: 0, 6: 4, 12: 8, 17: 13}
LAUGHTER = frozenset("ㅋㅎㅠㅜㅡㅗㅊㅉㅇ")
LATIN_TAIL = re.compile("(?:a|ya|noma?|nyuna?|dl|di|ek|sp|ek|rkx|tori|seki|saekki|sekki)?(?![a-z])")
ALONE_AFTER = re.compile("(?:야|아|들|들아|(?:놈|롬|넘|년|뇬|련|새끼|색히|새키)[가-힣]{0,4})?")
NUMBERED_AFTER = re.compile(r"\s?[·,~∼/-]\s?\d")  # 시8·9동: digits that are numbers
NUMBERED_PART = re.compile(r"[가-힣]\d+\s")  # 바1 보2: parts that are numbered
EMPTY_AFTER = re.compile(r"\s|\Z|[^\w\s]|[ㄱ-ㅎㅏ-ㅣ]")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Where letters of a word stand: the first and last of the normalized characters.

    `before` and `after` are the syllables around it in its eojeol; `rest` are
    final consonants of the last syllable that the word does not have (바본데).
    `sounded` says that Latin letters or digits are read as Korean sounds.
    """

    characters: str
    first: int
    last: int
    rest: str
    before: str
    after: str
    word: Word
    is_plain: bool
    is_sounded: bool

    @property
    def written(self) -> str:
        return self.characters[self.first : self.last + 1]


class AllowedSpans:
    """Spans of innocent words in a text, sorted, none inside another."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self.spans = spans
        self.starts = [start for start, _end in spans]

    def explain(self, first: int, last: int) -> bool:
        """Whether an innocent word contains these characters or reaches over one of their ends."""
        at = bisect_right(self.starts, last)
        for start, end in reversed(self.spans[max(0, at - 4) : at]):
            if start < first < end or start <= last < end - 1 or (start <= first and last < end):
                return True
        return False


def is_word(found: Occurrence) -> bool:
    """Whether the occurrence is the list word by itself, by the rule of its mode."""
    word, written = found.word, found.written
    if word.mode == MatchMode.ANYWHERE:
        return not has_word_break(written)
    plain = word.text.replace(" ", "")
    is_exact = written in {word.text, plain}
    must_be_exact = word.mode in {MatchMode.EXACT, MatchMode.COMMAND}
    if written == YOUNG or (must_be_exact and not is_spelled_exactly(written, plain)):
        return False
    before, after = found.before, found.after
    if has_word_break(written) and written != word.text:
        return plain != YOUNG and is_spaced_word(found, before, after)
    if not may_follow(found, before, plain, is_exact=is_exact):
        return False
    is_compared = plain[-1] == "보" and before not in BEFORE and after[:1] in AFTER_COMPARED
    if not may_be_followed(found, after) or (before and is_compared):
        return False
    return MENTIONED_AFTER.match(found.characters, found.last + 1) is None


def has_word_break(written: str) -> bool:
    return " " in written or "\n" in written or "\t" in written


def is_spelled_exactly(written: str, plain: str) -> bool:
    """Whether the syllables are those of the word, whatever stands between them; jamo may replace some."""
    syllables = [c for c in written if "가" <= c <= "힣"]
    if len(syllables) < len(plain):
        return all(c in plain for c in syllables)
    return is_drawn_out("".join(syllables), plain)


def text_before(characters: str, first: int, written: str) -> str:
    """The syllables before a word in its eojeol, without repetitions of its own first one (바바보)."""
    match = SYLLABLES_BEFORE.search(characters[max(0, first - BEFORE_CHARS) : first])
    before = match[0].rstrip(written[0]) if match else ""
    while before.endswith(written):
        before = before.removesuffix(written)
    return before


def text_after(characters: str, last: int) -> str:
    """The syllables after a word in its eojeol, split ones composed."""
    window = characters[last + 1 : last + 1 + AFTER_CHARS]
    if window[:1] and "ㄱ" <= window[0] <= "ㅣ" and any("ㅏ" <= c <= "ㅣ" for c in window):
        jamo = JAMO_AFTER.match(window)
        composed = SPLIT_SYLLABLE.sub(compose, jamo[0] if jamo else "")
        return composed.lstrip("ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎㅏㅑㅓㅕㅗㅛㅜㅠㅡㅣ")
    match = WORD_AFTER.match(window)
    return match[0].lstrip(characters[last]) if match else ""


def compose(match: re.Match[str]) -> str:
    lead, vowel, tail = match.groups()
    number = LEADS.index(lead) * 588 + VOWELS.index(vowel) * 28
    return chr(0xAC00 + number + (TAILS.index(tail) if tail else 0))


def is_inside_other_script(text: str, start: int, end: int) -> bool:
    """Whether the Latin letters or digits of a word, text[start:end], go on outside it."""
    first, last = text[start], text[end - 1]
    if first.isdigit() or (start and text[start - 1].isdigit()):
        return True
    if start and text[start - 1] == "d" and first in VOWEL_KEYS:  # ㅇ of the keyboard
        start -= 1
    if first.isascii() and start and text[start - 1].isascii() and text[start - 1].isalnum():
        return True
    if last.isascii() and last.isalpha():
        return LATIN_TAIL.match(text, end) is None
    if not last.isdigit() or end == len(text):
        return False
    return (text[end].isascii() and text[end].isalnum()) or bool(NUMBERED_AFTER.match(text, end))


def may_follow(found: Occurrence, before: str, plain: str, *, is_exact: bool) -> bool:
    """Whether the word may begin where it does: at the beginning, or after what is written together."""
    text, first = found.characters, found.first
    previous = text[first - 1] if first else " "
    if previous.isdigit() and (text[first] in UNITS or plain[0] in UNITS):
        return False
    if not before or found.word.mode == MatchMode.ALONE:
        return not before
    is_number = text[first] in UNITS and before in NUMERALS
    if before in BEFORE or strip_laughter(before) in BEFORE:
        return True
    if is_number or len(before) < MIN_CLAUSE_CHARS:
        return False
    is_interjection = found.word.mode == MatchMode.START and not found.after
    is_loose = is_interjection and LOOSE_CLAUSE_END.fullmatch(before) is not None
    return is_loose or CLAUSE_END.fullmatch(before) is not None


def strip_laughter(before: str) -> str:
    return before.strip("ㅋㅎㅠㅜ")


def may_be_followed(found: Occurrence, after: str) -> bool:
    """Whether what follows in the eojeol may follow this word, by its mode."""
    mode = found.word.mode
    if found.is_sounded and found.written[-1:].isdigit():
        return not after or after in AFTER_SPACED
    if mode == MatchMode.START:
        return True
    if mode == MatchMode.ALONE:
        return not found.rest and ALONE_AFTER.fullmatch(after) is not None
    if mode == MatchMode.COMMAND:
        return is_command(found, after)
    return not after or after in AFTER_CLOSED or AFTER_OPEN.match(after) is not None


def is_command(found: Occurrence, after: str) -> bool:
    """Whether a verb ends its sentence without a subject, object or place before it."""
    if found.is_sounded:
        return True
    if after and not COMMAND_AFTER.fullmatch(after):
        return False
    end = found.last + 1 + len(after)
    if not SENTENCE_END.match(found.characters, end):
        return False
    window = found.characters[max(0, found.first - BEFORE_CHARS) : found.first]
    is_statement = NO_COMMAND_BEFORE.search(window) is not None
    if found.word.text[0] in SEARCHING and window.strip():  # 주머니 뒤져: searches it
        is_statement = True
    return not is_statement or COMMAND_ADDRESS.search(window) is not None


def is_spaced_word(found: Occurrence, before: str, after: str) -> bool:
    """Whether a word written with spaces is one: all of it stands alone, spelled as it is (시 발)."""
    plain = found.word.text.replace(" ", "")
    written = [c for c in found.written if not c.isspace()]
    syllables = "".join(c for c in written if "가" <= c <= "힣")
    text, first = found.characters, found.first
    if NUMBERED_PART.search(found.written):
        return False
    is_sounded = found.is_sounded and not is_split_latin(found.written)
    if before or is_sounded or found.rest or (first and text[first - 1].isalnum()):
        return False
    if syllables and not is_drawn_out(syllables, plain) and len(syllables) >= len(plain):
        return False
    if after not in AFTER_SPACED:
        return False
    if text[first] in DEPENDENT_NOUNS and is_after_noun(text, first):
        return False
    window = text[max(0, first - 4) : first]
    return not (text[first] in UNITS and NUMBER_BEFORE.search(window))


def is_after_noun(text: str, first: int) -> bool:
    """Whether a noun stands before in the sentence: 운행 시 발 냄새, 박 씨 발."""
    window = text[max(0, first - BEFORE_CHARS) : first].rstrip(" ")
    match = SYLLABLES_BEFORE.search(window)
    before = match[0] if match else ""
    if not before or before in BEFORE:
        return False
    return CLAUSE_END.fullmatch(before) is None


def is_split_latin(written: str) -> bool:
    """Whether a word in Latin letters is split into its letters or syllables (s i b a l, ba bo)."""
    parts = written.split()
    is_latin = all(part.isascii() for part in parts) and len("".join(parts)) >= MIN_SPLIT_LATIN
    return all(len(part) == 1 for part in parts) or (is_latin and not parts[2:])


def is_drawn_out(syllables: str, plain: str) -> bool:
    """Whether the syllables are those of the word, plain or tense, some of them drawn out (시 이 발)."""
    left = iter(syllables)
    extra = [c for c in syllables if c not in plain]
    is_spelled = all(any(tense_equal(c, s) for s in left) for c in plain)
    return is_spelled and all(
        fold_syllable(c) in FOLDED_VOWELS or tense_in(c, plain) for c in extra
    )


def tense_in(syllable: str, plain: str) -> bool:
    return any(tense_equal(c, syllable) for c in plain)


def tense_equal(plain: str, written: str) -> bool:
    """Whether two syllables are equal but for a tense consonant at their beginning (시, 씨).

    ㅛ written for ㅗ (죤, 존), and so on, is equal too.
    """
    number, another = ord(plain) - FIRST_SYLLABLE, ord(written) - FIRST_SYLLABLE
    vowel = another % 588 // 28
    plain_vowel = another % 588 - (vowel - IOTATED.get(vowel, vowel)) * 28
    if number % 588 not in {another % 588, plain_vowel}:
        return False
    pair = {LEADS[number // 588], LEADS[another // 588]}
    return len(pair) == 1 or pair in ({"ㅅ", "ㅆ"}, {"ㅂ", "ㅃ"})


def is_about_animals(text: str, first: int, last: int) -> bool:
    """Whether the words around speak of animals, whose young are 새끼."""
    window = text[max(0, first - ANIMAL_WINDOW_CHARS) : last + 1 + ANIMAL_WINDOW_CHARS]
    return ANIMALS.search(window) is not None
