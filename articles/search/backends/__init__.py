"""Grams on PostgreSQL and on SQLite: how they are kept, and how a search expression is spelled there.

Beside the grams of the text stand those of its headline (#) and of all but its body (@), what stories
are filtered by (_s section, _t tag, _a author), and when it was published (_y year, _m month, _d day):
one look at the index answers all of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date

from django.db import connection

from articles.models import SearchRow
from articles.search.documents import HEAD_LINE_COUNT, SearchDocument
from articles.search.tokenizer import HEAD_PREFIX, HEADLINE_PREFIX, extract_ngrams

NgramExtractor = Callable[[str], set[str]]
UPSERT_ROW_SQL = """
INSERT INTO articles_searchrow (article_id, edition_id, place, text, words)
VALUES (%s, %s, %s, %s, array_to_tsvector(%s))
ON CONFLICT (article_id) DO UPDATE SET edition_id = EXCLUDED.edition_id, place = EXCLUDED.place,
  text = EXCLUDED.text, words = EXCLUDED.words
"""
INSERT_FTS_ROW_SQL = "INSERT INTO articles_searchwords (rowid, grams) VALUES (%s, %s)"


def is_postgres() -> bool:
    return connection.vendor == "postgresql"


def index_terms(document: SearchDocument, extract: NgramExtractor = extract_ngrams) -> set[str]:
    """All grams and keys under which an article is found."""
    lines = [extract(line) for line in document.text.split("\n")]
    keys = {f"_a{pk}" for pk in document.authors} | {f"_t{pk}" for pk in document.tags}
    return keys.union(
        (f"_s{document.section}", *date_terms(document.published_at.astimezone(UTC).date())),
        (HEADLINE_PREFIX + gram for gram in lines[0]),
        *([HEAD_PREFIX + gram for gram in line] for line in lines[:HEAD_LINE_COUNT]),
        *lines,
    )


def date_terms(day: date) -> tuple[str, str, str]:
    return f"_d{day:%Y%m%d}", f"_m{day:%Y%m}", f"_y{day:%Y}"


def write_documents(
    documents: Sequence[SearchDocument], extract: NgramExtractor = extract_ngrams
) -> None:
    """Write what search knows of these articles, in place of what it knew. Inside a transaction."""
    if is_postgres():
        with connection.cursor() as cursor:
            cursor.executemany(
                UPSERT_ROW_SQL,
                [
                    (w.article, w.edition, w.place, w.text, list(index_terms(w, extract)))
                    for w in documents
                ],
            )
        return
    SearchRow.objects.bulk_create(
        (
            SearchRow(article_id=w.article, edition_id=w.edition, place=w.place, text=w.text)
            for w in documents
        ),
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["edition_id", "place", "text"],
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            INSERT_FTS_ROW_SQL, [(w.place, " ".join(index_terms(w, extract))) for w in documents]
        )


@dataclass(frozen=True)
class AllOf:
    """Every one of these; each is a gram or an expression."""

    of: tuple["TermExpression", ...]


@dataclass(frozen=True)
class OneOf:
    """At least one of these."""

    of: tuple["TermExpression", ...]


@dataclass(frozen=True)
class AndNot:
    """The one and not any of the others."""

    this: "TermExpression"
    none: tuple["TermExpression", ...]


TermExpression = str | AllOf | OneOf | AndNot


def render_expression(expression: TermExpression) -> str:
    """As to_tsquery or FTS5 reads it. Grams hold letters, digits and our own marks alone."""
    signs = ("'", " & ", " | ", " & !") if is_postgres() else ('"', " AND ", " OR ", " NOT ")
    quote, both, either, but = signs

    def spell(part: TermExpression) -> str:
        if isinstance(part, str):
            return f"{quote}{part}{quote}"
        if isinstance(part, AndNot):
            return "(" + but.join(map(spell, (part.this, *part.none))) + ")"
        return "(" + (both if isinstance(part, AllOf) else either).join(map(spell, part.of)) + ")"

    return spell(expression)


# Places of rows that fit, in order. A place plus nothing, so that PostgreSQL looks into the grams' index
# and never walks along the places, opening every row's words.
FIND_POSTGRES = """
SELECT place FROM articles_searchrow
WHERE words @@ %s::tsquery AND place + 0 > %s AND place + 0 < %s ORDER BY place + 0 {} LIMIT %s
"""
FIND_SQLITE = """
SELECT rowid FROM articles_searchwords
WHERE articles_searchwords MATCH %s AND rowid > %s AND rowid < %s ORDER BY rowid {} LIMIT %s
"""


def find_sort_keys(
    expression: TermExpression, *, above: int, below: int, ascending: bool, limit: int
) -> list[int]:
    """The places between these two of rows that fit: the lowest first, or the highest."""
    question = (FIND_POSTGRES if is_postgres() else FIND_SQLITE).format(
        "ASC" if ascending else "DESC"
    )
    with connection.cursor() as cursor:
        cursor.execute(question, [render_expression(expression), above, below, limit])
        return [place for (place,) in cursor.fetchall()]
