"""Identifiers of the articles in a related box, as the attribute `data-related` has them. Pure."""

import re

MAX_BOXED_ARTICLES = 10  # of one box
MAX_BOXED_IN_BODY = 30  # in all boxes of a body
UUID_PATTERN = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
BOXED_IDS = re.compile(rf"{UUID_PATTERN}(?: {UUID_PATTERN}){{0,{MAX_BOXED_ARTICLES - 1}}}")


def canonical_boxed_ids(text: str) -> str:
    """The identifiers (UUIDs, or URNs of them) in a text, each once, as `data-related` has them."""
    found = re.findall(UUID_PATTERN, text.lower())
    return " ".join(list(dict.fromkeys(found))[:MAX_BOXED_ARTICLES])
