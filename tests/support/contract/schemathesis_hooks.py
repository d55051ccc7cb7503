"""What no schema can say: only the server makes cursors, a search must hold something to look for, texts
are measured as they will be kept, and an address ends somewhere."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import schemathesis

from newsroom.text.normalization import is_blank, normalize_line

SERVER_MADE_PARAMETERS = {"cursor", "since"}
SEARCHABLE_TEXT = re.compile(r"[가-힣A-Za-z]{2}[가-힣A-Za-z ]*")
MAX_QUERY_BYTES = 60_000  # bytes of a query; beyond 64 KB the web server itself answers 414


@schemathesis.hook
def filter_case(context: Any, case: Any) -> bool:
    """Leave out what nobody can judge by the schema.

    Of requests meant to be accepted: those with a cursor that nobody made, with signs in the place of a
    question, or with a text of which nothing is left once it is tidied (control characters). Of those
    meant to be refused: texts that are too long only until they are tidied (NFC, without what nobody
    sees). Of both: addresses that no web server takes.
    """
    query = case.query or {}
    if len(quote(str(query))) > MAX_QUERY_BYTES:
        return False
    if case.meta is None or case.meta.generation.mode.is_positive:
        asked = "q" not in query or SEARCHABLE_TEXT.fullmatch(str(query["q"])) is not None
        blank = any(text and is_blank(normalize_line(text)) for text in strings_in(case.body))
        return asked and not blank and not SERVER_MADE_PARAMETERS & set(query)
    return all(normalize_line(text) == text for text in strings_in([case.body, *query.values()]))


def strings_in(body: Any) -> Iterator[str]:
    """Every text of a document."""
    if isinstance(body, str):
        yield body
    elif isinstance(body, dict):
        for inner in body.values():
            yield from strings_in(inner)
    elif isinstance(body, list):
        for inner in body:
            yield from strings_in(inner)
