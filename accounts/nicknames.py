"""Nicknames: when two look the same, and which ones nobody may take. Pure."""

import secrets
import unicodedata

from django.utils.crypto import salted_hmac

from newsroom.text.hangul import letters_of
from newsroom.text.normalization import INVISIBLE, is_blank, one_line

# Words that would pass for the house itself. A name that holds one of these anywhere is refused.
RESERVED = (
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
    folded = unicodedata.normalize("NFKC", INVISIBLE.sub("", name)).casefold()
    kept = "".join(c for c in folded.translate(LOOKALIKES) if unicodedata.category(c)[0] in "LN")
    return kept[:60]


def letters(name: str) -> str:
    """The skeleton's letters, so that ㄱㅘㄴ리자 is 관리자."""
    return "".join(map(letters_of, skeleton(name)))


def problem_with(name: str) -> bool:
    """Whether this name, on one line, is unfit: blank, too short or long, or the house's own."""
    if is_blank(name) or not 2 <= len(name) <= 20 or len(skeleton(name)) < 2:
        return True
    seen = letters(name)
    return any(letters(word) in seen for word in RESERVED)


def passes_for(name: str, other: str) -> bool:
    """Whether the name looks like the other one, with or without 기자 behind it."""
    return letters(name).removesuffix(letters("기자")) == letters(other) != ""


def retired(key: str) -> str:
    """What stays of the skeleton of somebody who has left: enough to tell it is taken, not by whom."""
    return "-" + salted_hmac("accounts.nicknames.retired", key, algorithm="sha256").hexdigest()[:58]


def tidy(name: str) -> str:
    """The name as it is kept: composed, on one line."""
    return one_line(name)


def made_up() -> str:
    """A nickname for somebody who has not chosen one: 독자 and a random number."""
    return f"독자{secrets.randbelow(10**9):09d}"
