"""Reactions: likes and dislikes of comments."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment


class Reaction(models.Model):
    """A like or dislike of a comment by a reader; only the counts are public."""

    class Value(models.TextChoices):
        LIKE = "like", _("like")
        DISLIKE = "dislike", _("dislike")

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="reactions", db_index=False)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reactions")
    value = models.CharField(_("reaction"), max_length=7, choices=Value)
    reacted_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("reaction")
        verbose_name_plural = _("reactions")
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "reader"], name="one_reaction_per_comment_and_reader"
            ),
            models.CheckConstraint(
                condition=Q(value__in=["like", "dislike"]), name="a_reaction_likes_or_dislikes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.value}"
