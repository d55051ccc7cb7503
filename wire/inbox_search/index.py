"""The search index of the wire inbox: rows are inserted by the transaction that stores their version."""

from collections.abc import Iterable

from django.db import connection

from newsroom.search.inverted_index import InvertedIndex, is_postgres
from wire.inbox_search.terms import IndexedText, index_terms, version_sort_key

# The first window is one day: agencies send more in a day than a newsroom in a year.
INDEX = InvertedIndex("wire_indexedversion", "wire_indexedwords", first_window_days=1)
UPSERT_ON_POSTGRESQL = """
INSERT INTO wire_indexedversion (version_id, sort_key, words) VALUES (%s, %s, array_to_tsvector(%s))
ON CONFLICT (version_id) DO UPDATE SET sort_key = EXCLUDED.sort_key, words = EXCLUDED.words
"""
# Triggers delete the former row of words when its row here is replaced or deleted (migration 0014).
UPSERT_ON_SQLITE = """
INSERT INTO wire_indexedversion (version_id, sort_key) VALUES (%s, %s)
ON CONFLICT (version_id) DO UPDATE SET sort_key = excluded.sort_key
"""
INSERT_WORDS_ON_SQLITE = "INSERT INTO wire_indexedwords (rowid, grams) VALUES (%s, %s)"


def index_versions(versions: Iterable[tuple[IndexedText, int]]) -> int:
    """Insert or replace the rows of these versions, each with the id of its source; how many.

    Runs in the caller's transaction. One statement for one version on PostgreSQL, two on SQLite.
    """
    rows = [
        (version.pk, version_sort_key(version), index_terms(version, source_id=source_id))
        for version, source_id in versions
    ]
    with connection.cursor() as cursor:
        if is_postgres():
            cursor.executemany(
                UPSERT_ON_POSTGRESQL, [(pk, key, list(terms)) for pk, key, terms in rows]
            )
        else:
            cursor.executemany(UPSERT_ON_SQLITE, [(pk, key) for pk, key, _terms in rows])
            cursor.executemany(
                INSERT_WORDS_ON_SQLITE, [(key, " ".join(terms)) for _pk, key, terms in rows]
            )
    return len(rows)
