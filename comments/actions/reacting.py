"""What readers think of others' comments. Private: the audit log does not hear of it."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts.actions import lock_reader, lock_writer
from accounts.models import User
from articles.models import CommentsMode
from comments.errors import CommentsClosed, NoSuchComment, OwnComment
from comments.models import Comment, Reaction

Value = Reaction.Value


@transaction.atomic
def react_to_comment(comment_id: int, *, value: str, by: User) -> Comment:
    """Like or dislike a comment, or think otherwise; the same again changes nothing. The comment then.

    Raises Suspended, NoSuchComment for one that readers do not see, Closed, OwnComment.
    """
    reader = lock_writer(by)
    comment = lock_visible_comment(comment_id)
    if comment.author_id == reader.pk:
        raise OwnComment
    if comment.article.comments_mode == CommentsMode.CLOSED:
        raise CommentsClosed
    mine, is_new = Reaction.objects.get_or_create(
        comment=comment, reader=reader, defaults={"value": value}
    )
    before = "" if is_new else mine.value
    if before not in {"", value}:
        mine.value, mine.reacted_at = value, Now()
        mine.save(update_fields=["value", "reacted_at"])
    return change_reaction_counts(comment, before=before, after=value)


@transaction.atomic
def remove_reaction(comment_id: int, *, by: User) -> Comment:
    """Take one's reaction back, also where comments were closed meanwhile. Without one nothing happens.

    Raises NoSuchComment for a comment that readers do not see.
    """
    reader = lock_reader(by)
    comment = lock_visible_comment(comment_id)
    mine = Reaction.objects.filter(comment=comment, reader=reader).first()
    if mine is None:
        return comment
    mine.delete()
    return change_reaction_counts(comment, before=mine.value, after="")


def change_reaction_counts(comment: Comment, *, before: str, after: str) -> Comment:
    """Change the kept counts of a comment, held by the caller, by one reader's change of mind."""
    if before != after:
        step = {value: (after == value) - (before == value) for value in Value.values}
        Comment.objects.filter(pk=comment.pk).update(
            likes=F("likes") + step[Value.LIKE], dislikes=F("dislikes") + step[Value.DISLIKE]
        )
        comment.refresh_from_db(fields=["likes", "dislikes"])
    return comment


def lock_visible_comment(number: int) -> Comment:
    """A comment that readers see, held so that nobody hides it meanwhile. Raises NoSuchComment."""
    rows = Comment.objects.select_for_update(of=("self",), no_key=True)
    seen = rows.of_live_articles().select_related("article", "author").filter(pk=number).first()
    if seen is None or not seen.is_visible():
        raise NoSuchComment
    return seen


def erase_reactions(reader: User) -> int:
    """Take back what a leaving reader thought of comments, held by the caller. Of how many."""
    mine = Reaction.objects.filter(reader=reader)
    for value, column in ((Value.LIKE, "likes"), (Value.DISLIKE, "dislikes")):
        liked = Comment.objects.filter(pk__in=mine.filter(value=value).values("comment"))
        liked.update(**{column: F(column) - 1})
    gone, _kinds = mine.delete()
    return gone
