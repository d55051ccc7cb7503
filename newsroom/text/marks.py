"""Limit of combining marks on one character, against text that covers the lines around it (Zalgo). Pure."""

import unicodedata

MARK_CATEGORIES = {"Mn", "Me"}


def limit_marks(text: str, *, most: int) -> str:
    """The text with at most so many marks on one character; further ones, and joiners of these, are left
    out.

    Format characters, joiners among them, show nothing: marks on both sides of one stand on the same
    character.
    """
    characters, marks = [], 0
    for character in text:
        category = unicodedata.category(character)
        if category in MARK_CATEGORIES:
            marks += 1
        elif category != "Cf":
            marks = 0
        if marks <= most or category not in {*MARK_CATEGORIES, "Cf"}:
            characters.append(character)
    return "".join(characters)
