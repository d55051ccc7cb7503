"""Nicknames: when two look the same, and which ones nobody may take. Pure."""

import secrets
import unicodedata

from django.utils.crypto import salted_hmac

from newsroom.text.hangul import decompose_letters
from newsroom.text.normalization import BLANK_CHARACTERS, is_blank, normalize_line

# Words that would pass for the house itself. A name that holds one of these anywhere is refused.
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
# Look-alikes of Latin letters, enough to stop the usual disguises (UTS 39 has thousands).
LOOKALIKES = str.maketrans("0135аеорсухіјѕԁɡοανl|", "oiesaeopcyxijsdgoavii")


def skeleton(name: str) -> str:
    """What the eye sees of a name: equal skeletons mean names that pass for each other."""
    folded = unicodedata.normalize("NFKC", BLANK_CHARACTERS.sub("", name)).casefold()
    kept = "".join(c for c in folded.translate(LOOKALIKES) if unicodedata.category(c)[0] in "LN")
    return kept[:60]


def skeleton_letters(name: str) -> str:
    """The skeleton's letters, so that ㄱㅘㄴ리자 is 관리자."""
    return "".join(map(decompose_letters, skeleton(name)))


def is_invalid_nickname(name: str) -> bool:
    """Whether this name, on one line, is unfit: blank, too short or long, or the house's own."""
    if is_blank(name) or not 2 <= len(name) <= 20 or len(skeleton(name)) < 2:
        return True
    seen = skeleton_letters(name)
    return any(skeleton_letters(word) in seen for word in RESERVED_WORDS)


def is_lookalike(name: str, other: str) -> bool:
    """Whether the name looks like the other one, with or without 기자 behind it."""
    return (
        skeleton_letters(name).removesuffix(skeleton_letters("기자"))
        == skeleton_letters(other)
        != ""
    )


def retired_nickname_key(key: str) -> str:
    """What stays of the skeleton of somebody who has left: enough to tell it is taken, not by whom."""
    return (
        "-"
        + salted_hmac(
            "accounts.nicknames.retired_nickname_key", key, algorithm="sha256"
        ).hexdigest()[:58]
    )


def normalize_nickname(name: str) -> str:
    """The name as it is kept: composed, on one line."""
    return normalize_line(name)


def random_nickname() -> str:
    """A nickname for somebody who has not chosen one: 독자 and a random number."""
    return f"독자{secrets.randbelow(10**9):09d}"
