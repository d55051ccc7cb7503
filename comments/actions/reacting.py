"""Reactions: likes and dislikes of comments, and their counts. Private, so without audit entries."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts.actions import lock_confirmed_writer, lock_reader
from accounts.models import User
from comments.actions.policy import require_not_closed
from comments.errors import NoSuchComment, OwnComment
from comments.models import Comment, Reaction

Value = Reaction.Value


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
    reaction, is_new = Reaction.objects.get_or_create(
        comment=comment, reader=reader, defaults={"value": value}
    )
    before = "" if is_new else reaction.value
    if before not in {"", value}:
        reaction.value, reaction.reacted_at = value, Now()
        reaction.save(update_fields=["value", "reacted_at"])
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
    rows = Comment.objects.select_for_update(of=("self",), no_key=True)
    comments = rows.of_live_articles().select_related("article", "author")
    comment = comments.filter(pk=comment_id).first()
    if comment is None or not comment.is_visible():
        raise NoSuchComment
    return comment


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
