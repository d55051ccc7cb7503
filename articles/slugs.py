"""Slugs: slugify that keeps Hangul, for headlines and names. Pure."""

import re
import unicodedata

from newsroom.text.normalization import canonical_slug, strip_invisible_characters

MAX_SLUG_CHARS = 60  # code points
NOT_SLUG_CHARS_PATTERN = re.compile(r"[^\w\s-]")
SEPARATORS_PATTERN = re.compile(r"[-\s]+")


def make_slug(text: str, *, max_chars: int = MAX_SLUG_CHARS) -> str:
    """Slugify a headline or a name: NFC, lower case, at most `max_chars` code points, cut at a hyphen.

    Letters, digits and underscores of any script stay, compatibility jamo (ㅋㅋㅋ) as typed; full-width
    letters become normal ones. Empty if the text has no letter or digit. Idempotent.
    """
    words = canonical_slug(strip_invisible_characters(fold_width(text)))
    slug = SEPARATORS_PATTERN.sub("-", NOT_SLUG_CHARS_PATTERN.sub("", words)).strip("-_")
    if len(slug) > max_chars:
        slug = slug[:max_chars].rsplit("-", 1)[0] if "-" in slug[:max_chars] else slug[:max_chars]
    return slug.strip("-_")


def fold_width(text: str) -> str:
    """The text with full-width and half-width characters in normal width (Ａ becomes A, ﾡ becomes ㄱ)."""
    return "".join(map(fold_character_width, text))


def fold_character_width(character: str) -> str:
    kind, _, code = unicodedata.decomposition(character).partition(" ")
    return chr(int(code, 16)) if kind in {"<wide>", "<narrow>"} else character
