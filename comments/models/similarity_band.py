"""Bands of the SimHash of recent comments, by which near-duplicates are looked up."""

from django.db import models
from django.db.models.functions import Now

from articles.models import Article
from comments.models.comment import Comment


class SimilarityBand(models.Model):
    """One band of a comment's SimHash (newsroom/text/simhash.py), kept for a day. It reveals no text."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="+")
    article = models.ForeignKey(Article, models.CASCADE, related_name="+", db_index=False)
    band = models.PositiveSmallIntegerField()
    posted_at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        indexes = [
            # With the comment, so that a lookup reads no row.
            models.Index(
                fields=["article", "band", "posted_at", "comment"], name="comments_by_band"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.band}"
