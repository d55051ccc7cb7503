"""Search backend on PostgreSQL: index terms in a tsvector column with a GIN index."""

from collections.abc import Sequence

from django.db import connection

from articles.search.backends.expressions import TSQUERY, TermExpression, render_expression
from articles.search.backends.terms import NgramExtractor, index_terms
from articles.search.documents import SearchDocument

UPSERT_ROW_SQL = """
INSERT INTO articles_searchrow (article_id, edition_id, sort_key, text, words)
VALUES (%s, %s, %s, %s, array_to_tsvector(%s))
ON CONFLICT (article_id) DO UPDATE SET edition_id = EXCLUDED.edition_id, sort_key = EXCLUDED.sort_key,
  text = EXCLUDED.text, words = EXCLUDED.words
"""
# `sort_key + 0` keeps the planner on the GIN index: it must not scan the index of sort keys and read the
# tsvector of every row.
FIND_SQL = """
SELECT sort_key FROM articles_searchrow
WHERE words @@ %s::tsquery AND sort_key + 0 > %s AND sort_key + 0 < %s ORDER BY sort_key + 0 {} LIMIT %s
"""


def write_documents(documents: Sequence[SearchDocument], extract: NgramExtractor) -> None:
    """Insert or replace the index entries of these documents."""
    rows = [
        (doc.article, doc.edition, doc.sort_key, doc.text, list(index_terms(doc, extract)))
        for doc in documents
    ]
    with connection.cursor() as cursor:
        cursor.executemany(UPSERT_ROW_SQL, rows)


def find_sort_keys(
    expression: TermExpression, *, above: int, below: int, ascending: bool, limit: int
) -> list[int]:
    """Sort keys strictly between `above` and `below` of the rows that match, in order, at most `limit`."""
    tsquery = render_expression(expression, TSQUERY)
    with connection.cursor() as cursor:
        cursor.execute(
            FIND_SQL.format("ASC" if ascending else "DESC"), [tsquery, above, below, limit]
        )
        return [key for (key,) in cursor.fetchall()]
