"""Nicknames: normalization, lookalikes (confusables) and reserved words. Pure."""

import secrets
import unicodedata

from django.utils.crypto import salted_hmac

from newsroom.text.hangul import decompose_letters
from newsroom.text.normalization import BLANK_CHARACTERS, is_blank, normalize_line

# Words that impersonate the newsroom. A nickname that contains one of these is refused.
RESERVED_WORDS = (
    "관리자",
    "운영자",
    "운영진",
    "편집자",
    "편집국",
    "편집장",
    "기자단",
    "탈퇴한",
    "admin",
    "administrator",
    "moderator",
    "editor",
    "aipick",
    "newsroom",
)
# Confusables of Latin letters, the usual ones (UTS 39 has thousands).
LOOKALIKES = str.maketrans("0135аеорсухіјѕԁɡοανl|", "oiesaeopcyxijsdgoavii")


def skeleton(name: str) -> str:
    """The skeleton of a name (as in UTS 39): names with equal skeletons look the same."""
    folded = unicodedata.normalize("NFKC", BLANK_CHARACTERS.sub("", name)).casefold()
    characters = "".join(
        c for c in folded.translate(LOOKALIKES) if unicodedata.category(c)[0] in "LN"
    )
    return characters[:60]


def skeleton_letters(name: str) -> str:
    """The skeleton decomposed into jamo, so that ㄱㅘㄴ리자 equals 관리자."""
    return "".join(map(decompose_letters, skeleton(name)))


def is_invalid_nickname(name: str) -> bool:
    """Whether a normalized name is invalid: blank, too short or long, or with a reserved word."""
    if is_blank(name) or not 2 <= len(name) <= 20 or len(skeleton(name)) < 2:
        return True
    letters = skeleton_letters(name)
    return any(skeleton_letters(word) in letters for word in RESERVED_WORDS)


def is_lookalike(name: str, other: str) -> bool:
    """Whether a name looks like another one, with or without the suffix 기자 (reporter)."""
    letters, suffix = skeleton_letters(name), skeleton_letters("기자")
    return letters.removesuffix(suffix) == skeleton_letters(other) != ""


def retired_nickname_key(key: str) -> str:
    """The keyed digest of a closed account's skeleton: keeps the nickname taken without storing it."""
    # The salt is that of stored keys: another one would release the nicknames of closed accounts.
    digest = salted_hmac("accounts.names.retired", key, algorithm="sha256").hexdigest()
    return f"-{digest[:58]}"


def normalize_nickname(name: str) -> str:
    """The name as it is stored: NFC, on one line."""
    return normalize_line(name)


def random_nickname() -> str:
    """A nickname for an account without one: 독자 (reader) and a random number."""
    return f"독자{secrets.randbelow(10**9):09d}"
