"""Search backends: the inverted index of n-grams in the database in use.

    terms.py         index terms of a document (n-grams, filters, dates)
    postgres.py      PostgreSQL: tsvector column with a GIN index
    sqlite_fts.py    SQLite: FTS5 table

`write_documents` writes to the backend in use; `INDEX` reads it (newsroom/search/inverted_index.py).
"""

from collections.abc import Sequence
from types import ModuleType

from articles.search.backends import postgres, sqlite_fts
from articles.search.backends.terms import NgramExtractor, index_terms
from articles.search.documents import SearchDocument
from newsroom.search.inverted_index import InvertedIndex, is_postgres
from newsroom.search.tokenizer import extract_ngrams

__all__ = [
    "INDEX",
    "index_terms",
    "write_documents",
]


INDEX = InvertedIndex("articles_searchrow", "articles_searchwords")


def current_backend() -> ModuleType:
    return postgres if is_postgres() else sqlite_fts


def write_documents(
    documents: Sequence[SearchDocument], extract: NgramExtractor = extract_ngrams
) -> None:
    """Insert or replace the index entries of these documents. Must run inside a transaction."""
    current_backend().write_documents(documents, extract)
