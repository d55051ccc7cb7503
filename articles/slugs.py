"""Addresses made of words. Pure."""

import unicodedata

from django.utils.text import slugify

LONGEST = 60


def slug_of(text: str, *, longest: int = LONGEST) -> str:
    """A Hangul-keeping address for a headline or a name: NFC, at most `longest` code points.

    May be empty, where the text has no letter or digit.
    """
    slug = slugify(unicodedata.normalize("NFC", text), allow_unicode=True)
    if len(slug) > longest:
        slug = slug[:longest].rsplit("-", 1)[0] if "-" in slug[:longest] else slug[:longest]
    return slug.strip("-_")
