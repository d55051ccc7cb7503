"""Names kept for the newsroom: words that pass for it, and the names of its people and mascots. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from accounts.nicknames.skeleton import similar_letters, skeleton_letters

# A nickname that contains one of these, or looks as if it did, is refused.
RESERVED_WORDS = (
    *(
        "관리자",
        "관리인",
        "관리팀",
        "운영자",
        "운영진",
        "운영팀",
        "편집자",
        "편집국",
        "편집부",
        "편집장",
    ),
    *(
        "편집인",
        "기자단",
        "뉴스룸",
        "뉴스륨",
        "뉴스데스크",
        "공식뉴스",
        "보도국",
        "논설위원",
        "취재팀",
        "취재부",
    ),
    *("탈퇴한", "고객센터", "어드민", "웹마스터", "관리人", "管理者", "管理人", "運營者", "運營陣"),
    *("admin", "administrator", "moderator", "editor", "aipick", "newsroom", "webmaster"),
)
# Ordinary words that contain one, and what a reader may write after one at the end of a nickname.
ORDINARY_WORDS = ("editorial", "badminton", "탈퇴한다")
OUTSIDERS = ("독자", "애독자", "구독자", "팬", "응원", "아님", "직원아님")
DESKS = (
    *(
        "정치부",
        "경제부",
        "사회부",
        "문화부",
        "국제부",
        "산업부",
        "과학부",
        "체육부",
        "스포츠부",
        "연예부",
    ),
    *("전국부", "디지털부", "사진부", "교열부", "탐사보도팀", "논설실"),
)
# Too short to be refused inside other words (공지천, 거부키스, AI픽셀): refused alone, or with a title or
# number.
RESERVED_NAMES = (
    *(
        "공지",
        "공지사항",
        "알림",
        "기자",
        "記者",
        "편집",
        "운영",
        "데스크",
        "부장",
        "국장",
        "발행인",
    ),
    *("스태프", "스탭", "에디터", "ai픽", "에이아이픽", *DESKS),
    *("부키", "북키", "부끼", "북끼", "모키", "목키", "모끼", "목끼", "booki", "moki"),
    *("staff", "root", "system", "official", "notice", "support"),
)
# What people add to a name, before or after it, to pass for its bearer.
TITLES = (
    *(
        "인턴기자",
        "선임기자",
        "수석기자",
        "전문기자",
        "수습기자",
        "객원기자",
        "취재기자",
        "사진기자",
        "기자",
    ),
    *(
        "논설위원",
        "논설",
        "특파원",
        "앵커",
        "에디터",
        "데스크",
        "팀장",
        "부장",
        "차장",
        "국장",
        "편집장",
    ),
    *("위원", "작가", "대표", "뉴스", "공식계정", "공식", "계정", "본인", "진짜", *DESKS),
    *("reporter", "official", "news", "real"),
)
SUFFIXES = (*TITLES, "선생님", "님", "씨", "봇", "팀", "bot", "pd")
PREFIXES = (*TITLES, "the")
# Between syllables: strokes and dots that are letters by their category (ㆍ, ㅣ, 丨), signs, and digits.
BETWEEN_SYLLABLES = re.compile(r"(?<=[가-힣])[\W\d_ㅣ丨ㆍᆞǀ]+(?=[가-힣])")
# Letters in squares and circles that NFKC leaves as they are (🅰, 🅐, 🇦).
ENCLOSED_LETTERS = str.maketrans(
    {chr(first + n): chr(65 + n) for first in (0x1F150, 0x1F170, 0x1F1E6) for n in range(26)}
)
SEPARATORS = re.compile(r"[\W_]+|(?<=[가-힣])(?:와|과|랑|의)(?=\s)")
# A number at the end of a name, with or without what counts it (모키2호).
NUMBER = re.compile(r"(?:[\W_]*\d[\W\d_]*(?:호기?|번|세대?|탄)|[\W\d_]+)$")
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


def readings(name: str) -> set[str]:
    """A name with enclosed letters as letters; and without what stands between syllables (운1영자)."""
    plain = name.translate(ENCLOSED_LETTERS)
    return {plain, BETWEEN_SYLLABLES.sub("", plain)}


def contains_reserved_word(name: str) -> bool:
    """Whether one of RESERVED_WORDS is in a name, or something that looks like it."""
    return any(
        reserved_letters(similar=similar).are_in(spell(NUMBER.sub("", reading)))
        for reading in readings(name)
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
    names = readings(name)
    whole = {spell(text) for name in names for text in (name, NUMBER.sub("", name))}
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
