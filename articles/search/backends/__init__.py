"""Search backends: the inverted index of n-grams in the database in use.

    terms.py         index terms of a document (n-grams, filters, dates)
    expressions.py   boolean expressions of terms, rendered for tsquery or FTS5
    postgres.py      PostgreSQL: tsvector column with a GIN index
    sqlite_fts.py    SQLite: FTS5 table

Callers use `write_documents` and `find_sort_keys` of this module, which pick the backend by
`connection.vendor`.
"""

from collections.abc import Sequence
from types import ModuleType

from django.db import connection

from articles.search.backends import postgres, sqlite_fts
from articles.search.backends.expressions import AllOf, AndNot, OneOf, TermExpression
from articles.search.backends.terms import NgramExtractor, date_terms, index_terms
from articles.search.documents import SearchDocument
from articles.search.tokenizer import extract_ngrams

__all__ = [
    "AllOf",
    "AndNot",
    "OneOf",
    "TermExpression",
    "date_terms",
    "find_sort_keys",
    "index_terms",
    "is_postgres",
    "write_documents",
]


def is_postgres() -> bool:
    return connection.vendor == "postgresql"


def current_backend() -> ModuleType:
    return postgres if is_postgres() else sqlite_fts


def write_documents(
    documents: Sequence[SearchDocument], extract: NgramExtractor = extract_ngrams
) -> None:
    """Insert or replace the index entries of these documents. Must run inside a transaction."""
    current_backend().write_documents(documents, extract)


def find_sort_keys(
    expression: TermExpression, *, above: int, below: int, ascending: bool, limit: int
) -> list[int]:
    """Sort keys strictly between `above` and `below` of the rows that match, in order, at most `limit`."""
    keys: list[int] = current_backend().find_sort_keys(
        expression, above=above, below=below, ascending=ascending, limit=limit
    )
    return keys
