"""Index terms of a search document: n-grams, filters and dates in one index. Pure.

정부          an n-gram anywhere in the text
#정부         in the headline
@정부         in any line but the body
_s1 _t2 _a3   section, tag and author by id
_y2026 _m202611 _d20261129    year, month and day of first publication (UTC)
"""

from collections.abc import Callable
from datetime import UTC

from articles.search.documents import HEAD_LINE_COUNT, SearchDocument
from newsroom.search.sort_keys import date_terms
from newsroom.search.tokenizer import HEAD_PREFIX, HEADLINE_PREFIX, extract_ngrams

NgramExtractor = Callable[[str], set[str]]


def index_terms(document: SearchDocument, extract: NgramExtractor = extract_ngrams) -> set[str]:
    """All index terms of a document."""
    lines = [extract(line) for line in document.text.split("\n")]
    filters = {f"_a{pk}" for pk in document.authors} | {f"_t{pk}" for pk in document.tags}
    return filters.union(
        (f"_s{document.section}", *date_terms(document.published_at.astimezone(UTC).date())),
        (HEADLINE_PREFIX + ngram for ngram in lines[0]),
        *([HEAD_PREFIX + ngram for ngram in line] for line in lines[:HEAD_LINE_COUNT]),
        *lines,
    )
