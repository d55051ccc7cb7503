"""Slugs: the canonical form of an address, and how one is made from a headline or a name. Pure."""

import re
import unicodedata

from newsroom.text.invisible_characters import strip_invisible_characters
from newsroom.text.normalization import canonical_slug

MAX_SLUG_LENGTH = 60  # code points
NOT_IN_A_SLUG = re.compile(r"[^\w\s-]")
SEPARATORS = re.compile(r"[-\s]+")


def slug_of(text: str, *, longest: int = MAX_SLUG_LENGTH) -> str:
    """A Hangul-keeping slug for a headline or a name: NFC, lower case, at most `longest` code points.

    Letters, digits and underscores of any script stay, compatibility jamo (ㅋㅋㅋ) as they were typed;
    full-width letters become the usual ones. May be empty, where the text has no letter or digit.
    `slug_of(slug_of(x)) == slug_of(x)`.
    """
    words = canonical_slug(strip_invisible_characters(narrowed(text)))
    slug = SEPARATORS.sub("-", NOT_IN_A_SLUG.sub("", words)).strip("-_")
    if len(slug) > longest:
        slug = slug[:longest].rsplit("-", 1)[0] if "-" in slug[:longest] else slug[:longest]
    return slug.strip("-_")


def narrowed(text: str) -> str:
    """The text with full-width and half-width letters in their usual width (Ａ is A, ﾡ is ㄱ)."""
    return "".join(map(usual_width, text))


def usual_width(character: str) -> str:
    kind, _, code = unicodedata.decomposition(character).partition(" ")
    return chr(int(code, 16)) if kind in {"<wide>", "<narrow>"} else character
