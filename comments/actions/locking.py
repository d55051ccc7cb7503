"""Row locks of comments and their articles (the order is in comments/actions/__init__.py)."""

from django.db import connection

from articles.models import Article
from comments.models import Comment

SHARE_SQL = "SELECT 1 FROM articles_article WHERE id = %s FOR SHARE"


# How far up the answers of a chain are looked at.
MAX_ANCESTORS = 100
ANCESTORS_SQL = """
WITH RECURSIVE ancestors(id, answered, depth) AS (
  SELECT id, in_reply_to_id, 0 FROM comments_comment WHERE id = %s
  UNION ALL
  SELECT c.id, c.in_reply_to_id, a.depth + 1
  FROM ancestors a JOIN comments_comment c ON c.id = a.answered
  WHERE a.depth < %s
)
SELECT id FROM ancestors
"""


def share_article(article_id: int) -> None:
    """Lock an article so that it is neither published nor withdrawn until the transaction ends.

    `FOR SHARE`: writers of comments do not wait for each other, those who change the article wait for
    them. SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(SHARE_SQL, [article_id])


def lock_article(article_id: int) -> Article:
    """Lock an article against those who share it (`share_article`) and all who change it."""
    return Article.objects.select_for_update(no_key=True).get(pk=article_id)


def lock_with_parent(comment_id: int) -> Comment | None:
    """Lock a comment and, before it, the one that it stands under, whose replies are counted.

    None for a missing comment.
    """
    parents = Comment.objects.filter(pk=comment_id).values_list("parent", flat=True)
    if not (parent := list(parents)):
        return None
    rows = Comment.objects.filter(pk__in=[comment_id, parent[0] or comment_id]).order_by("pk")
    locked = {comment.pk: comment for comment in rows.select_for_update(no_key=True)}
    return locked.get(comment_id)


def lock_with_ancestors(article: Article, comment_id: int) -> dict[int, Comment]:
    """Lock a comment of an article, what it stands under, and up to MAX_ANCESTORS that it answers in turn.

    Empty for a missing comment and for one of another article.
    """
    row = Comment.objects.filter(article=article, pk=comment_id)
    links = row.values_list("parent", "in_reply_to").first()
    if links is None:
        return {}
    parent, answered = links
    ids = {comment_id, parent or comment_id}
    if answered not in {None, parent}:
        with connection.cursor() as cursor:
            cursor.execute(ANCESTORS_SQL, [comment_id, MAX_ANCESTORS])
            ids.update(pk for (pk,) in cursor.fetchall())
    rows = Comment.objects.filter(article=article, pk__in=ids).order_by("pk")
    return {comment.pk: comment for comment in rows.select_for_update(no_key=True)}
