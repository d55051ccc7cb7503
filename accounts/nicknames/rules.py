"""Rules of nicknames: what is stored, what is refused for its form. Pure."""

import re
import secrets
import unicodedata

from accounts.nicknames.reserved import contains_reserved_word
from accounts.nicknames.skeleton import skeleton
from newsroom.text.normalization import BLANK_CHARACTERS, is_blank, normalize_line

MIN_NICKNAME_CHARS, MAX_NICKNAME_CHARS = 2, 20
MAX_MARKS_PER_CHARACTER = 2  # Vietnamese has no more; Zalgo text has
# Categories without a visible form of their own: controls, formats (joiners, tags, annotations),
# surrogates, private use, unassigned, separators of lines and paragraphs; and enclosing marks.
UNSHOWN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Me"})
# Default_Ignorable_Code_Point (DerivedCoreProperties.txt) outside these categories, the Braille blank and
# the object replacement character.
UNSHOWN_CHARACTERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef\u2800\ufffc]"
)
# Top-level domains that are advertised; of all of them half are surnames or words (j.kim, hello.world).
TOP_LEVEL_DOMAINS = (
    *(
        "com",
        "net",
        "org",
        "info",
        "biz",
        "edu",
        "gov",
        "app",
        "dev",
        "xyz",
        "shop",
        "site",
        "online",
    ),
    *(
        "store",
        "club",
        "top",
        "link",
        "page",
        "blog",
        "vip",
        "bet",
        "casino",
        "icu",
        "click",
        "win",
    ),
    *(
        "co",
        "kr",
        "jp",
        "cn",
        "us",
        "uk",
        "eu",
        "tv",
        "io",
        "ai",
        "me",
        "cc",
        "gg",
        "ly",
        "gl",
        "be",
    ),
    *("to", "ru", "tk", "pw", "ws", "vn", "한국", "닷컴", "닷넷"),
)
LINK = re.compile(
    rf"://|\bwww\.|@|[\w-]\.(?:{'|'.join(TOP_LEVEL_DOMAINS)})(?![a-z])|닷\s*컴|\b(?:com|net|kr)/",
    re.IGNORECASE,
)


def normalize_nickname(name: str) -> str:
    """The name as it is stored: NFC, on one line, without characters that show nothing."""
    text = UNSHOWN_CHARACTERS.sub("", BLANK_CHARACTERS.sub(keep_space, normalize_line(name)))
    return normalize_line("".join(c for c in text if unicodedata.category(c) != "Cf"))


def keep_space(match: re.Match[str]) -> str:
    """A space for a space of any width, nothing for another blank character."""
    return " " if match[0].isspace() else ""


def is_invalid_nickname(name: str) -> bool:
    """Whether a normalized name is invalid by its form.

    Too short or long, blank, with characters that show nothing, with too many marks on a character, with a
    link, or with a word that passes for the newsroom.
    """
    return (
        not MIN_NICKNAME_CHARS <= len(name) <= MAX_NICKNAME_CHARS
        or has_unshown_characters(name)
        or is_blank(name)
        or len(skeleton(name)) < MIN_NICKNAME_CHARS
        or has_too_many_marks(name)
        or contains_link(name)
        or contains_reserved_word(name)
    )


def has_unshown_characters(name: str) -> bool:
    """Whether a character shows nothing, by its Unicode properties."""
    return bool(UNSHOWN_CHARACTERS.search(name)) or any(
        unicodedata.category(c) in UNSHOWN_CATEGORIES for c in name
    )


def has_too_many_marks(name: str) -> bool:
    """Whether a character bears more than MAX_MARKS_PER_CHARACTER, or the name begins with a mark.

    Counted in the decomposed name, so that a composed letter counts with its own marks.
    """
    marks = 0
    for index, character in enumerate(unicodedata.normalize("NFD", name)):
        marks = marks + 1 if unicodedata.category(character)[0] == "M" else 0
        if marks > MAX_MARKS_PER_CHARACTER or (marks and not index):
            return True
    return False


def contains_link(name: str) -> bool:
    """Whether a name advertises an address: a URL, a domain or an e-mail address."""
    return LINK.search(unicodedata.normalize("NFKC", name)) is not None


def random_nickname() -> str:
    """A nickname for an account without one: 독자 (reader) and a random number."""
    return f"독자{secrets.randbelow(10**9):09d}"
