"""Compiled word list, and the search of a text for its words. Pure, in linear time.

A list is compiled once per version: its patterns are joined in tries, one regular expression each without
quantifiers, and run over the readings of the normalized text. What they find is judged by the word-boundary
rule, of which no more than MAX_NEAR_MATCHES are judged.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from comments.content_filter.alphabets import fold_jamo
from comments.content_filter.boundaries import (
    AllowedSpans,
    Occurrence,
    has_word_break,
    is_about_animals,
    is_inside_other_script,
    is_word,
    text_after,
    text_before,
)
from comments.content_filter.findings import Finding, MatchMode, Severity, Word
from comments.content_filter.initials import is_initials
from comments.content_filter.innocent import ALLOWED_BEGINNINGS, ALLOWED_EXPRESSIONS
from comments.content_filter.lexicon import DEFAULT_WORDS
from comments.content_filter.normalized import NormalizedText, normalize_copy
from comments.content_filter.patterns import (
    INITIALS,
    Pattern,
    drawn_out,
    make_patterns,
    merge_repeated,
    trie_expression,
)
from comments.content_filter.readings import (
    LATIN,
    LATIN_LETTERS,
    LONE_JAMO,
    LiteralReading,
    Reading,
    make_readings,
)

MAX_NEAR_MATCHES = 150  # judged in one text; an ordinary one has few
MAX_FINDINGS = 20
MAX_SPAN_CHARS = 60  # from the first to the last letter of a word
SOUNDED = frozenset({"digits", "keyboard", "roman", "leet", "shapes"})
MIN_SPLIT_LATIN = 4  # letters and a space: fu ck
LATIN_LONE = {"s": "ㅅ", "t": "ㅅ", "b": "ㅂ"}
LATIN_INITIALS = {"병신": "b", "시발": "st", "씨발": "st"}
SEVERITIES = (Severity.BLOCK, Severity.HOLD, Severity.FLAG)
LATIN_WORD = re.compile("[a-z0-9$@!]+")
NOTHING = re.compile("(?!)")


class TooManyNearMatches(Exception):
    """A text has more than MAX_NEAR_MATCHES places that could be words of the list."""


class PatternSet:
    """Patterns of one kind, with one expression for all of them."""

    def __init__(self, patterns: Iterable[tuple[str, Pattern]]) -> None:
        grouped: dict[str, tuple[Pattern, ...]] = {}
        for letters, pattern in patterns:
            grouped[letters] = (*grouped.get(letters, ()), pattern)
        self.patterns = grouped
        self.expression = expression_at(grouped, trie_expression(list(grouped)))
        # The letters that one match may stand for: those of the longest pattern, and shorter ones.
        self.prefixes = {
            letters: [letters[:n] for n in range(len(letters), 0, -1) if letters[:n] in grouped]
            for letters in grouped
        }


@dataclass(frozen=True)
class CompiledWords:
    """A word list, compiled: patterns of sounds, those with lone jamo too, initials, Latin words, single
    syllables as they are written, and innocent words."""

    sounds: PatternSet
    with_jamo: PatternSet
    initials: PatternSet
    latin: PatternSet
    literal: PatternSet
    allowed: re.Pattern[str]

    def for_reading(self, name: str, *, has_jamo: bool) -> PatternSet:
        """The patterns to look for in a reading."""
        if name in {"initials", "latin", "literal"}:
            return getattr(self, name)  # type: ignore[no-any-return]
        return self.with_jamo if has_jamo and name != "syllables" else self.sounds


def compile_words(words: Iterable[Word]) -> CompiledWords:
    """Compile a word list; innocent words of the default list with conditions belong to every one."""
    kinds: dict[str, list[tuple[str, Pattern]]] = {
        kind: [] for kind in ("sounds", "with_jamo", "initials", "latin", "literal")
    }
    allowed = []
    for word in words:
        if word.mode == MatchMode.ALLOWED:
            allowed.append(word.text.lower())
            continue
        for kind, letters, pattern in patterns_by_kind(word):
            if letters:
                kinds[kind].append((letters, pattern))
    kinds["with_jamo"] += kinds["sounds"]
    sets = {kind: PatternSet(patterns) for kind, patterns in kinds.items()}
    return CompiledWords(**sets, allowed=compile_allowed(allowed))


def patterns_by_kind(word: Word) -> Iterator[tuple[str, str, Pattern]]:
    """The patterns of a word with their kinds."""
    text = word.text.strip().lower()
    if text.isascii():
        yield "latin", merge_repeated(latin_letters(text)), Pattern(word)
    elif INITIALS.fullmatch(text):
        yield "initials", merge_repeated("".join(map(fold_jamo, text))), Pattern(word)
    elif len(text) == 1 or any(c.isdigit() for c in text):
        for spelling in (text, *(drawn_out(text) if len(text) == 1 else ())):
            yield "literal", spelling, Pattern(word)
    else:
        for letters, pattern in make_patterns(word).items():
            yield ("with_jamo" if pattern.lone else "sounds"), letters, pattern


def latin_letters(text: str) -> str:
    return "".join(LATIN_LETTERS.get(c, "") for c in text.lower())


def compile_allowed(words: list[str]) -> re.Pattern[str]:
    expressions = [trie_expression(words)] if words else []
    beginnings = {word[0] for word in (*words, *ALLOWED_BEGINNINGS)}
    joined = "|".join([*ALLOWED_EXPRESSIONS, *expressions])
    return expression_at(beginnings, joined)


def expression_at(beginnings: Iterable[str], expression: str) -> re.Pattern[str]:
    """An expression with one group, at each place that begins with one of these letters.

    It consumes one letter, so that a search skips all others fast and meets places that overlap.
    """
    letters = "".join(sorted({text[0] for text in beginnings}))
    if not letters:
        return NOTHING
    return re.compile(f"[{re.escape(letters)}](?<=(?=({expression}))(?s:.))")


@cache
def default_compiled() -> CompiledWords:
    """The default list, compiled at its first use: 5 % of what a web process needs to load."""
    return compile_words(DEFAULT_WORDS)


def find_words(text: str, compiled: CompiledWords | None = None) -> list[Finding]:
    """The findings in a text in the order of the text, at most MAX_FINDINGS, none inside another."""
    normalized = normalize_copy(text)
    found: dict[tuple[int, int], Finding] = {}
    try:
        for first, last, word in occurrences(normalized, compiled or default_compiled()):
            start, end = normalized.span(first, last)
            found.setdefault((start, end), Finding("word", word.text, start, end, word.severity))
            if len(found) >= MAX_FINDINGS:
                break
    except TooManyNearMatches:
        found.setdefault((0, len(text)), Finding("near", "", 0, len(text)))
    findings, reached = list[Finding](), -1
    for finding in sorted(found.values(), key=lambda f: (f.start, -f.end)):
        if finding.end > reached:
            findings.append(finding)
            reached = finding.end
    return findings


def occurrences(
    normalized: NormalizedText, compiled: CompiledWords
) -> Iterator[tuple[int, int, Word]]:
    """What is a word of the list, with its first and last normalized character.

    Raises TooManyNearMatches.
    """
    characters = normalized.characters
    allowed: AllowedSpans | None = None
    judged = set[tuple[int, int, str]]()
    for name, first, last, rest, patterns in candidates(characters, compiled):
        key = (first, last, patterns[0].word.text)
        if key in judged:
            continue
        if allowed is None:
            allowed = find_allowed(characters, compiled)
        judged.add(key)
        if len(judged) > MAX_NEAR_MATCHES:
            raise TooManyNearMatches
        if allowed.explain(first, last):
            continue
        word = judge(characters, (first, last, rest), patterns, reading=name)
        if word:
            yield first, last, word


def candidates(
    characters: str, compiled: CompiledWords
) -> Iterator[tuple[str, int, int, str, tuple[Pattern, ...]]]:
    """Letters that spell a word, whatever stands around them: the reading, the first and last character."""
    has_jamo = LONE_JAMO.search(characters) is not None
    for name, reading in readings_of(characters, compiled):
        patterns = compiled.for_reading(name, has_jamo=has_jamo or name == "roman")
        for match in patterns.expression.finditer(reading.letters):
            start = match.start()
            first = reading.first_of(start)
            if first is None:
                continue
            for letters in patterns.prefixes[match[1]]:
                end = reading.last_of(start + len(letters))
                if end and end[0] - first < MAX_SPAN_CHARS:
                    yield name, first, *end, patterns.patterns[letters]


def readings_of(characters: str, compiled: CompiledWords) -> Iterator[tuple[str, Reading]]:
    """The readings in which the words of a list are looked for."""
    yield from make_readings(characters)
    if compiled.latin.patterns and LATIN.search(characters):
        yield "latin", Reading(characters, LATIN_LETTERS)
    if compiled.literal.expression.search(characters):
        yield "literal", LiteralReading(characters)


def find_allowed(characters: str, compiled: CompiledWords) -> AllowedSpans:
    spans = [match.span(1) for match in compiled.allowed.finditer(characters)]
    return AllowedSpans([span for span in spans if span[0] < span[1]])


def judge(
    characters: str, span: tuple[int, int, str], patterns: tuple[Pattern, ...], *, reading: str
) -> Word | None:
    """The word that the letters are, if any."""
    first, last, rest = span
    written = characters[first : last + 1]
    is_sounded = reading in SOUNDED and not is_hangul(written)
    if is_sounded and goes_on_outside(characters, first, last):
        return None
    lone = [c for c in written if "ㄱ" <= c <= "ㅎ" or c in LATIN_LONE]
    possible = [pattern for pattern in patterns if not pattern.lone or has_lone(lone, pattern)]
    if not possible:
        return None
    before, after = text_before(characters, first, written), text_after(characters, last)
    for pattern in possible:
        word = pattern.word
        if reading == "latin":
            if is_latin_word(characters, first, last, written):
                return word
            continue
        if INITIALS.fullmatch(word.text):
            if is_initials(characters, first, last, word.text, written):
                return word
            continue
        found = Occurrence(
            characters, first, last, rest, before, after, word, pattern.is_plain, is_sounded
        )
        if not is_word(found):
            continue
        if not (may_be_young(word, written) and is_about_animals(characters, first, last)):
            return word
    return None


def goes_on_outside(characters: str, first: int, last: int) -> bool:
    """Whether Latin letters or digits read as sounds are part of more of them, without a space inside."""
    is_one = not has_word_break(characters[first : last + 1])
    return is_one and is_inside_other_script(characters, first, last + 1)


def may_be_young(word: Word, written: str) -> bool:
    """Whether 새끼 may be the young of an animal: written with a space, or without a word of abuse."""
    return "새끼" in word.text and (has_word_break(written) or word.text[0] in "이저그요새")


def is_hangul(written: str) -> bool:
    return all(not c.isascii() or c.isspace() for c in written)


def has_lone(lone: list[str], pattern: Pattern) -> bool:
    """Whether the consonants that a pattern needs stand by themselves, Latin ones for some words (b신)."""
    latin = LATIN_INITIALS.get(pattern.word.text, "")
    jamo = "".join(LATIN_LONE.get(c) or fold_jamo(c) for c in lone if not c.isascii() or c in latin)
    return all(jamo.count(letter) >= pattern.lone.count(letter) for letter in pattern.lone)


def is_latin_word(characters: str, first: int, last: int, written: str) -> bool:
    """Whether Latin letters are a whole word, signs between them allowed, but no other letters."""
    before = characters[first - 1] if first else " "
    after = characters[last + 1] if last + 1 < len(characters) else " "
    if (before.isascii() and before.isalnum()) or (after.isascii() and after.isalnum()):
        return False
    if has_word_break(written):
        return len(written) > MIN_SPLIT_LATIN or all(len(part) == 1 for part in written.split())
    return not any("가" <= c <= "힣" for c in written)
