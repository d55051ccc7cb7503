"""Bulk loader of comments: the rows alone, with counts of reactions, in one statement.

Without audit entries, events and the count of their article, which the caller sets.
"""

from typing import Any

from django.db import connection
from django.db.models import F

from articles.models import Article, ArticleCounts
from comments.models import Comment

COLUMNS = (
    "article_id, parent_id, in_reply_to_id, author_id, text, state, reason, fingerprint, version, "
    "created_at, likes, dislikes, visible_replies"
)
PLACES = "CASE WHEN n % 997 = 0 THEN '노을빛 등대' WHEN n % 2 = 0 THEN '출근길' ELSE '퇴근길' END"
SELECTED = (
    f"""
SELECT %(article)s, %(parent)s, %(parent)s, %(author)s,
       ({PLACES}) || '에서 읽었습니다. ' || n || '번째 생각입니다.',
       %(state)s, '', '', 1, {{now}}, n * 7 % 13, n * 5 % 11, 0
""".replace("%(", "\0")
    .replace("%", "%%")
    .replace("\0", "%(")
)
FILL_SQL = {
    "postgresql": f"""
INSERT INTO comments_comment ({COLUMNS})
{SELECTED.format(now="now() - interval '90 days'")} FROM generate_series(1, %(comments)s) n
""",
    "sqlite": f"""
INSERT INTO comments_comment ({COLUMNS})
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %(comments)s)
{SELECTED.format(now="datetime('now', '-90 days')")} FROM numbers
""",
}


def load_comments(
    article: Article,
    comments: int,
    *,
    author: Any,
    state: str = "visible",
    parent: Comment | None = None,
) -> None:
    """Insert so many comments of one author under an article, or replies to `parent`, and count them."""
    values = {
        "article": article.pk,
        "parent": parent and parent.pk,
        "author": author.pk,
        "state": state,
        "comments": comments,
    }
    with connection.cursor() as cursor:
        cursor.execute(FILL_SQL[connection.vendor], values)
    if state == Comment.State.VISIBLE:
        counts = ArticleCounts.objects.filter(article=article)
        counts.update(comments=F("comments") + comments)
        if parent:
            answered = Comment.objects.filter(pk=parent.pk)
            answered.update(visible_replies=F("visible_replies") + comments)
