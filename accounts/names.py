"""Nicknames: when two look the same, and which ones nobody may take. Pure."""

import secrets
import unicodedata

from newsroom.text import INVISIBLE, is_blank, one_line

# Words that would pass for the house itself, as skeletons.
RESERVED = (
    "관리자",
    "운영자",
    "운영진",
    "편집자",
    "편집국",
    "편집장",
    "기자단",
    "admin",
    "administrator",
    "moderator",
    "editor",
    "aipick",
    "newsroom",
)
# Look-alikes of Latin letters and digits, enough to stop the usual disguises (UTS 39 has thousands).
LOOKALIKES = str.maketrans("0135аеорсухіјѕԁɡοαν", "oiesaeopcyxijsdgoav")


def skeleton(name: str) -> str:
    """What the eye sees of a name: equal skeletons mean names that pass for each other."""
    folded = unicodedata.normalize("NFKC", INVISIBLE.sub("", name)).casefold()
    kept = "".join(c for c in folded if unicodedata.category(c)[0] in "LN")
    return kept.translate(LOOKALIKES)


def problem_with(name: str) -> bool:
    """Whether this name, already on one line, is unfit: blank, too short or long, or the house's."""
    seen = skeleton(name)
    if is_blank(name) or not 2 <= len(name) <= 20 or len(seen) < 2:
        return True
    return any(skeleton(word) in seen for word in RESERVED)


def tidy(name: str) -> str:
    return one_line(name)


def made_up() -> str:
    """A nickname for somebody who has not chosen one: 독자 and a random number."""
    return f"독자{secrets.randbelow(10**9):09d}"
