"""Search backend on SQLite: index terms in an FTS5 table whose row ids are the sort keys."""

from collections.abc import Sequence

from django.db import connection

from articles.models import SearchRow
from articles.search.backends.terms import NgramExtractor, index_terms
from articles.search.documents import SearchDocument

# Triggers delete the former FTS row when a search row is updated or deleted (migration 0003).
INSERT_FTS_ROW_SQL = "INSERT INTO articles_searchwords (rowid, grams) VALUES (%s, %s)"


def write_documents(documents: Sequence[SearchDocument], extract: NgramExtractor) -> None:
    """Insert or replace the index entries of these documents."""
    SearchRow.objects.bulk_create(
        (
            SearchRow(
                article_id=doc.article,
                edition_id=doc.edition,
                sort_key=doc.sort_key,
                text=doc.text,
            )
            for doc in documents
        ),
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["edition_id", "sort_key", "text"],
    )
    rows = [(doc.sort_key, " ".join(index_terms(doc, extract))) for doc in documents]
    with connection.cursor() as cursor:
        cursor.executemany(INSERT_FTS_ROW_SQL, rows)
