"""List: the authors, tags and picks of an edition as rows beside its article, by which lists are
filtered and joined. Written in the database from the edition's own lists, for many at once."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

from articles.models import Article, Byline, Edition, Pick, Section, Tagging
from articles.models.site import Author, Tag
from newsroom.db.expressions import id_array, sql_integers

# Where a story stands: slugs of its "sections", "authors" and "tags".
ListingSlugs = dict[str, list[str]]


class Listed(NamedTuple):
    """A kind of row beside an article: its table, the column that names a thing, the things' table, the
    edition's list of their numbers, and which columns of the article the row repeats."""

    row: type[Byline] | type[Tagging] | type[Pick]
    column: str
    things: type[Author] | type[Tag] | type[Article]
    numbers: str
    repeated: tuple[str, ...]


ITS_DAY = ("first_published_at",)
KINDS = (
    Listed(Byline, "author_id", Author, "author_ids", ITS_DAY),
    Listed(Tagging, "tag_id", Tag, "tag_ids", ITS_DAY),
    Listed(Pick, "related_id", Article, "related_ids", ()),
)
# A thing that is gone since the edition was frozen is left out.
COPY = """
INSERT INTO {rows} (article_id, {column}, position{columns})
SELECT e.article_id, thing.id, {position}{values}
FROM articles_edition e JOIN articles_article a ON a.id = e.article_id
CROSS JOIN {items} JOIN {things} thing ON thing.id = {number}
WHERE e.id IN ({editions})
"""
DIALECTS = {
    "postgresql": {
        "items": "jsonb_array_elements_text(e.{numbers}) WITH ORDINALITY AS item(number, place)",
        "number": "item.number::bigint",
        "position": "item.place - 1",
    },
    "sqlite": {
        "items": "json_each(e.{numbers}) item",
        "number": "item.value",
        "position": "item.key",
    },
}


def delete_list_rows(article_ids: Sequence[int]) -> None:
    for kind in KINDS:
        kind.row.objects.filter(article__in=id_array(article_ids)).delete()


def insert_list_rows(editions: Sequence[Edition]) -> dict[int, ListingSlugs]:
    """Write the rows of articles that have none, and say where each article stands now."""
    for kind in KINDS:
        if any(getattr(edition, kind.numbers) for edition in editions):
            copy(kind, [edition.pk for edition in editions])
    sections = Section.objects.in_bulk({edition.section_id for edition in editions})
    authors = slugs_of(Author, {pk for edition in editions for pk in edition.author_ids})
    tags = slugs_of(Tag, {pk for edition in editions for pk in edition.tag_ids})
    return {
        edition.article_id: {
            "sections": [sections[edition.section_id].slug],
            "authors": [authors[pk] for pk in edition.author_ids if pk in authors],
            "tags": [tags[pk] for pk in edition.tag_ids if pk in tags],
        }
        for edition in editions
    }


def copy(kind: Listed, edition_ids: Sequence[int]) -> None:
    dialect = {
        name: sql.format(numbers=kind.numbers) for name, sql in DIALECTS[connection.vendor].items()
    }
    tables = {"rows": kind.row._meta.db_table, "things": kind.things._meta.db_table}
    more = {
        "columns": "".join(f", {name}" for name in kind.repeated),
        "values": "".join(f", a.{name}" for name in kind.repeated),
    }
    editions = sql_integers(edition_ids)
    asked = COPY.format(column=kind.column, editions=editions, **tables, **dialect, **more)
    with connection.cursor() as cursor:
        cursor.execute(asked)


def slugs_of(things: type[Author] | type[Tag], numbers: set[int]) -> dict[int, str]:
    return dict(things.objects.filter(pk__in=id_array(numbers)).values_list("pk", "slug"))
