"""Reactions: likes and dislikes of comments, and their counts. Private, so without audit entries."""

from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.models import BigIntegerField, F

from accounts.actions import lock_confirmed_writer, lock_reader
from accounts.models import User
from articles.models import Article
from comments.actions.policy import require_not_closed
from comments.errors import NoSuchComment, OwnComment
from comments.models import Comment, Reaction
from newsroom.db.compiled_queries import CompiledQuery, Param, row_query

Value = Reaction.Value


BEFORE_SQL = """
SELECT value FROM comments_reaction WHERE comment_id = %(comment)s AND reader_id = %(reader)s
"""
STORE_SQL = """
INSERT INTO comments_reaction (comment_id, reader_id, value, reacted_at)
VALUES (%(comment)s, %(reader)s, %(value)s, {now})
ON CONFLICT (comment_id, reader_id) DO UPDATE SET value = excluded.value, reacted_at = excluded.reacted_at
WHERE comments_reaction.value <> excluded.value
"""
NOW_SQL = {
    "postgresql": "statement_timestamp()",
    "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')",
}
# No row where the reaction is the same already. The comment is locked, so that `before` is what is changed.
COUNTING_SQL = """
WITH before AS ({before}), changed AS ({store} RETURNING value)
UPDATE comments_comment SET
  likes = likes + (changed.value = 'like')::int - (SELECT count(*) FROM before WHERE value = 'like'),
  dislikes = dislikes + (changed.value = 'dislike')::int
             - (SELECT count(*) FROM before WHERE value = 'dislike')
FROM changed WHERE comments_comment.id = %(comment)s RETURNING likes, dislikes
"""
STORE_AND_COUNT_SQL = COUNTING_SQL.format(
    before=BEFORE_SQL, store=STORE_SQL.format(now=NOW_SQL["postgresql"])
)


@transaction.atomic
def react_to_comment(comment_id: int, *, value: str, by: User) -> Comment:
    """Like or dislike a comment, or change the reaction. Idempotent. Returns the comment afterwards.

    Raises Suspended, EmailUnconfirmed, NoSuchComment unless the comment is visible, CommentsClosed,
    OwnComment.
    """
    reader = lock_confirmed_writer(by)
    comment = lock_visible_comment(comment_id)
    if comment.author_id == reader.pk:
        raise OwnComment
    require_not_closed(comment.article)
    return store_reaction(comment, value=value, reader=reader)


def store_reaction(comment: Comment, *, value: str, reader: User) -> Comment:
    """Insert or change a reader's reaction to a locked comment, with its counts.

    One statement on PostgreSQL.
    """
    params: dict[str, Any] = {"comment": comment.pk, "reader": reader.pk, "value": value}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(STORE_AND_COUNT_SQL, params)
            if counts := cursor.fetchone():
                comment.likes, comment.dislikes = counts
            return comment
        cursor.execute(BEFORE_SQL, params)
        before = (cursor.fetchone() or ("",))[0]
        cursor.execute(STORE_SQL.format(now=NOW_SQL["sqlite"]), params)
    return change_reaction_counts(comment, before=before, after=value)


@transaction.atomic
def remove_reaction(comment_id: int, *, by: User) -> Comment:
    """Remove one's reaction to a comment, also where comments are closed. Idempotent.

    Returns the comment afterwards.  Raises NoSuchComment unless the comment is visible.
    """
    reader = lock_reader(by)
    comment = lock_visible_comment(comment_id)
    reaction = Reaction.objects.filter(comment=comment, reader=reader).first()
    if reaction is None:
        return comment
    reaction.delete()
    return change_reaction_counts(comment, before=reaction.value, after="")


def change_reaction_counts(comment: Comment, *, before: str, after: str) -> Comment:
    """Update the reaction counts of a locked comment after one reader's change; "" is no reaction."""
    if before != after:
        change = {value: (after == value) - (before == value) for value in Value.values}
        Comment.objects.filter(pk=comment.pk).update(
            likes=F("likes") + change[Value.LIKE], dislikes=F("dislikes") + change[Value.DISLIKE]
        )
        comment.refresh_from_db(fields=["likes", "dislikes"])
    return comment


def lock_visible_comment(comment_id: int) -> Comment:
    """Lock a visible comment of a live article, with its author. Raises NoSuchComment for any other."""
    comment = next(iter(locked_comment_query().fetch(pk=comment_id)), None)
    if comment is None or not comment.is_visible():
        raise NoSuchComment
    [comment.article] = row_query(Article).fetch(pk=comment.article_id)
    if comment.author_id:
        comment.author = next(iter(row_query(User).fetch(pk=comment.author_id)), None)
    return comment


@cache
def locked_comment_query() -> CompiledQuery[Comment]:
    rows = Comment.objects.select_for_update(of=("self",), no_key=True)
    return CompiledQuery(rows.of_live_articles().filter(pk=Param("pk", BigIntegerField())))


def erase_reactions(reader: User) -> int:
    """Delete a reader's reactions and subtract them from the counts; returns how many rows.

    The caller has locked the comments (`erase_comments`).
    """
    own = Reaction.objects.filter(reader=reader)
    for value, column in ((Value.LIKE, "likes"), (Value.DISLIKE, "dislikes")):
        comments = Comment.objects.filter(pk__in=own.filter(value=value).values("comment"))
        comments.update(**{column: F(column) - 1})
    deleted, _by_model = own.delete()
    return deleted
