"""Actions on saved articles. Private, so without audit entries."""

from collections import Counter
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.actions import lock_reader
from accounts.models import User
from articles.models import Article, ArticleCounts
from newsroom.errors import NotAllowed
from saves.models import Save

# One statement and one round trip on PostgreSQL; the count of the article, for which all writers contend,
# is its last row.
SAVE_SQL = """
WITH reader AS (
  SELECT id FROM accounts_user WHERE id = %(reader)s AND is_active FOR NO KEY UPDATE
), new AS (
  INSERT INTO saves_save (reader_id, article_id, saved_at)
  SELECT id, %(article)s, %(now)s FROM reader
  ON CONFLICT (reader_id, article_id) DO NOTHING RETURNING article_id
), counted AS (
  UPDATE articles_articlecounts SET saves = saves + 1
  FROM new WHERE articles_articlecounts.article_id = new.article_id
)
SELECT count(*) FROM reader
"""
UNSAVE_SQL = """
WITH gone AS (
  DELETE FROM saves_save WHERE reader_id = %(reader)s AND article_id = %(article)s RETURNING article_id
), counted AS (
  UPDATE articles_articlecounts SET saves = saves - 1
  FROM gone WHERE articles_articlecounts.article_id = gone.article_id
)
SELECT count(*) FROM gone
"""
INSERT_SQL = """
INSERT INTO saves_save (reader_id, article_id, saved_at) VALUES (%(reader)s, %(article)s, %(now)s)
ON CONFLICT (reader_id, article_id) DO NOTHING
"""
DELETE_SQL = "DELETE FROM saves_save WHERE reader_id = %(reader)s AND article_id = %(article)s"


def save_article(article: Article, *, by: User) -> None:
    """Save an article to the reader's list. Idempotent. Raises NotAllowed for a closed account."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    params = {"reader": by.pk, "article": article.pk, "now": now}
    if connection.vendor == "postgresql":
        if not count_of(SAVE_SQL, params):
            raise NotAllowed
        return
    with transaction.atomic():
        lock_reader(by)
        change_save_count(article.pk, changed_rows(INSERT_SQL, params))


def unsave_article(article: Article, *, by: User) -> bool:
    """Remove an article from the reader's list; returns whether it was there."""
    params = {"reader": by.pk, "article": article.pk}
    if connection.vendor == "postgresql":
        return bool(count_of(UNSAVE_SQL, params))
    with transaction.atomic():
        deleted = changed_rows(DELETE_SQL, params)
        change_save_count(article.pk, -deleted)
    return bool(deleted)


def count_of(sql: str, params: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.fetchone()[0])


def changed_rows(sql: str, params: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


@transaction.atomic
def erase_saves(reader: User) -> int:
    """Delete the saves of a reader whose account is closed; returns how many."""
    own = Save.objects.select_for_update().filter(reader=reader)
    saves_by_article = Counter(own.values_list("article", flat=True))
    deleted, _by_model = Save.objects.filter(reader=reader).delete()
    for article_id in sorted(saves_by_article):
        change_save_count(article_id, -saves_by_article[article_id])
    return deleted


def change_save_count(article_id: int, change: int) -> None:
    """Add to the save count of an article. Last in a transaction: all writers contend for this row."""
    if change:
        ArticleCounts.objects.filter(article=article_id).update(saves=F("saves") + change)
