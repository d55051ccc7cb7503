"""Store and delete the bands by which near-duplicates of comments are found."""

from django.db.models import QuerySet
from django.db.models.functions import Now

from comments.models import Comment, SimilarityBand
from comments.near_duplicates import MIN_SHARED_LETTERS, NEAR_WINDOW
from newsroom.db.bulk_insert import bulk_insert
from newsroom.text.simhash import bands_of, letters_of

MAX_DELETED_AT_ONCE = 10_000


def store_bands(comment: Comment) -> None:
    """Store the bands of a comment's text. A short text has none."""
    letters = letters_of(comment.text)
    if len(letters) >= MIN_SHARED_LETTERS:
        bulk_insert(
            SimilarityBand,
            (
                {"comment_id": comment.pk, "article_id": comment.article_id, "band": band}
                for band in bands_of(letters)
            ),
        )


def delete_bands(comments: QuerySet[Comment]) -> None:
    """Delete the bands of comments whose text is erased."""
    SimilarityBand.objects.filter(comment__in=comments).delete()


def delete_old_bands() -> int:
    """Delete the bands that are older than the window in which comments are compared; how many."""
    old = SimilarityBand.objects.filter(posted_at__lte=Now() - NEAR_WINDOW).order_by("posted_at")
    deleted = 0
    while ids := list(old.values_list("pk", flat=True)[:MAX_DELETED_AT_ONCE]):
        deleted += SimilarityBand.objects.filter(pk__in=ids).delete()[0]
    return deleted
