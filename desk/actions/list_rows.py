"""List rows: the authors, tags, picks and boxed articles of a live edition, for filters and joins.

`INSERT ... SELECT` from the id lists of the editions, for many articles at once.
"""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

from articles.body_blocks import boxed_ids
from articles.models import (
    BODY_HAS_RELATED_BOX,
    Article,
    BoxedArticle,
    Byline,
    Edition,
    Pick,
    Section,
    Tagging,
)
from articles.models.site import Author, Tag
from newsroom.db.expressions import id_array, sql_integers

# Where an article is listed: slugs of its "sections", "authors" and "tags".
ListingSlugs = dict[str, list[str]]


class ListRow(NamedTuple):
    """A kind of list row: its model and the column of the related id, the related model, the edition's
    list of ids, and the columns of the article that are repeated in the row."""

    model: type[Byline] | type[Tagging] | type[Pick]
    column: str
    related: type[Author] | type[Tag] | type[Article]
    id_list: str
    repeated_columns: tuple[str, ...]


LIST_ROWS = (
    ListRow(Byline, "author_id", Author, "author_ids", ("first_published_at",)),
    ListRow(Tagging, "tag_id", Tag, "tag_ids", ("first_published_at",)),
    ListRow(Pick, "related_id", Article, "related_ids", ()),
)
# Related rows that were deleted since the edition was frozen are left out.
INSERT_ROWS = """
INSERT INTO {rows} (article_id, {column}, position{columns})
SELECT e.article_id, related.id, {position}{values}
FROM articles_edition e JOIN articles_article a ON a.id = e.article_id
CROSS JOIN {items} JOIN {related} related ON related.id = {number}
WHERE e.id IN ({editions})
"""
DIALECTS = {
    "postgresql": {
        "items": "jsonb_array_elements_text(e.{id_list}) WITH ORDINALITY AS item(number, place)",
        "number": "item.number::bigint",
        "position": "item.place - 1",
    },
    "sqlite": {
        "items": "json_each(e.{id_list}) item",
        "number": "item.value",
        "position": "item.key",
    },
}


def delete_list_rows(article_ids: Sequence[int]) -> None:
    if not article_ids:
        return
    for kind in LIST_ROWS:
        kind.model.objects.filter(article__in=id_array(article_ids)).delete()
    BoxedArticle.objects.filter(article__in=id_array(article_ids)).delete()


def insert_list_rows(editions: Sequence[Edition]) -> dict[int, ListingSlugs]:
    """Insert the rows of articles that have none; {article id: slugs under which it is listed}."""
    for kind in LIST_ROWS:
        if any(getattr(edition, kind.id_list) for edition in editions):
            insert_rows(kind, [edition.pk for edition in editions])
    insert_boxed_articles([edition.pk for edition in editions])
    sections = Section.objects.in_bulk({edition.section_id for edition in editions})
    authors = slugs_by_id(Author, {pk for edition in editions for pk in edition.author_ids})
    tags = slugs_by_id(Tag, {pk for edition in editions for pk in edition.tag_ids})
    return {
        edition.article_id: {
            "sections": [sections[edition.section_id].slug],
            "authors": [authors[pk] for pk in edition.author_ids if pk in authors],
            "tags": [tags[pk] for pk in edition.tag_ids if pk in tags],
        }
        for edition in editions
    }


def insert_rows(kind: ListRow, edition_ids: Sequence[int]) -> None:
    dialect = {
        name: sql.format(id_list=kind.id_list) for name, sql in DIALECTS[connection.vendor].items()
    }
    sql = INSERT_ROWS.format(
        rows=kind.model._meta.db_table,
        related=kind.related._meta.db_table,
        column=kind.column,
        columns="".join(f", {name}" for name in kind.repeated_columns),
        values="".join(f", a.{name}" for name in kind.repeated_columns),
        editions=sql_integers(edition_ids),
        **dialect,
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)


def insert_boxed_articles(edition_ids: Sequence[int]) -> None:
    """Insert a row for each article in a related box of these editions."""
    editions = Edition.objects.filter(BODY_HAS_RELATED_BOX, pk__in=id_array(edition_ids))
    BoxedArticle.objects.bulk_create(
        BoxedArticle(article_id=article_id, related_uid=uid)
        for article_id, own, html in editions.values_list("article", "article__uid", "body_html")
        for uid in boxed_ids(html)
        if uid != own
    )


def slugs_by_id(model: type[Author] | type[Tag], ids: set[int]) -> dict[int, str]:
    rows = model.objects.filter(pk__in=id_array(ids)).order_by()
    return dict(rows.values_list("pk", "slug"))
