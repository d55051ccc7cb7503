"""List rows: the authors, tags, picks and boxed articles of a live edition, for filters and joins.

`INSERT ... SELECT` from the id lists of the editions, for many articles at once.
"""

from collections.abc import Iterable, Sequence
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
from newsroom.db.expressions import IdArray, sql_integers

Named = Author | Tag | Section | Article
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
# Without a join: one of three tables is planned for full reads of each in a loop, where the statistics
# of PostgreSQL call them empty.
INSERT_ROWS = """
INSERT INTO {rows} (article_id, {column}, position{columns})
SELECT e.article_id, {number}, {position}{values}
FROM articles_edition e CROSS JOIN {items}
WHERE {number} IN ({related}) AND e.id IN ({editions})
"""
COLUMN_OF_ARTICLE = ", (SELECT a.{name} FROM articles_article a WHERE a.id = e.article_id)"
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
        kind.model.objects.filter(article__in_array=IdArray(article_ids)).delete()
    BoxedArticle.objects.filter(article__in_array=IdArray(article_ids)).delete()


def insert_list_rows(editions: Sequence[Edition]) -> dict[int, ListingSlugs]:
    """Insert the rows of articles that have none; {article id: slugs under which it is listed}."""
    slugs = {kind.id_list: insert_rows(kind, editions) for kind in LIST_ROWS}
    insert_boxed_articles(editions)
    sections = slugs_by_id(Section, {edition.section_id for edition in editions})
    authors, tags = slugs["author_ids"], slugs["tag_ids"]
    return {
        edition.article_id: {
            "sections": [sections[edition.section_id]],
            "authors": [authors[pk] for pk in edition.author_ids if pk in authors],
            "tags": [tags[pk] for pk in edition.tag_ids if pk in tags],
        }
        for edition in editions
    }


def insert_rows(kind: ListRow, editions: Sequence[Edition]) -> dict[int, str]:
    """Insert a kind of list row of these editions; {id: slug} of what they name.

    Left out is what was deleted since the edition was frozen.
    """
    named = {pk for edition in editions for pk in getattr(edition, kind.id_list)}
    slugs = slugs_by_id(kind.related, named)
    if not slugs:
        return slugs
    dialect = {
        name: sql.format(id_list=kind.id_list) for name, sql in DIALECTS[connection.vendor].items()
    }
    sql = INSERT_ROWS.format(
        rows=kind.model._meta.db_table,
        column=kind.column,
        columns="".join(f", {name}" for name in kind.repeated_columns),
        values="".join(COLUMN_OF_ARTICLE.format(name=name) for name in kind.repeated_columns),
        related=sql_integers(slugs),
        editions=sql_integers(edition.pk for edition in editions),
        **dialect,
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
    return slugs


def insert_boxed_articles(editions: Sequence[Edition]) -> None:
    """Insert a row for each article in a related box of these editions."""
    own_uids = {edition.article_id: edition.article.uid for edition in editions}
    ids = IdArray(edition.pk for edition in editions)
    bodies = Edition.objects.filter(BODY_HAS_RELATED_BOX, pk__in_array=ids)
    BoxedArticle.objects.bulk_create(
        BoxedArticle(article_id=article_id, related_uid=uid)
        for article_id, html in bodies.values_list("article", "body_html")
        for uid in boxed_ids(html)
        if uid != own_uids[article_id]
    )


def slugs_by_id(model: type[Named], ids: Iterable[int]) -> dict[int, str]:
    rows = model._default_manager.filter(pk__in_array=IdArray(ids)).order_by()
    return dict(rows.values_list("pk", "slug"))
