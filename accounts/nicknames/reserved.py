"""Names kept for the newsroom: words that pass for it, and the names of its people and mascots. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from accounts.nicknames.skeleton import similar_letters, skeleton_letters

# A nickname that contains one of these, or looks as if it did, is refused.
RESERVED_WORDS = (
    *("관리자", "운영자", "운영진", "운영팀", "편집자", "편집국", "편집부", "편집장", "편집인"),
    *("기자단", "뉴스룸", "보도국", "논설위원", "취재팀", "취재부", "탈퇴한", "고객센터"),
    *("admin", "administrator", "moderator", "editor", "aipick", "newsroom", "webmaster"),
)
# Ordinary words that contain one, and what a reader may write after one at the end of a nickname.
ORDINARY_WORDS = ("editorial", "badminton", "탈퇴한다")
OUTSIDERS = ("독자", "애독자", "구독자", "팬", "응원", "아님", "직원아님")
# Too short to be refused inside other words (공지천, 거부키스): refused alone, or with a title or number.
RESERVED_NAMES = (
    *("공지", "공지사항", "알림", "기자", "편집", "운영", "데스크", "부장", "국장", "발행인"),
    *("부키", "모키", "booki", "moki", "staff", "root", "system", "official", "notice", "support"),
)
# What people add to a name to pass for its bearer.
SUFFIXES = (
    *(
        "인턴기자",
        "선임기자",
        "전문기자",
        "수습기자",
        "객원기자",
        "기자",
        "특파원",
        "앵커",
        "에디터",
    ),
    *(
        "데스크",
        "팀장",
        "부장",
        "차장",
        "국장",
        "편집장",
        "위원",
        "작가",
        "대표",
        "공식계정",
        "공식",
    ),
    *("계정", "본인", "선생님", "님", "씨", "봇", "팀", "reporter", "official", "bot", "pd"),
)
PREFIXES = ("공식", "진짜", "본인", "real", "the")
SEPARATORS = re.compile(r"[\W_]+|(?<=[가-힣])(?:와|과|랑|의)(?=\s)")
NUMBER = re.compile(r"[\W\d_]+$")
MIN_SIMILAR_LETTERS = 6  # similar jamo are compared in longer words alone: 꽁치 is a fish


@dataclass(frozen=True)
class ReservedLetters:
    """RESERVED_WORDS, ORDINARY_WORDS and OUTSIDERS, decomposed in one way."""

    words: tuple[str, ...]
    ordinary: tuple[str, ...]
    outsiders: frozenset[str]

    def are_in(self, letters: str) -> bool:
        """Whether a reserved word is in a name that is decomposed in the same way."""
        for word in self.ordinary:
            letters = letters.replace(word, " ")
        return any(
            letters[match.end() :] not in self.outsiders
            for word in self.words
            for match in re.finditer(re.escape(word), letters)
        )


@lru_cache(maxsize=2)
def reserved_letters(*, similar: bool) -> ReservedLetters:
    """The reserved words by their letters, or by similar jamo where they are long enough."""
    spell = similar_letters if similar else skeleton_letters
    return ReservedLetters(
        words=tuple(
            spell(word)
            for word in RESERVED_WORDS
            if not similar or len(skeleton_letters(word)) >= MIN_SIMILAR_LETTERS
        ),
        ordinary=tuple(map(spell, ORDINARY_WORDS)),
        outsiders=frozenset(map(spell, OUTSIDERS)),
    )


def contains_reserved_word(name: str) -> bool:
    """Whether one of RESERVED_WORDS is in a name, or something that looks like it."""
    name = NUMBER.sub("", name)
    return any(
        reserved_letters(similar=similar).are_in(spell(name))
        for similar, spell in ((False, skeleton_letters), (True, similar_letters))
    )


def is_reserved(name: str, names: Iterable[str]) -> bool:
    """Whether a nickname passes for one of `names` (bylines, mascots, the paper) or RESERVED_NAMES."""
    exact = {skeleton_letters(other) for other in RESERVED_NAMES}
    parts = [
        strip_titles(letters) for p in SEPARATORS.split(name) if (letters := skeleton_letters(p))
    ]
    if exact & bare_letters(name, similar=False) or (parts and exact.issuperset(parts)):
        return True
    return any(is_lookalike(name, other) for other in names)


def is_lookalike(name: str, other: str) -> bool:
    """Whether a name looks like another one, with or without a title or a number (배로운 기자2)."""
    letters = skeleton_letters(other)
    if not letters:
        return False
    if letters in bare_letters(name, similar=False):
        return True
    similar = similar_letters(other)
    return len(similar) >= MIN_SIMILAR_LETTERS and similar in bare_letters(name, similar=True)


def bare_letters(name: str, *, similar: bool) -> set[str]:
    """The letters of a name as it is, and without number, title and both."""
    spell = similar_letters if similar else skeleton_letters
    whole = {spell(name), spell(NUMBER.sub("", name))}
    return whole | {strip_titles(letters, similar=similar) for letters in whole}


@lru_cache(maxsize=2)
def title_letters(*, similar: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """PREFIXES and SUFFIXES, decomposed, the longest first."""
    spell = similar_letters if similar else skeleton_letters
    prefixes, suffixes = (
        sorted(map(spell, words), key=len, reverse=True) for words in (PREFIXES, SUFFIXES)
    )
    return tuple(prefixes), tuple(suffixes)


def strip_titles(letters: str, *, similar: bool = False) -> str:
    """Letters without titles before and after them; never empty."""
    prefixes, suffixes = title_letters(similar=similar)
    before = ""
    while before != letters:
        before = letters
        for title in suffixes:
            letters = letters.removesuffix(title) or letters
        for title in prefixes:
            letters = letters.removeprefix(title) or letters
    return letters
